"""The longest files first: two workers then end at about the same time."""

from pathlib import Path

#: seconds that a file takes, about, where they are many
SECONDS = {
    "attacks/test_attacks.py": 400,
    "test_demo.py": 300,
    "test_mutants.py": 120,
    "test_lessons_mutants.py": 100,
    "test_equivalents.py": 100,
    "test_lessons_run.py": 100,
    "test_sandbox_limits.py": 80,
    "test_sandbox_user.py": 80,
    "test_nbgrader_course.py": 80,
}


def pytest_collection_modifyitems(items):
    """Sorts files by their seconds; a file's tests stay together and in order."""
    here = Path(__file__).parent
    items.sort(key=lambda item: -SECONDS.get(str(item.path.relative_to(here)), 0))
