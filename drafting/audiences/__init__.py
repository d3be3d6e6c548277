"""Texts for those who do not read the whole report, each from a template a team can replace."""
