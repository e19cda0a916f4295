"""Why a call of a learner's function failed: exceptions in words, with the cure."""
