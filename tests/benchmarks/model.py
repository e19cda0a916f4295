"""From measured costs to what larger classes take: arithmetic, nothing else."""

from dataclasses import dataclass

CORES = 16
MACHINES = (1, 4, 16)
SUBMISSIONS = 10_000


@dataclass(frozen=True)
class Costs:
    """What was measured, in seconds.

    Attributes:
        submission: of one core, for a submission.
        start: until workers have imported what kernels need.
        writer: of the one process that writes results, for a submission.
    """

    submission: float
    start: float
    writer: float


@dataclass(frozen=True)
class Forecast:
    """What a class takes on some machines.

    Attributes:
        seconds: from start to end.
        limit: what is busy all the time, "workers" or "writer".
    """

    machines: int
    seconds: float
    limit: str


def forecast(costs: Costs, machines: int, submissions: int = SUBMISSIONS) -> Forecast:
    """The time of the slower of two stages that work side by side."""
    workers = costs.submission / (machines * CORES)
    limit = "writer" if costs.writer > workers else "workers"
    seconds = costs.start + submissions * max(workers, costs.writer)
    return Forecast(machines, seconds, limit)


def most_cores(costs: Costs) -> int:
    """How many cores one writer keeps up with."""
    return int(costs.submission / costs.writer)


def slope(points: dict[int, float]) -> float:
    """Seconds that a further submission takes, between the smallest N and the largest.

    Args:
        points: seconds by number of submissions, at least two.
    """
    low, high = min(points), max(points)
    return (points[high] - points[low]) / (high - low)
