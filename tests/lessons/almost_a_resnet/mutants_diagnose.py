"""Wrong diagnoses: faults that are not told, or not there."""

from collections.abc import Iterator

from grader.lessons.almost_a_resnet import ANSWER_KEY
from tests.lessons.almost_a_resnet.truth import RIGHT, TRUTH
from tests.lessons.mutant import Mutant

_INVENTED = (
    ("stem", "padding"),
    ("pooling", "kernel size"),
    ("4a", "filters"),
    ("dense", "activation"),
    ("convolutional_block.shortcut", "missing ReLU"),
    ("identity_block.second", "padding"),
    ("3b", "filters"),
    ("5a", "stride"),
    ("identity_block.first", "no bias"),
    ("2a", "stride"),
)


def _mutant(name: str, answer: object, price: tuple[float, float], *words: str):
    source = f"def diagnose():\n    return {answer!r}\n"
    return Mutant(f"diagnose:{name}", "diagnose", source, *price, words=words)


def mutants() -> Iterator[Mutant]:
    """Answers with one thing missing, wrong or too many; and hopeless ones."""
    for number, (place, fault, price) in enumerate(TRUTH):
        pair = (place, fault)
        rest = [own for own in RIGHT if own != pair]
        yield _mutant(f"without {pair}", rest, (price, price), "not named")
        other = "no bias" if number % 2 else "kernel size"
        wrong = [(pair[0], other) if own == pair else own for own in RIGHT]
        yield _mutant(f"{pair[0]} is {other}", wrong, (price, price), "something is wrong there")
    for pair in _INVENTED:
        told = [*RIGHT, pair]
        yield _mutant(f"with {pair}", told, (2, 2), "there is no such fault")
    yield _mutant("4a for 4b", [("4a" if place == "4b" else place, fault) for place, fault in RIGHT], (1, 1), "nearby")
    yield _mutant(
        "at the end", [(p.replace("identity_block.third", "identity_block.end"), f) for p, f in RIGHT], (3, 3), "nearby"
    )
    for place in ("stem", "identity_block.first"):
        told = [*RIGHT[:-1], (place, "unnamed"), ("3a", "unnamed")]
        yield _mutant(f"unnamed at {place}", told, (3, 3), "nearby")
    yield _mutant("blocks only", list(RIGHT[:4]), (8, 8), "not named")
    yield _mutant("network only", list(RIGHT[4:]), (12, 12), "not named")
    yield _mutant("empty", [], (20, 20), "empty")
    yield _mutant("nothing", None, (20, 20), "returns nothing")
    yield _mutant("a word", "concatenates", (20, 20), "returns str")
    yield _mutant("a number", 10, (20, 20), "returns int")
    yield _mutant("all wrong", list(_INVENTED), (20, 20), "No fault is named correctly")
    misspelt = [(p, f.replace("concatenates", "concat")) for p, f in RIGHT]
    yield _mutant("misspelt", misspelt, (6, 6), "not named")
    flat = [word for pair in RIGHT for word in pair]
    yield _mutant("flat list", flat, (20, 20), "is not a pair")
    swapped = [(fault, place) for place, fault in RIGHT]
    yield _mutant("swapped", swapped, (20, 20), "is not a place")
    places = [place for area in ANSWER_KEY.areas for place in area.places]
    everything = [(place, fault) for place in places for fault in ANSWER_KEY.faults]
    yield _mutant("everything", everything, (20, 20), "no such fault")
