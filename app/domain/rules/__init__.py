"""The rules a record is held to before it is final: pure functions, and the table of them."""
