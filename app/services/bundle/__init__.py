"""Moving an incident: one file that holds its record, its audio and its evidence."""
