"""What students named or wrote, as it may be shown in a terminal."""


def printable(text: str) -> str:
    """Replaces what a terminal would obey: escape codes, bells, cursor moves.

    Line ends stay.
    """
    return "".join(
        c if c == "\n" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text
    )
