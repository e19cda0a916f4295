"""One text of a solution replaced."""

#: Wherever the text stands.
EVERY = -1


def edit(text: str, old: str, new: str, nth: int | None = None) -> str:
    """Replaces a text.

    Args:
        text: in which.
        old: what is replaced.
        new: by what.
        nth: which occurrence, from 0, or `EVERY`; the only one by default.

    Raises:
        AssertionError: if the text is not there, or not the only one.
    """
    count = text.count(old)
    if nth is None:
        assert count == 1, f"{old!r} is {count} times in it"
    assert count > max(nth or 0, 0), f"{old!r} is {count} times in it"
    if nth == EVERY:
        return text.replace(old, new)
    parts = text.split(old)
    before, after = parts[: (nth or 0) + 1], parts[(nth or 0) + 1 :]
    return old.join(before) + new + old.join(after)
