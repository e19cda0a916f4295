"""Marks without work: patched checks, patched libraries, forged captures."""

from tests.attacks.attack import Attack, Scene, cell_of

KIND = "application/vnd.resnet-course.capture+json"

#: finds what the capturing code holds, and displays a capture in its name
FORGE = f"""
import json, sys
KIND = {KIND!r}
def held(name):
    frame = sys._getframe()
    while frame is not None:
        if name in frame.f_locals:
            return frame.f_locals[name]
        frame = frame.f_back
def send(capture):
    from IPython.display import display
    display({{KIND: {{"nonce": held("nonce"), "capture": capture}}}}, raw=True)
def claim():
    calls = [{{"id": call["id"], "status": "captured", "points": 30, "passed": True}}
             for call in json.loads(held("challenge"))["calls"]]
    return {{"function": "identity_block", "status": "captured", "points": 30,
            "passed": True, "calls": calls}}
"""
#: makes plain nbgrader's checks do nothing
NO_CHECKS = """
import grader, grader.practice
grader.practice.Practice.check = lambda *args: None
"""


def _in_function(body: str, setup: str = ""):
    """Runs code in `identity_block`, which is not written."""

    def build(scene: Scene):
        return scene.attacking(scene.filled(body) + "return X\n", setup=setup)

    return build


def _forging(body: str):
    """Runs code in `identity_block` that can send what it wants."""

    def build(scene: Scene):
        return scene.attacking(FORGE + scene.filled(body) + "return X\n")

    return build


def _replayed(function: str, moment: str):
    """Publishes what a right function gave in another submission."""

    def build(scene: Scene):
        replay = f"REPLAY = json.loads({scene.replay(function)!r})\n"
        return scene.attacking(FORGE + replay + moment + "return None\n")

    return build


def _saved_reports(scene: Scene):
    notebook = scene.silent()
    report = "<strong>identity_block-layers</strong> 8 of 8 points"
    for cell in notebook.cells:
        own = cell.metadata.get("nbgrader", {})
        if own.get("grade"):
            output = {"output_type": "execute_result", "execution_count": 1}
            data = {"text/plain": "8", "text/html": report}
            cell.outputs = [{**output, "metadata": {}, "data": data}]
            own.update(score=8, points=1000, auto_score=8, manual_score=8)
            cell.metadata["points"] = 1000
            cell.execution_count = 1
    notebook.metadata["nbgrader"] = {"score": 100, "points": 100}
    return notebook


def _disguised(scene: Scene):
    notebook = scene.attacking("return X\n")
    cell_of(notebook, "identity_block").source += (
        "\nidentity_block.cache_clear = True"
        "\nidentity_block.__wrapped__ = identity_block"
        "\nidentity_block.__signature__ = 'none'"
    )
    return notebook


INSTEAD = """
def instead(*args, **kwargs):
    sys.modules["IPython.display"].display = true
    send(REPLAY)
import IPython.display
true = IPython.display.display
nonce = held("nonce")
IPython.display.display = instead
"""

ENDLESS = (
    """
graph = REPLAY["calls"][0]["graph"]
weights = {"step": 10**9, "trainable": True, "data": "AAAAAA=="}
def layer(kind, config, **shapes):
    variables = {role: {**weights, "shape": shape} for role, shape in shapes.items()}
    return {**graph["operations"][0], "kind": kind, "variables": variables,
            "config": {**graph["operations"][0]["config"], **config}}
def node(number, *inputs):
    return {"operation": number, "inputs": [{"node": i} for i in inputs],
            "shape": [None, 64, 64, 1024], "training": None}
square = {"filters": 1024, "kernel_size": [3, 3], "padding": "same"}
graph["operations"] = [
    layer("ZeroPadding2D", {"padding": 30}),
    layer("Conv2D", square, kernel=[3, 3, 6, 1024], bias=[1024]),
    layer("Conv2D", square, kernel=[3, 3, 1024, 1024], bias=[1024]),
    layer("Add", {}),
]
nodes = [node(0, 0), node(1, 1)] + [node(2, n) for n in range(2, 590)]
graph["nodes"] = [*nodes, node(3, *range(530, 591))]
graph["output"] = len(graph["nodes"])
for call in REPLAY["calls"]:
    call.update(graph=graph, challenge=REPLAY["calls"][0]["initial"])
    call.pop("initial", None)
"""
    + INSTEAD
)


def _as_shown(scene: Scene):
    notebook = scene.solved("identity_block")
    cell = cell_of(notebook, "identity_block")
    head, end, body = cell.source.partition("block):\n")
    cell.source = f"{head}{end}    assert (f, filters[0]) == (2, 2)\n{body}"
    return notebook


ATTACKS = (
    Attack(
        "check_patched",
        "replaces the lesson's check by one that does nothing",
        _in_function("", NO_CHECKS),
        chosen=True,
    ),
    Attack(
        "asserts_removed",
        "deletes every assert and check with an AST transformer",
        _in_function(
            "",
            """
            import ast
            class Remove(ast.NodeTransformer):
                def visit_Assert(self, node):
                    return ast.Pass()
                def visit_Expr(self, node):
                    return ast.copy_location(ast.Pass(), node)
            get_ipython().ast_transformers.append(Remove())
            """,
        ),
        chosen=True,
    ),
    Attack(
        "equal_to_everything",
        "returns an object that equals everything and has every attribute",
        _in_function("""
            class Anything:
                def __eq__(self, other): return True
                def __ne__(self, other): return False
                def __getattr__(self, name): return self
                def __call__(self, *args, **kwargs): return self
                def __iter__(self): return iter(())
                def __len__(self): return 0
                def __float__(self): return 30.0
                def __index__(self): return 30
                __hash__ = object.__hash__
                __class__ = property(lambda self: type(X))
            return Anything()
            """),
    ),
    Attack(
        "displayed_points",
        "has each test cell end in a number, which nbgrader takes for points",
        _in_function(
            "",
            NO_CHECKS
            + """
            grader.practice.Practice.check = lambda *args: 30
            sys = __import__("sys")
            sys.displayhook(10)
            get_ipython().events.register("post_run_cell", lambda r: sys.displayhook(8))
            """.replace("\n            ", "\n"),
        ),
    ),
    Attack(
        "channel_silenced",
        "cuts errors and standard error out of the kernel's messages",
        _in_function(
            "",
            """
            kernel = get_ipython().kernel
            send = kernel.session.send
            def quiet(stream, kind, *args, **kwargs):
                if kind not in ("error", "stream"):
                    return send(stream, kind, *args, **kwargs)
            kernel.session.send = quiet
            get_ipython().showtraceback = lambda *args, **kwargs: None
            get_ipython()._showtraceback = lambda *args, **kwargs: None
            """,
        ),
    ),
    Attack(
        "numpy_patched",
        "makes NumPy find all arrays close and equal",
        _in_function(
            "",
            """
            import numpy as np
            for name in ("allclose", "array_equal", "isclose", "all", "any"):
                setattr(np, name, lambda *args, **kwargs: True)
            np.asarray = np.array = np.abs = lambda *args, **kwargs: np.zeros(1)
            np.testing.assert_allclose = lambda *args, **kwargs: None
            """,
        ),
    ),
    Attack(
        "keras_patched",
        "makes Keras's tensors and layers lie about what they are",
        _in_function(
            "",
            """
            import keras
            keras.KerasTensor.__eq__ = lambda self, other: True
            keras.KerasTensor.shape = property(lambda self: (None, 4, 4, 6))
            keras.layers.Layer.get_config = lambda self: {}
            keras.tree.flatten = lambda *args: []
            keras.Model.__init__ = lambda self, *args, **kwargs: None
            """,
        ),
    ),
    Attack(
        "grader_patched",
        "replaces the capturing code, the judge and the lesson in the package",
        _in_function(
            "",
            """
            import grader, grader.capture, grader.capture.channel
            import grader.capture.run
            full = lambda *args, **kwargs: {"status": "captured", "points": 30}
            for module in (grader.capture, grader.capture.channel,
                           grader.capture.run):
                module.capture = full
            grader.lesson = lambda name: type("L", (), {"check": full})()
            lesson = grader.lesson("x")
            try:
                import grader.judge.network.decide, grader.report
                grader.judge.network.decide.decide = full
                grader.report.Report.passed = True
            except ImportError:
                pass
            """,
        ),
    ),
    Attack(
        "json_patched",
        "adds points to whatever is written as JSON",
        _in_function(
            "",
            """
            import json
            dumps, loads = json.dumps, json.loads
            json.dumps = lambda value, **k: dumps(
                {**value, "points": 30, "passed": True}
                if isinstance(value, dict) else value, **k)
            json.loads = lambda text, **k: {**loads(text), "points": 30}
            """,
        ),
    ),
    Attack(
        "builtins_patched",
        "makes comparisons in builtins come out right",
        _in_function(
            "",
            """
            import builtins
            builtins.any = lambda *args: False
            builtins.all = lambda *args: True
            builtins.abs = lambda *args: 0
            builtins.max = lambda *args, **kwargs: 0
            """,
        ),
    ),
    Attack(
        "modules_patched",
        "puts modules of its own under the package's names",
        _in_function(
            "",
            """
            import sys, types
            class Fake(types.ModuleType):
                __path__ = []
                def __getattr__(self, name):
                    return lambda *args, **kwargs: None
            names = [name for name in sys.modules if name.startswith("grader")]
            for name in [*names, "grader.capture", "grader.capture.channel",
                         "grader.judge", "grader.lessons", "grader.report"]:
                sys.modules[name] = Fake(name)
            """,
        ),
    ),
    Attack(
        "works_as_shown",
        "does its work for the arguments that the lesson shows, and for no others",
        _as_shown,
        deserves=15,
    ),
    Attack(
        "own_kinds",
        "names a class of its own Conv2D and Add, which compute nothing",
        _in_function("""
            import keras
            from keras import layers
            def lie(kind):
                body = {"call": lambda self, x, *a, **k: x,
                        "__module__": kind.__module__,
                        "__qualname__": kind.__qualname__}
                return type(kind.__name__, (keras.layers.Layer,), body)
            for kind in (layers.Conv2D, layers.BatchNormalization, layers.Activation):
                X = lie(kind)(name=None)(X)
            return X
            """),
    ),
    Attack(
        "replayed_capture",
        "sends the capture of another student's right function, and nothing else",
        _replayed("identity_block", INSTEAD),
    ),
    Attack(
        "replayed_first",
        "sends another's capture before its own is sent",
        _replayed("identity_block", "send(REPLAY)\n"),
    ),
    Attack(
        "replayed_and_gone",
        "sends another's capture and ends the kernel at once",
        _replayed(
            "identity_block",
            "send(REPLAY)\nsys.stdout.flush()\nimport os, time\n"
            "time.sleep(0.5)\nos._exit(0)\n",
        ),
        chosen=True,
    ),
    Attack(
        "replayed_by_thread",
        "lets a thread steal the nonce and send another's capture first and last",
        _replayed(
            "identity_block",
            "import threading, time\n"
            "nonce, challenge = held('nonce'), held('challenge')\n"
            "def later(seconds):\n"
            "    time.sleep(seconds)\n"
            "    send(REPLAY)\n"
            "for seconds in (0, 0.01, 0.1, 1):\n"
            "    threading.Thread(target=later, args=(seconds,)).start()\n",
        ),
    ),
    Attack(
        "early_idle",
        "sends a forged capture and an idle status, as if all were done",
        _replayed(
            "identity_block",
            "from IPython import get_ipython\n"
            "import time\n"
            "kernel = get_ipython().kernel\n"
            "send(REPLAY)\n"
            "parent = kernel.get_parent()\n"
            "kernel.session.send(kernel.iopub_socket, 'status',\n"
            "    {'execution_state': 'idle'}, parent=parent)\n"
            "time.sleep(3)\n",
        ),
    ),
    Attack(
        "handwritten_capture",
        "sends a capture that claims its own points",
        _forging("send(claim())\nimport os, time\ntime.sleep(0.5)\nos._exit(0)"),
    ),
    Attack(
        "claim_instead",
        "sends a capture that claims its own points in place of the true one",
        _forging("REPLAY = claim()\n" + INSTEAD),
    ),
    Attack(
        "replayed_with_failures",
        "sends another's capture, and says that all other calls have failed",
        _replayed(
            "identity_block",
            "for call in REPLAY['calls'][1:]:\n"
            "    call.pop('graph')\n"
            "    call['status'] = 'raised'\n" + INSTEAD,
        ),
    ),
    Attack(
        "replayed_as_not_run",
        "sends another's capture, and says that none of its layers could be run",
        _replayed(
            "identity_block",
            "for call in REPLAY['calls']:\n    call['status'] = 'not_run'\n" + INSTEAD,
        ),
    ),
    Attack(
        "replayed_misshapen",
        "sends another's capture with weights of shapes that nothing computes with",
        _replayed(
            "identity_block",
            "for call in REPLAY['calls']:\n"
            "    for operation in call['graph']['operations']:\n"
            "        for variable in operation['variables'].values():\n"
            "            variable['shape'].insert(0, 1)\n" + INSTEAD,
        ),
    ),
    Attack(
        "endless_arithmetic",
        "sends layers that would take days to compute, and tens of gigabytes",
        _replayed("identity_block", ENDLESS),
    ),
    Attack(
        "oversized_capture",
        "sends a capture of a hundred thousand layers and long texts",
        _forging(
            "REPLAY = claim()\n"
            "REPLAY['calls'][0]['graph'] = {'nodes': [{}] * 100000,\n"
            "    'operations': [{'name': 'x' * 100}] * 100000, 'output': 1}\n" + INSTEAD
        ),
    ),
    Attack(
        "nested_capture",
        "sends lists in lists, a hundred thousand deep",
        _forging("""
            from IPython import get_ipython
            deep = "[" * 100000 + "]" * 100000
            session = get_ipython().kernel.session
            pack = session.pack
            def nested(value):
                text = pack(value)
                return text.replace(b'"DEEP"', deep.encode())
            session.pack = nested
            send({"status": "captured", "calls": "DEEP"})
            """),
        # what the reader cannot read may cost the kernel, not the class
    ),
    Attack(
        "nan_capture",
        "sends NaN and infinity where numbers are read",
        _forging("""
            from IPython import get_ipython
            session = get_ipython().kernel.session
            session.pack = lambda value: json.dumps(value, default=str).encode()
            nan = float("nan")
            send({"status": "captured", "calls": [nan, float("inf"), {"graph": nan}],
                  "points": nan})
            import os, time
            time.sleep(0.5)
            os._exit(0)
            """),
    ),
    Attack(
        "double_keys",
        "sends an object with each key twice",
        _forging("""
            from IPython import get_ipython
            session = get_ipython().kernel.session
            pack = session.pack
            session.pack = lambda value: pack(value).replace(
                b'"capture":', b'"capture": {"status": "captured"}, "capture":')
            send(claim())
            """),
    ),
    Attack(
        "broken_messages",
        "sends messages that are no JSON, and lack their parts",
        _forging("""
            from IPython import get_ipython
            kernel = get_ipython().kernel
            session = kernel.session
            pack = session.pack
            for text in (b"{", b"[]", b"null", b"\\xff\\xfe", b'{"data": 5}',
                         b'{"data": {"x": 1}, "execution_state": []}'):
                session.pack = lambda value: text if "msg_id" not in str(
                    value) else pack(value)
                for kind in ("display_data", "status", "error", "stream"):
                    session.send(kernel.iopub_socket, kind, {}, kernel.get_parent())
            session.pack = pack
            kernel.iopub_socket.send_multipart([b"no", b"message"])
            """),
    ),
    Attack(
        "saved_reports",
        "hands in test cells with reports and points already in them",
        _saved_reports,
    ),
    Attack(
        "functions_in_disguise",
        "gives the function attributes that lead unwrapping in circles",
        _disguised,
    ),
)
