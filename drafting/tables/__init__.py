"""The timeline and the actions as CSV, for spreadsheets and trackers."""
