"""What was mended in a submission before it was graded, in words."""

from dataclasses import dataclass, field

#: test cells, and lengths, that are told one by one
SHOWN = 4


@dataclass
class Mended:
    """What was mended: grade ids by kind; lengths of texts that were too long."""

    doubled: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    relabelled: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    long: list[int] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """A sentence for each kind of which there is one."""
        texts = {
            "There was more than one of these cells; one of them counts": self.doubled,
            "These cells had lost their grading metadata; it was put back": (
                self.unmarked
            ),
            "The grading metadata of these cells had been changed; it was put back": (
                self.relabelled
            ),
            "These test cells had been changed; those of the release were used": (
                self.changed
            ),
            "These cells were missing (test cells were put back)": self.missing,
            "The cells of these functions were as they were released; the functions "
            "were taken from other cells": self.elsewhere,
            "These test cells stood before the function that they test": self.moved,
        }
        told = [f"{text}: {_named(ids)}." for text, ids in texts.items() if ids]
        if self.long:
            lengths = ", ".join(f"{length:,}" for length in self.long[:SHOWN])
            more = len(self.long) - SHOWN
            lengths += f" and {more} more" if more > 0 else ""
            told.append(
                f"Cells that are too long were left out, by characters: {lengths}."
            )
        return told


def _named(ids: list[str]) -> str:
    """Functions by name; test cells too, where there are few."""
    functions = sorted(each for each in ids if "-" not in each)
    tests = sorted(each for each in ids if "-" in each)
    if len(tests) > SHOWN:
        tests = [f"{len(tests)} test cells"]
    return ", ".join([*functions, *tests])
