"""Wrong and right versions of the lessons' functions, a folder a lesson.

Of each lesson `mutants.py` holds `MUTANTS`, each with what it may cost;
`equivalents.py` right versions, `CASES`; `demo.py` what the sample class's students are
to lose. The tests `tests/test_lesson_*.py` run over all that is here.

`python -m tests.lessons` judges all mutants, not only a sample.
"""
