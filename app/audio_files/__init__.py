"""The recording format on disk: writer, reader, recovery, verification."""
