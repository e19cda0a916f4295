"""What forks of one parent share, and what each has of its own."""

import importlib.util
import json

import pytest
from traitlets.config import Config

from grader.nbgrader.kernels.kernel import Kernel
from grader.sandbox import asking, warm
from grader.sandbox.probe import probe
from tests.warmth import LIGHT, kernel_of, manager_of, value

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(probe().problem), reason=f"no sandbox: {probe().problem}"),
]
#: imported by a parent: what it draws is not to be drawn again by two of its forks
DRAWS = """
import random, ssl, tempfile
import numpy
random.random()
numpy.random.rand()
ssl.RAND_bytes(8)
tempfile.mktemp()
try:
    import torch
    torch.rand(1)
except ImportError:
    pass
"""
DRAWN = {
    "random": "random.random()",
    "numpy": "numpy.random.rand()",
    "numpy's new": "numpy.random.default_rng().random()",
    "OpenSSL": "ssl.RAND_bytes(8).hex()",
    "names": "tempfile.mktemp()",
    "tensorflow": "float(tensorflow.random.uniform([]))",
    "tensorflow's global": "int(tensorflow.random.get_global_generator().state[0])",
    "keras": "float(keras.random.uniform((1,))[0])",
    "weights": "float(keras.initializers.GlorotUniform()((1, 1))[0, 0])",
}
WITH_TORCH = {
    "torch": "float(torch.rand(1))",
    "torch's weights": "float(torch.nn.Linear(1, 1).weight[0, 0].detach())",
}


@pytest.fixture(scope="module")
def manager():
    with manager_of("warm") as made:
        yield made


@pytest.fixture
def start(tmp_path, manager):
    """Opens warm kernels of one parent; they end with the test."""
    opened = []

    def opener():
        kernel = Kernel("python3", tmp_path, Config(), manager_class=manager)
        opened.append(kernel)
        return kernel.__enter__()

    yield opener
    for kernel in opened:
        kernel.__exit__()


def test_numbers_that_were_drawn_before_are_not_drawn_again(tmp_path, monkeypatch):
    if why := warm.problem():
        pytest.skip(f"no warm kernels: {why}")
    install = asking.install_course

    def installed(folder):
        install(folder)
        (folder / "course" / "draws.py").write_text(DRAWS)

    monkeypatch.setattr(asking, "install_course", installed)
    torch = importlib.util.find_spec("torch") is not None
    wanted = {**DRAWN, **(WITH_TORCH if torch else {})}
    names = "keras, numpy, random, ssl, tempfile, tensorflow" + ", torch" * torch
    expression = "{" + ", ".join(f"{n!r}: {e}" for n, e in wanted.items()) + "}"
    parent = asking.Parent([*LIGHT, "keras", "draws"])
    drawn = []
    try:
        for _ in range(2):
            with kernel_of(parent, tmp_path) as kernel:
                drawn.append(value(kernel, expression, f"import {names}"))
        assert parent.is_alive()
    finally:
        parent.close()
    assert [name for name in wanted if drawn[0][name] == drawn[1][name]] == []


def test_a_students_module_may_bear_the_name_of_the_parents(start, tmp_path):
    for name in ("birth", "start"):
        (tmp_path / f"{name}.py").write_text("mine = True\n")
    kernel = start()
    assert value(kernel, "[birth.mine, start.mine]", "import birth, start")


@pytest.mark.parametrize(
    ("setup", "expression"),
    [
        ("import random", "[random.random()]"),
        ("import numpy", "numpy.random.rand(2).tolist()"),
        ("import numpy", "numpy.random.default_rng().random(2).tolist()"),
        ("import os", "[os.urandom(8).hex()]"),
        ("import uuid", "[str(uuid.uuid4()), str(uuid.uuid1())]"),
        ("import tempfile", "[tempfile.mktemp()]"),
        ("import secrets", "[secrets.token_hex(8)]"),
    ],
)
def test_what_is_random_differs(start, setup, expression):
    drawn = [json.dumps(value(start(), expression, setup)) for _ in range(2)]
    assert drawn[0] != drawn[1]


def test_a_kernel_knows_nothing_of_the_one_before(start):
    patch = (
        "import builtins, json, os, sys, numpy\n"
        "builtins.left = json.loads = numpy.left = sys.left = 1\n"
        "os.environ['LEFT'] = '1'\nopen('/tmp/left', 'w').close()"
    )
    first = start()
    assert first.run(patch, 30).status == "ok"
    second = start()
    found = value(
        second,
        "[hasattr(builtins, 'left'), hasattr(numpy, 'left'), hasattr(sys, 'left'), "
        "json.loads('2') != 2, 'LEFT' in os.environ, os.path.exists('/tmp/left')]",
        "import builtins, json, numpy, os, sys",
    )
    assert found == [False] * 6


def test_no_open_file_is_shared(start):
    code = (
        "import os\nlinks = {n: os.readlink(f'/proc/self/fd/{n}') "
        "for n in os.listdir('/proc/self/fd') "
        "if os.path.lexists(f'/proc/self/fd/{n}')}"
    )
    own, other = (value(start(), "sorted(links.values())", code) for _ in range(2))
    assert [link for link in own if "pidfd" in link or "/ns/" in link] == []
    # pipes and sockets bear numbers that are the machine's
    numbered = [{link for link in links if "[" in link} for links in (own, other)]
    assert {x for x in numbered[0] & numbered[1] if not x.startswith("anon_inode")} == (
        set()
    )


def test_no_memory_is_shared(start):
    lines = value(start(), "[x for x in maps if x.split()[1][1::2] == 'ws']", MAPS)
    assert lines == []


MAPS = "maps = open('/proc/self/maps').read().splitlines()"


def test_the_first_process_cannot_be_looked_into(start):
    code = """
import os
read = []
for name in ("mem", "maps", "environ", "auxv", "fd", "ns/user", "root", "cwd", "exe"):
    path = "/proc/1/" + name
    try:
        if name in ("root", "cwd", "exe", "ns/user"):
            os.readlink(path)
        elif name == "fd":
            os.listdir(path)
        else:
            open(path, "rb").read(1)
        read.append(name)
    except OSError:
        pass
"""
    assert value(start(), "read", code) == []


def test_only_its_own_processes_are_there(start):
    code = "import os\nfound = sorted(n for n in os.listdir('/proc') if n.isdigit())"
    assert value(start(), "[found, os.getpid()]", code) == [["1", "2"], 2]


def test_it_is_in_a_group_of_its_own(start):
    """A signal to group 0 reaches all of the group, in whatever namespace."""
    groups = value(start(), "[os.getpgrp(), os.getsid(0), os.getpid()]", "import os")
    assert groups == [2, 2, 2]
