"""Choosing what a document says, for whom, and where it goes."""
