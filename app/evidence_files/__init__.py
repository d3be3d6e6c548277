"""The files of evidence: kept by their hash, looked at with care."""
