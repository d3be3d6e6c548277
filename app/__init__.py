"""Hotwash: from a recorded bridge call to a postmortem in which every line leads back to audio."""
