"""A document as DOCX, for those who go on writing in it."""
