"""Turns stored audio into words and voices, each engine in a process of its own."""
