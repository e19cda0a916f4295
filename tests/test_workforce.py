"""When workers are started, and what they wait for."""

import contextlib

import pytest

from grader.cli import _crew
from grader.cli._crew import Workforce
from grader.nbgrader.grading.crew import in_this_process


@pytest.fixture
def events(monkeypatch):
    found = []
    monkeypatch.setattr(_crew, "start_importing", lambda: found.append("importing"))
    return found


@contextlib.contextmanager
def lending(events):
    events.append("lent")
    yield "address"
    events.append("given back")


@pytest.mark.parametrize(("workers", "tasks"), [(1, 100), (None, 3), (None, 0), (4, 1)])
def test_little_work_is_done_here_and_starts_nothing(events, workers, tasks):
    with Workforce(workers, None, lending(events)) as workforce:
        workforce.expect(tasks)
        assert workforce.crew(tasks) is in_this_process
    assert events == []


def test_what_workers_wait_for_is_started_once_and_ends_with_the_block(events):
    with Workforce(2, None, lending(events)) as workforce:
        workforce.expect(8)
        workforce.expect(8)
        assert events == ["importing", "lent"]
    assert events == ["importing", "lent", "given back"]


def test_workers_elsewhere_have_parents_of_their_own(events):
    with Workforce(None, "tcp://127.0.0.1:8786", lending(events)) as workforce:
        workforce.expect(8)
    assert events == []
