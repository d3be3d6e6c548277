"""Small parts of the window; they ask and show, and do nothing themselves."""
