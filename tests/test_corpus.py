"""The corpus of captures: written once, judged again without TensorFlow."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.corpus import writing
from tests.corpus.changes import changes
from tests.corpus.judging import judge
from tests.corpus.store import Store
from tests.corpus.versions import all_versions

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
#: A function that is captured in each way.
WAYS = {
    "network": ("01_residual_networks", "identity_block"),
    "training": ("02_training_resnets", "compile_and_fit"),
    "tensors": ("03_resnet_from_tensors", "conv2d"),
    "values": ("04_resnet_family", "count_params"),
    "answers": ("05_almost_a_resnet", "diagnose"),
    "modules": ("05_almost_a_resnet", "Bottleneck"),
}
SEEDS = ["corpus 0"]


@pytest.fixture(scope="module")
def everything():
    return list(all_versions())


@pytest.fixture(scope="module")
def versions(everything):
    """Of each way the solution and one mutant."""
    found = {}
    for lesson, function in WAYS.values():
        for version in everything:
            if version.lesson == lesson and function in version.functions:
                one = replace(version, functions=(function,))
                found.setdefault((function, version.kind), one)
    return [v for (_, kind), v in found.items() if kind in ("solution", "mutant")]


@pytest.fixture(scope="module")
def written(versions, tmp_path_factory):
    """A corpus that was written in two runs, and what the second one captured."""
    folder = tmp_path_factory.mktemp("corpus")
    assert writing.write(folder, versions[:5], SEEDS, 1, say=lambda line: None)
    with (folder / "entries.jsonl").open("a") as file:
        file.write('{"key": ["01_resid')
    captured = []

    def noted(folder, version, seeds):
        captured.append(version)
        return entries_of(folder, version, seeds)

    entries_of = writing.entries_of
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "entries_of", noted)
        assert writing.write(folder, versions, SEEDS, 1, say=lambda line: None)
    return folder, captured


@pytest.fixture
def corpus(written, tmp_path):
    """A copy that a test may change."""
    store = Store(tmp_path)
    store.set_made(Store(written[0]).made())
    store.add(Store(written[0]).entries())
    (tmp_path / "texts").symlink_to(written[0] / "texts")
    return store


def judged(store, only=""):
    """What judging a corpus returns, and what it says."""
    lines = []
    status = judge(store.folder, only, 1, lines.append)
    return status, "\n".join(lines)


def rewritten(store, change):
    """Puts other reports into a corpus, as of another judge.

    Args:
        store: the corpus.
        change: from a report to what stands in its place.
    """
    entries = list(store.entries())
    (store.folder / "entries.jsonl").unlink()
    for entry in entries:
        reports = json.loads(store.get(entry.reports))
        reports = {check: change(report) for check, report in reports.items()}
        store.add([replace(entry, reports=store.put(json.dumps(reports)))])


def test_ids_are_unique(everything):
    ids = [
        (v.lesson, v.kind, v.name, function)
        for v in everything
        for function in v.functions
    ]
    assert len(set(ids)) == len(ids)
    assert {kind for _, kind, _, _ in ids} == {
        "solution",
        "release",
        "equivalent",
        "shown",
        "student",
        "mutant",
    }


def test_a_run_that_was_stopped_goes_on(written, versions):
    folder, captured = written
    assert captured == versions[5:]
    ids = [entry.id for entry in Store(folder).entries()]
    assert len(ids) == len(set(ids))
    assert len(ids) == sum(
        not writing.get_lesson(v.lesson).lacking(v.functions[0]) for v in versions
    )


def test_a_version_that_cannot_be_run_is_named(versions, tmp_path):
    torn = replace(versions[0], name="torn", sources={"identity_block": "def"})
    lines = []
    several = [torn, versions[0]]
    assert not writing.write(tmp_path, several, SEEDS, 1, say=lines.append)
    assert any("torn: SyntaxError" in line for line in lines)
    assert len(list(Store(tmp_path).entries())) == 1
    assert not Store(tmp_path).made()["complete"]


def test_nothing_differs_for_the_same_judge(corpus):
    status, said = judged(corpus)
    assert status == 0
    assert "->" not in said
    assert "out of date" not in said
    assert "marks" not in said


def test_judging_needs_no_tensorflow(written):
    code = (
        "import sys; from tests.corpus.__main__ import main;"
        f"status = main(['judge', '--jobs', '1', '--folder', {str(written[0])!r}]);"
        "print(status, *{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True
    )
    status, *modules = done.stdout.decode().splitlines()[-1].split()
    assert status == "0"
    heavy = {"tensorflow", "keras", "torch", "IPython", "nbformat", "nbgrader"}
    assert heavy & set(modules) == set()
    assert "numpy" in modules


def test_other_marks_are_an_error(corpus):
    rewritten(corpus, lambda report: {**report, "points": 0.5})
    status, said = judged(corpus)
    assert status == 1
    assert "conv2d-values: '0.5 of 6' -> '6 of 6'" in said


def test_other_sentences_are_told_and_grouped(corpus):
    def older(report):
        return {**report, "title": "older " + report["title"]}

    rewritten(corpus, older)
    status, said = judged(corpus)
    assert status == 0
    count = len(list(corpus.entries()))
    assert f"sentences: {count} entries, 1 different changes" in said
    assert f"{count} x 'older' -> ''" in said


def test_judges_those_that_are_named(corpus):
    rewritten(corpus, lambda report: {**report, "points": 0.5})
    assert "conv2d" not in judged(corpus, "count_params")[1]
    assert judged(corpus, "no such function")[0] == 1


def test_a_corpus_of_other_sources_stays(corpus, versions):
    corpus.set_made({**corpus.made(), "the capture half": "another"})
    assert "the capture half changed since" in judged(corpus)[1]
    before = list(corpus.entries())
    with pytest.raises(writing.OtherSourcesError):
        writing.write(corpus.folder, versions, SEEDS, 1)
    assert list(corpus.entries()) == before


def test_says_that_challenges_are_drawn_otherwise(corpus):
    entries = [
        replace(entry, key=entry.key._replace(seed="another"))
        for entry in corpus.entries()
    ]
    (corpus.folder / "entries.jsonl").unlink()
    corpus.add(entries)
    status, said = judged(corpus)
    assert status == 0
    assert "challenges are drawn otherwise today" in said


def test_drops_texts_that_no_entry_names(tmp_path):
    store = Store(tmp_path)
    name = store.put("a text")
    assert store.get(name) == "a text"
    store.keep(())
    assert not list(tmp_path.glob("texts/*/*"))


FINDING = {
    "check": "f-layers",
    "price": 3,
    "layer": "conv1",
    "sentence": "The convolution has 64 filters.",
    "message": "conv1: filters is 32, the specification asks for 64.",
    "look": "Look at stage 1.",
}
REPORT = {
    "check": "f-layers",
    "title": "layers",
    "points": 5,
    "max_points": 8,
    "findings": [FINDING],
    "notes": [],
    "explained_by": "",
}


def changed(**parts):
    new = {**REPORT, "findings": [{**FINDING, **parts}]}
    return [
        (c.what, c.old, c.new) for c in changes({"f-layers": REPORT}, {"f-layers": new})
    ]


def test_a_price_is_no_sentence():
    assert changed(price=4) == [("prices", "3", "4")]
    assert changed(price=3.0) == []


def test_of_a_sentence_the_words_that_changed():
    assert changed(message="conv1: filters is 32, the specification has 64.") == [
        ("sentences", "asks for", "has")
    ]


def test_findings_that_are_gone_or_new():
    none = {**REPORT, "findings": []}
    (gone,) = changes({"f-layers": REPORT}, {"f-layers": none})
    (come,) = changes({"f-layers": none}, {"f-layers": REPORT})
    assert (gone.old, gone.new) == (FINDING["message"], "")
    assert (come.old, come.new) == ("", FINDING["message"])


def test_a_check_that_is_gone_is_a_mark():
    assert [c.what for c in changes({"f-layers": REPORT}, {})] == ["marks"]
