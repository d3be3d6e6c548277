"""Lets a person hear what is behind a line."""
