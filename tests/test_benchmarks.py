"""The arithmetic of the benchmark's page."""

import pytest

from tests.benchmarks.model import Costs, forecast, most_cores, slope
from tests.benchmarks.page import costs, page, ratio
from tests.benchmarks.rows import Row, load, merged, save

_DAY = "2026-01-01"


@pytest.mark.parametrize(
    ("machines", "seconds", "limit"),
    [(1, 10 + 10_000 * 2 / 16, "workers"), (16, 10 + 10_000 * 0.04, "writer")],
)
def test_the_slower_stage_sets_the_pace(machines, seconds, limit):
    found = forecast(Costs(2.0, 10.0, 0.04), machines)
    assert found.seconds == pytest.approx(seconds)
    assert found.limit == limit


def test_writer_keeps_up_with_as_many_cores_as_cost_what_it_does():
    assert most_cores(Costs(2.0, 10.0, 0.04)) == 50
    assert slope({10: 3.0, 100: 12.0, 1000: 102.0}) == pytest.approx(0.1)


def test_ratio_is_of_rounds_that_were_side_by_side():
    slow, quick = (
        Row("plain", 2, _DAY, (8.0, 30.0, 9.0)),
        Row("one", 2, _DAY, (4, 10, 3)),
    )
    assert ratio(slow, quick) == 3.0


def test_rows_that_are_not_measured_again_stay(tmp_path):
    first = [
        Row("plain", 2, _DAY, (8.0,), (1.0,), (("kernel", 5.0),)),
        Row("one", 2, _DAY),
    ]
    save(first, tmp_path / "rows.json")
    again = Row("one", 2, "2026-02-02", (1.0,))
    assert merged(load(tmp_path / "rows.json"), [again]) == [first[0], again]


def test_costs_are_those_of_further_submissions():
    rows = [
        Row("all", 20, _DAY, (25.0,), (4.0,)),
        Row("growth", 10, _DAY, (10.0,), (2.2,)),
        Row("growth", 110, _DAY, (60.0,), (4.2,)),
    ]
    found = costs(rows, 2)
    assert found is not None
    assert found.submission == pytest.approx(2.0)
    assert (found.start, found.writer) == pytest.approx((5.0, 0.02))
    assert "keeps up with 100 cores: beyond" in page(rows, "2 cores")
    assert "one writer" not in page(rows[:1], "none")
