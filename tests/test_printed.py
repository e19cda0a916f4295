"""What lessons print is what their text expects, on every processor.

Sums in single precision depend on their order, and so on the processor: their last
digits differ. Printed numbers therefore keep away from the places where a rounded
digit changes.
"""

import functools
import re

import numpy as np
import pytest

from grader.lessons import NAMES
from tests.lessons.printed import Number, printouts
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

#: Units in the last place, of the largest number beside it, that a printed number is
#: at least away from an edge. Other instruction sets move them by one or two.
UNITS = 12


#: Slices, shapes, and numbers that are no part of a name.
_PARTS = re.compile(r"\[.*\]|\(.*?\)|(?<![\w.,-])-?\d[\d,.]*")
_OF_FIT = re.compile(r"Epoch \d|.*/step")


@pytest.fixture(scope="module", params=list(NAMES))
def printed(request):
    return printed_by(request.param)


@functools.cache
def printed_by(lesson):
    return list(printouts(source_of(lesson)))


def test_no_number_is_near_a_rounding_edge(printed):
    near = [
        f"{cell.cell}: {number.value!r} is printed as {number.text}"
        for cell in printed
        for number in cell.numbers
        if number.units_to_edge < UNITS
    ]
    assert near == []


def test_what_is_printed_is_what_the_text_expects(printed):
    wanting = [
        f"{cell.cell}: {part} of {line!r}"
        for cell in printed
        if cell.expected
        for line in _plain(cell.text).splitlines()
        if not _OF_FIT.match(line)
        for part in _PARTS.findall(line)
        if part not in _plain(cell.expected)
    ]
    assert wanting == []


def test_numbers_that_are_printed_rounded_are_seen():
    """Blocks print slices of six numbers, lesson 2 twelve ranges and a rate as well."""
    counts = {
        name[:2]: sum(len(cell.numbers) for cell in printed_by(name))
        for name in ("01_residual_networks", "02_training_resnets")
    }
    assert counts == {"01": 12, "02": 12 + 24 + 1}


@pytest.mark.parametrize("value", [2.6262049675, -0.0481, 0.0])
@pytest.mark.parametrize("digits", [3, 4, 5])
def test_distance_to_an_edge(value, digits):
    number = Number(value, digits, scale=3.0, text="")
    edges = (np.arange(-300_000, 300_000) + 0.5) / 10**digits
    nearest = np.abs(edges - value).min()
    assert number.to_edge == pytest.approx(nearest, abs=1e-12)
    assert number.units_to_edge == pytest.approx(nearest / 2**-22, abs=1e-5)


def _plain(text: str) -> str:
    return text.replace("−", "-").replace("`", "")
