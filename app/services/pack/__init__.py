"""The evidence pack: what a report rests on, in one file that anybody can check."""
