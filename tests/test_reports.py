"""Reports read like sentences, in text and in HTML, and hold nothing live."""

import html.parser
import json
import re

import pytest

from grader.lessons import get_lesson
from grader.report import CheckFailed, Finding, Report
from tests.lessons.residual_networks.solution import (
    FUNCTIONS,
    LESSON,
    judge,
    namespace,
    solution,
)

pytestmark = pytest.mark.slow

NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)>\x1b[31m\u202e&amp;"


def finding(**changes):
    values = {
        "check": "identity_block-layers",
        "price": 4,
        "layer": "res1a_branch2b",
        "sentence": "The second convolution has padding 'same'.",
        "message": "res1a_branch2b: padding is 'valid', it should be 'same'.",
        "look": "Look at the second component of the main path.",
    }
    return Finding(**{**values, **changes})


def report(*findings, points=4, notes=()):
    title = "layers, their names and arguments"
    return Report("identity_block-layers", title, points, 8, findings, tuple(notes))


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []
        self.attributes = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        self.text += data


def parsed(source):
    tags = Tags()
    tags.feed(source)
    tags.close()
    return tags


def test_text_tells_points_finding_and_place():
    text = report(finding(), notes=["A note."]).to_text()
    flat = " ".join(text.split())
    assert "4 of 8 points" in flat
    assert "padding is 'valid'" in flat
    assert "second component of the main path" in flat
    assert "note: A note." in flat
    assert max(map(len, text.splitlines()[1:])) <= 79


def test_html_tells_the_same():
    text = parsed(report(finding(), notes=["A note."]).to_html()).text
    for part in ("4 of 8 points", "padding is 'valid'", "A note."):
        assert part in text


@pytest.mark.parametrize("field", ["layer", "message", "sentence", "look"])
def test_html_is_escaped(field):
    plain = parsed(report(finding()).to_html())
    nasty = parsed(report(finding(**{field: NASTY})).to_html())
    assert nasty.seen == plain.seen
    assert nasty.attributes == plain.attributes


def test_code_in_the_specification_is_shown_as_code():
    told = report(finding(sentence="`Conv2D` with `F2` filters <b>"))
    for shown in (">Conv2D</code> with <code ", ">F2</code> filters &lt;b&gt;"):
        assert shown in told.to_html()
    assert "asked: Conv2D with F2 filters <b>" in told.to_text()


def test_notes_are_escaped():
    tags = parsed(report(notes=[NASTY]).to_html())
    assert not {"script", "img"} & set(tags.seen)


def test_html_has_inline_styles_only():
    tags = parsed(report(finding(), finding(price=0)).to_html())
    assert not {"script", "link", "style", "iframe", "form"} & set(tags.seen)
    assert set(tags.attributes) <= {"class", "style", "scope", "colspan", "data-head"}


def test_passed_means_no_point_is_lost():
    assert report(points=8).passed
    assert not report(finding(), points=7.5).passed


def test_report_is_plain_data():
    assert json.loads(json.dumps(report(finding()).to_dict()))["points"] == 4


def test_failed_check_shows_the_reports_text():
    failed = CheckFailed(report(finding()))
    assert str(failed) == failed.report.to_text()
    assert failed._render_traceback_() == failed.report.to_text().splitlines()


def mutated(function, old, new):
    source = solution(function)
    assert old in source
    return judge(function, source.replace(old, new, 1))


def test_design_s_own_example():
    outcome = mutated("identity_block", "padding='same'", "padding='valid'")
    assert "different shapes" in outcome.first
    block = mutated("convolutional_block", "padding='same'", "padding='valid'")
    message = block.findings[0].message
    assert "res1a_branch2b" in message
    assert "'valid'" in message
    assert "'same'" in message
    assert "second component" in block.findings[0].look


def test_old_text_is_explained():
    outcome = mutated("ResNet50", "[512, 512, 2048]", "[256, 256, 2048]")
    assert "23,600,006" in outcome.first


def test_hidden_arguments_stay_hidden():
    """A finding that shows under other arguments only never tells them."""
    for function, old, new in (
        ("identity_block", "'res' + str(stage)", "'res1'"),
        ("identity_block", "(f, f)", "(2, 2)"),
        ("convolutional_block", "strides=(s, s)", "strides=(2, 2)"),
        ("ResNet50", "Dense(classes", "Dense(6"),
    ):
        challenge = LESSON.challenge(function, "test")
        outcome = mutated(function, old, new)
        assert outcome.lost
        hidden = {str(call["arguments"]) for call in challenge["calls"][1:]}
        names = {
            f"{base}{call['arguments'].get('stage')}{call['arguments'].get('block')}_"
            for base in ("res", "bn")
            for call in challenge["calls"][1:]
        }
        for report_ in outcome.reports.values():
            text = report_.to_text()
            assert not [word for word in hidden | names if word in text]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_learners_text_is_cut_and_cleaned(function):
    """An exception's message may hold anything, of any length."""
    source = f"def {function}(*args, **kwargs):\n    raise ValueError({NASTY * 500!r})"
    outcome = judge(function, source)
    for report_ in outcome.reports.values():
        text = report_.to_text()
        assert len(text) < 3000
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
        assert not {"script", "img"} & set(parsed(report_.to_html()).seen)


def test_layer_names_of_a_learner_are_cut_and_escaped():
    source = solution("identity_block").replace(
        "name=conv_name_base + '2b'", "name='<b>' + 'n' * 900", 1
    )
    outcome = judge("identity_block", namespace(identity_block=source), "names")
    for report_ in outcome.reports.values():
        assert len(report_.to_text()) < 3000
        assert "b" not in parsed(report_.to_html()).seen


def test_lessons_can_be_keys():
    lesson = get_lesson("01_residual_networks")
    assert {lesson: 1}[get_lesson("01_residual_networks")] == 1
