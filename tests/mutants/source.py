"""The graded functions as the solution's notebook has them."""

import ast
import functools
import linecache
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = ROOT / "solutions/01_residual_networks/residual_networks.ipynb"
RELEASE = ROOT / "assignments/01_residual_networks/residual_networks.ipynb"
FUNCTIONS = ("identity_block", "convolutional_block", "ResNet50")

#: What the notebook's first cell brings, and what else learners import.
IMPORTS = """
import functools

import keras
import numpy as np
import tensorflow as tf
from keras import activations, initializers, layers, ops, regularizers
from keras.layers import *
from keras.models import Model, Sequential

from grader.capture.initializer import glorot_uniform
"""


@functools.cache
def cells(notebook: Path) -> dict[str, str]:
    """Returns the sources of a notebook's graded functions, by name."""
    found = {}
    for cell in nbformat.read(notebook, as_version=4).cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in FUNCTIONS:
            found[grade_id] = cell.source
    return found


def solution(function: str) -> str:
    """Returns a graded function's source, without comments."""
    return ast.unparse(tree(function))


@functools.cache
def tree(function: str) -> ast.FunctionDef:
    """Parses a graded function; its docstring is left out."""
    (definition,) = [
        node
        for node in ast.parse(cells(SOLUTION)[function]).body
        if isinstance(node, ast.FunctionDef)
    ]
    if ast.get_docstring(definition) is not None:
        del definition.body[0]
    return definition


@functools.cache
def _imported() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(IMPORTS, names)
    return names


def namespace(**sources: str) -> dict[str, Any]:
    """Runs the graded functions as a kernel would.

    Args:
        sources: of functions that differ from the solution.
    """
    names = dict(_imported())
    for function in FUNCTIONS:
        run(sources.get(function, solution(function)), names, f"<cell {function}>")
    return names


def run(source: str, names: dict[str, Any], filename: str = "<cell>") -> None:
    """Runs a cell, so that a traceback can show its lines."""
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    exec(compile(source, filename, "exec"), names)


def names_after(source: str) -> dict[str, Any]:
    """Runs a source after the solution's cells; a network comes after its blocks."""
    names = namespace()
    run(source, names, "<case>")
    if not defines(source, "ResNet50"):
        run(solution("ResNet50"), names, "<cell ResNet50>")
    return names


def defines(source: str, name: str) -> bool:
    """Whether a source defines a name at its top: function, class or assignment."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return True
        targets = node.targets if isinstance(node, ast.Assign) else []
        if name in {ast.unparse(target) for target in targets}:
            return True
    return False
