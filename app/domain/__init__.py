"""What the program is about: the record of an incident. Knows no Qt, no database, no engine."""
