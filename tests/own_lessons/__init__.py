"""Lessons of one's own, made in the way that `solutions/README.md` describes.

Each folder holds what an instructor writes: the table, and the notebook with solutions.
"""
