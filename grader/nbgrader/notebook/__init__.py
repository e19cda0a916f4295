"""What is read of a lesson's notebook: as released, its questions, its slice."""
