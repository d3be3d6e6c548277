"""From the record to documents; what is not in the record is not in them."""
