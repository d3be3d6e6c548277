"""The timeline that is being built."""
