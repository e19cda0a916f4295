"""Two graphs side by side, as plain data that a report draws."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """What stands in one row of one graph.

    Attributes:
        lines: what is written in it.
        marks: in words, how it differs from what stands beside it; none where it does
            not.
        sources: rows of the same graph that feed it.
        kind: "layer"; "gap" for layers that are left out; "missing" for a layer of the
            other graph that this one lacks.
        rewired: whether it takes its inputs from elsewhere than it should.
    """

    lines: tuple[str, ...]
    marks: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()
    kind: str = "layer"
    rewired: bool = False


@dataclass(frozen=True)
class Picture:
    """The graph of a specification and a captured one, row by row.

    Attributes:
        expected: of each row, what the specification has there; None for nothing.
        captured: the same of the learner's function.
    """

    expected: tuple[Box | None, ...]
    captured: tuple[Box | None, ...]

    @property
    def is_marked(self) -> bool:
        """Whether it shows a difference."""
        return any(box and box.marks for box in (*self.expected, *self.captured))
