"""Wrong and right versions of lesson 2's functions."""
