"""Voices that are remembered across incidents."""
