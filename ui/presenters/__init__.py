"""Each connects one part of the window with the use cases behind it."""
