"""The gradebook read at one go, written by one process, and the records beside it."""
