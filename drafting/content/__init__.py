"""What a document consists of, before it is Markdown, DOCX or HTML."""
