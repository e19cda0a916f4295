"""Lesson 1's solution, as text, as trees and run."""

import ast
import functools

from tests.lessons.source import source_of

SOURCE = source_of("01_residual_networks")
LESSON = SOURCE.lesson
FUNCTIONS = LESSON.functions
#: See `Source`.
judge, namespace, solution = SOURCE.judge, SOURCE.namespace, SOURCE.solution


@functools.cache
def tree(function: str) -> ast.FunctionDef:
    """Parses a graded function; its docstring is left out."""
    (definition,) = ast.parse(solution(function)).body
    assert isinstance(definition, ast.FunctionDef)
    return definition
