"""Wrong and right versions of lesson 5's functions."""
