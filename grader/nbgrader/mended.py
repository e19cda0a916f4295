"""What was mended in a submission before it was graded, in words."""

from dataclasses import dataclass, field

#: of each kind
SHOWN = 4


@dataclass
class Mended:
    """What was mended: grade ids by kind; lengths of texts that were too long."""

    doubled: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)
    relabelled: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    long: list[int] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """A sentence for each kind of which there is one."""
        texts = {
            "There was more than one of these cells; the last one counts": self.doubled,
            "These cells had lost their grading metadata; it was put back": (
                self.unmarked
            ),
            "The grading metadata of these cells had been changed; it was put back": (
                self.relabelled
            ),
            "These test cells had been changed; those of the release were used": (
                self.changed
            ),
            "These cells were missing": self.missing,
            "These test cells stood before the function that they test": self.moved,
        }
        told = [f"{text}: {_some(sorted(ids))}." for text, ids in texts.items() if ids]
        if self.long:
            lengths = _some([f"{length:,} characters" for length in self.long])
            told.append(f"Cells that were too long were left out: {lengths}.")
        return told


def _some(words: list[str]) -> str:
    """A list of words that stays short."""
    more = len(words) - SHOWN
    return ", ".join(words[:SHOWN]) + (f" and {more} more" if more > 0 else "")
