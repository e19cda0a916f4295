"""Brings photographs of hands into the layout of this course.

download ─┐
a folder ─┴─ picture ─ photos (parted by people) ─ pair, in its place
"""
