"""A class graded: one submission after the other, by this process or by workers."""
