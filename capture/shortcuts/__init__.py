"""Keys that work while another program has the focus: one way per system."""
