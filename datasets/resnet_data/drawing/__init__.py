"""Draws hands that show 0 to 5: `rendered.py` and `studio.py` say how, step by step."""
