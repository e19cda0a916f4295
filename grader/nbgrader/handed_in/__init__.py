"""What students handed in: which file is the notebook, and what can be read of it."""
