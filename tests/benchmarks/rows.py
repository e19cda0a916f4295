"""What was measured, kept until it is measured again."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

KEPT = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Row:
    """A part of the benchmark.

    Attributes:
        part: what was measured, such as "plain".
        submissions: how many at a time; 0 where it is not about submissions.
        date: of the measurement.
        seconds: of each round, or of each thing that was measured.
        processor: seconds of the process that was started, each round.
        memory: most mebibytes of a process, by its role.
        note: why there are no figures, or what they are of.
    """

    part: str
    submissions: int
    date: str
    seconds: tuple[float, ...] = ()
    processor: tuple[float, ...] = ()
    memory: tuple[tuple[str, float], ...] = ()
    note: str = ""

    @property
    def each(self) -> float:
        """Seconds of a submission, over all rounds."""
        return sum(self.seconds) / len(self.seconds) / max(1, self.submissions)


def load(path: Path = KEPT) -> list[Row]:
    """The rows of earlier runs."""
    if not path.exists():
        return []
    return [
        Row(
            **entry
            | {key: tuple(entry[key]) for key in ("seconds", "processor")}
            | {"memory": tuple((role, size) for role, size in entry["memory"])}
        )
        for entry in json.loads(path.read_text())
    ]


def merged(earlier: list[Row], rows: list[Row]) -> list[Row]:
    """New rows in the places of those that they measure again; small classes first."""
    found = {(row.part, row.submissions): row for row in (*earlier, *rows)}
    parts = list(dict.fromkeys(part for part, _ in found))
    return [
        found[key] for key in sorted(found, key=lambda k: (parts.index(k[0]), k[1]))
    ]


def save(rows: list[Row], path: Path = KEPT) -> None:
    """Keeps rows for the next run."""
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
