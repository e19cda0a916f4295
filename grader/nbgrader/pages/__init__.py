"""Feedback pages of a class, and the texts on them."""
