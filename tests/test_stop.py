"""Ctrl-C while a class is graded."""

import signal

import pytest

from grader.cli._stop import Stop


def test_the_first_is_told_and_a_second_interrupts():
    before, told = signal.getsignal(signal.SIGINT), []
    with Stop(lambda: told.append("finishing")) as stop:
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        assert told == ["finishing"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
