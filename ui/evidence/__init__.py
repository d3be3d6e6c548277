"""What proves the record, to be looked at: links, files, and pictures of each."""
