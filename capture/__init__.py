"""From the sound device to the disk; nothing else. Runs in the recorder process."""
