"""Draws hands that show 0 to 5: `rendered.py` says how, step by step."""
