"""What each version of each solution gives, kept so that it can be judged again.

`python -m tests.corpus write` captures the solutions, equivalents, mutants, versions
that work only as shown and sample students of all lessons, judges them, and keeps
captures and reports in `build/corpus`. A run that was stopped goes on where it was.

`python -m tests.corpus judge` judges the captures again, with NumPy and without
TensorFlow, and prints what differs in marks, prices or sentences; it returns 1 if
marks do.

`python -m tests.corpus sample` takes a few captures from `build/corpus` into the sample
beside this file, with the marks of today: `make test` judges them again, also in a
fresh clone. It is to be renewed when marks or what is captured change on purpose.
"""
