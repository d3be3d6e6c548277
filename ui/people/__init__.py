"""Who speaks: the voices of an incident, beside its transcript."""
