"""Faults in the PyTorch block."""

from collections.abc import Iterator

from tests.lessons.almost_a_resnet.edits import Edit
from tests.lessons.almost_a_resnet.edits import mutants as edited
from tests.lessons.mutant import Mutant

_H, _N = (2, 5.5), (2, 5.5)
_LAYER, _EARLY, _LOST = (2, 10), (2, 5.5), (10, 20)
_HIDDEN, _ALL = (1.5, 5.5), (20, 20)


_FIRST_LINES = """self.conv2a = nn.Conv2d(in_channels, F1, 1, stride=stride)
        self.bn2a = nn.BatchNorm2d(F1, eps=0.001, momentum=0.01)
        self.conv2b = nn.Conv2d(F1, F2, 3, padding=1)"""


def _norms() -> Iterator[Edit]:
    for part, width in (("2a", "F1"), ("2b", "F2"), ("2c", "F3"), ("1", "F3")):
        old = f"self.bn{part} = nn.BatchNorm2d({width}, eps=0.001, momentum=0.01)"
        eps = old.replace("eps=0.001, ", "")
        yield Edit(f"bn{part}:eps", old, eps, _H, (f"bn{part}", "eps"))
        plain = old.replace("eps=0.001", "eps=0.01")
        yield Edit(f"bn{part}:eps 0.01", old, plain, _H, (f"bn{part}", "eps"))
        affine = old.replace("momentum=0.01", "momentum=0.01, affine=False")
        yield Edit(f"bn{part}:affine", old, affine, (2, 8), (f"bn{part}",))
        other = "F1" if width != "F1" else "F3"
        channels = old.replace(width, other)
        yield Edit(f"bn{part}:channels", old, channels, _ALL, (f"bn{part}: num_features",))
        stats = old.replace("momentum=0.01", "track_running_stats=False")
        yield Edit(f"bn{part}:stats", old, stats, (2, 10), (f"bn{part}",))


def _convolutions() -> Iterator[Edit]:
    yield Edit("2b:padding", "padding=1", "padding=0", _ALL, ("conv2b: padding",))
    yield Edit("2b:window", "F2, 3, padding=1", "F2, 5, padding=2", _H, ("kernel_size",))
    yield Edit("2b:1x1", "F2, 3, padding=1", "F2, 1", (2, 8), ("kernel_size",))
    yield Edit("2b:dilated", "padding=1)", "padding=2, dilation=2)", _H, ("dilation",))
    yield Edit("2b:no bias", "padding=1)", "padding=1, bias=False)", _H, ("conv2b", "bias"))
    yield Edit("2a:no bias", "F1, 1, stride=stride)", "F1, 1, stride=stride, bias=False)", _H, ("conv2a", "bias"))
    yield Edit("2c:no bias", "F2, F3, 1)", "F2, F3, 1, bias=False)", _H, ("conv2c", "bias"))
    yield Edit("1:no bias", "F3, 1, stride=stride)", "F3, 1, stride=stride, bias=False)", _H, ("conv1", "bias"))
    yield Edit("2a:stride", "F1, 1, stride=stride)", "F1, 1)", _H, ("conv2a: stride",))
    yield Edit("1:stride", "F3, 1, stride=stride)", "F3, 1)", _H, ("conv1: stride",))
    yield Edit(
        "stride on 2b",
        _FIRST_LINES,
        _FIRST_LINES.replace(", stride=stride", "").replace("g=1)", "g=1, stride=stride)"),
        (4, 4),
        ("swapped",),
    )
    yield Edit(
        "2b:replicated", "padding=1)", "padding=1, padding_mode='replicate')", (2, 10), ("conv2b", "cannot be seen")
    )
    yield Edit(
        "2b:circular", "padding=1)", "padding=1, padding_mode='circular')", (2, 14), ("conv2b", "cannot be seen")
    )
    for part in ("2a", "2b", "2c", "1"):
        yield Edit(f"{part}:name", f"self.conv{part}", f"self.c{part}", _N, (f"conv{part}", "name"), -1)
        yield Edit(f"{part}:bn name", f"self.bn{part}", f"self.norm{part}", _N, (f"bn{part}", "name"), -1)


def _forward() -> Iterator[Edit]:
    end = "torch.relu(x + shortcut)"
    yield Edit("cat", end, "torch.relu(torch.cat([x, shortcut], 1))", _LOST, ("torch.cat", "Concatenate"))
    yield Edit("no sum", end, "torch.relu(x)", _LOST, ("addition", "shortcut"))
    yield Edit("early relu", end, "torch.relu(x) + shortcut", _EARLY, ("ReLU",))
    yield Edit("relu of both", end, "torch.relu(x) + torch.relu(shortcut)", (2, 10), ("ReLU", "Activation"))
    yield Edit("relu twice", end, "torch.relu(torch.relu(x) + shortcut)", (2, 10), ("Activation",))
    yield Edit("no last relu", end, "x + shortcut", _LAYER, ("final ReLU",))
    yield Edit("product", end, "torch.relu(x * shortcut)", _LAYER, ("Multiply",))
    yield Edit("difference", end, "torch.relu(x - shortcut)", _LAYER, ("Subtract",))
    yield Edit("mean", end, "torch.relu((x + shortcut) / 2)", (2, 10), ("Average",))
    yield Edit("mean of a stack", end, "torch.relu(torch.stack([x, shortcut]).mean(0))", (2, 10), ("Average",))
    yield Edit("half", end, "torch.relu(x + 0.5 * shortcut)", (2, 14), ("multiplication with 0.5",))
    yield Edit("alpha", end, "torch.relu(torch.add(x, shortcut, alpha=0.5))", (2, 14), ("multiplication with 0.5",))
    yield Edit("lerp", end, "torch.relu(torch.lerp(x, shortcut, 0.5))", (2, 14), ("lerp",))
    yield Edit("x twice", end, "torch.relu(x + x)", (10, 10), ("addition",))
    yield Edit("gelu", end, "nn.functional.gelu(x + shortcut)", (2, 5.5), ("activation", "gelu"))
    yield Edit("leaky", end, "nn.functional.leaky_relu(x + shortcut)", (2, 8), ("leaky_relu",))
    yield Edit("relu6", end, "nn.functional.relu6(x + shortcut)", (2, 8), ("cut off at 6",))
    yield Edit("clamped", end, "(x + shortcut).clamp(min=0, max=6)", (2, 8), ("cut off at 6",))
    yield Edit("threshold", end, "nn.functional.threshold(x + shortcut, 0.1, 0)", (2, 8), ("0.1",))
    yield Edit("where", end, "torch.where(x + shortcut > 0.1, x + shortcut, 0.0)", (2, 8), ("> 0.1",))
    yield Edit(
        "dropout",
        end,
        "nn.functional.dropout(torch.relu(x + shortcut), 0.2, self.training)",
        (1.5, 10),
        ("output", "training"),
    )
    for part in ("2a", "2b"):
        old = f"torch.relu(self.bn{part}(self.conv{part}(x)))"
        yield Edit(f"no relu {part}", old, f"self.bn{part}(self.conv{part}(x))", _LAYER, (f"bn{part}",))
        yield Edit(f"no bn {part}", old, f"torch.relu(self.conv{part}(x))", _LAYER, (f"bn{part}",))
        yield Edit(
            f"bn after relu {part}",
            old,
            f"self.bn{part}(torch.relu(self.conv{part}(x)))",
            (2, 10),
            (f"bn{part}", "ReLU"),
        )
        yield Edit(f"sigmoid {part}", old, old.replace("torch.relu", "torch.sigmoid"), _H, ("activation", "ReLU"))
    yield Edit("no bn 2c", "self.bn2c(self.conv2c(x))", "self.conv2c(x)", _LAYER, ("bn2c",))
    yield Edit("no bn 1", "self.bn1(self.conv1(shortcut))", "self.conv1(shortcut)", _LAYER, ("bn1",))
    yield Edit(
        "relu on the shortcut",
        "self.bn1(self.conv1(shortcut))",
        "torch.relu(self.bn1(self.conv1(shortcut)))",
        _LAYER,
        ("Activation",),
    )
    yield Edit("no projection", "if self.project:", "if False:", (6, 6), ("conv1 is missing",))
    yield Edit(
        "in place",
        "x = torch.relu(self.bn2a(self.conv2a(x)))",
        "x.relu_()\n        x = torch.relu(self.bn2a(self.conv2a(x)))",
        (2, 10),
        ("Activation", "ReLU"),
    )
    yield Edit("one bn for two", "self.bn2c(self.conv2c(x))", "self.bn1(self.conv2c(x))", (2, 20), ("bn2c", "bn1"))
    yield Edit("nothing returned", f"return {end}", f"x = {end}", _ALL, ("returns nothing",))
    yield Edit("no super", "super().__init__()\n", "pass\n", _ALL, ("super().__init__()",))
    yield Edit("stride written down", "stride=stride", "stride=2", _HIDDEN, ("stride",), -1)
    yield Edit("always projects", "if project:", "if True:", (1, 5.5), ("parameters",))
    yield Edit("projects if strided", "self.project = project", "self.project = stride > 1", _HIDDEN, ("arguments",))
    yield Edit("default stride", "stride=1,", "stride=2,", _HIDDEN, ("arguments",))
    yield Edit("default project", "project=False", "project=True", _HIDDEN, ("arguments", "parameters"))
    yield Edit(
        "not used", "self.conv2c = nn", "self.more = nn.Conv2d(F3, F3, 7)\n        self.conv2c = nn", (1, 4), ("more",)
    )
    yield Edit(
        "frozen", "self.project = project", "self.project = project\n        self.requires_grad_(False)", (0, 0), ("",)
    )
    yield Edit(
        "a frozen layer",
        "if project:",
        "self.conv2c.requires_grad_(False)\n        if project:",
        (1.5, 5.5),
        ("requires_grad",),
    )
    yield Edit(
        "projects by shape", "self.project = project", "self.project = in_channels != F3", _HIDDEN, ("arguments",)
    )


def mutants() -> Iterator[Mutant]:
    """All of them."""
    yield from edited("Bottleneck", [*_norms(), *_convolutions(), *_forward()])
