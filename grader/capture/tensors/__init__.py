"""Captures functions that work on tensors and take their variables from a store."""

from grader.capture.tensors.calls import capture_calls

__all__ = ["capture_calls"]
