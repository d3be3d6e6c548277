"""From audio on disk to words and voices; each library in a child process of its own."""
