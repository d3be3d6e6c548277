"""The database. Rows never leave this package."""
