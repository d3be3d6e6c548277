"""The recording of a session at a glance."""
