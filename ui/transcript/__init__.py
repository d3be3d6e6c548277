"""The transcript: its rows, how they are laid out, selected and painted."""
