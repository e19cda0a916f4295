"""Wrong and right versions of the lessons' functions, a folder a lesson.

`lesson_02/mutants.py` holds `MUTANTS`, `lesson_02/equivalents.py` `CASES`,
`lesson_02/demo.py` what the sample class's students are to lose. The tests beside this
folder run over all that is here; the first lesson has its own, larger collections in
`tests/mutants` and `tests/equivalents`.

`python -m tests.lessons` judges all mutants of all lessons, not only a sample.
"""
