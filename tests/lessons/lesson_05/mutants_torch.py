"""Faults in the PyTorch modules."""

from collections.abc import Iterator

from tests.lessons.lesson_05.edits import SOURCE, Edit, mutants as edited
from tests.lessons.mutant import Mutant

_H, _N = (2, 5.5), (2, 5.5)
_LAYER, _EARLY, _LOST = (2, 10), (2, 5.5), (10, 20)
_HIDDEN, _ALL = (1.5, 5.5), (20, 20)


def _norms() -> Iterator[Edit]:
    for part, width in (("2a", "F1"), ("2b", "F2"), ("2c", "F3"), ("1", "F3")):
        old = f"self.bn{part} = nn.BatchNorm2d({width}, eps=0.001, momentum=0.01)"
        eps = old.replace("eps=0.001, ", "")
        yield Edit(f"bn{part}:eps", old, eps, _H, (f"bn{part}", "eps"))
        plain = old.replace("eps=0.001", "eps=0.01")
        yield Edit(f"bn{part}:eps 0.01", old, plain, _H, (f"bn{part}", "eps"))
        affine = old.replace("momentum=0.01", "momentum=0.01, affine=False")
        yield Edit(f"bn{part}:affine", old, affine, (2, 8), (f"bn{part}",))
        stats = old.replace("momentum=0.01", "track_running_stats=False")
        yield Edit(f"bn{part}:stats", old, stats, (2, 10), (f"bn{part}",))


def _convolutions() -> Iterator[Edit]:
    yield Edit("2b:padding", "padding=1", "padding=0", _ALL, ("size",))
    yield Edit("2b:window", "F2, 3, padding=1", "F2, 5, padding=2", _H, ("kernel_size",))
    yield Edit("2b:1x1", "F2, 3, padding=1", "F2, 1", (2, 8), ("kernel_size",))
    yield Edit("2b:dilated", "padding=1)", "padding=2, dilation=2)", _H,
               ("dilation",))  # fmt: skip
    yield Edit("2b:no bias", "padding=1)", "padding=1, bias=False)", _H,
               ("conv2b", "bias"))  # fmt: skip
    yield Edit("2a:no bias", "F1, 1, stride=stride)", "F1, 1, stride=stride, bias=False)",
               _H, ("conv2a", "bias"))  # fmt: skip
    yield Edit("2c:no bias", "F2, F3, 1)", "F2, F3, 1, bias=False)", _H,
               ("conv2c", "bias"))  # fmt: skip
    yield Edit("1:no bias", "F3, 1, stride=stride)", "F3, 1, stride=stride, bias=False)",
               _H, ("conv1", "bias"))  # fmt: skip
    yield Edit("2a:stride", "F1, 1, stride=stride)", "F1, 1)", _ALL,
               ("size of tensor",))  # fmt: skip
    yield Edit("1:stride", "F3, 1, stride=stride)", "F3, 1)", _ALL,
               ("size of tensor",))  # fmt: skip
    yield Edit("stride on 2b", "F1, 1, stride=stride)\n", "F1, 1)\n        stride_2b = stride\n",
               _ALL, ("size of tensor",))  # fmt: skip
    yield Edit("2b:replicated", "padding=1)", "padding=1, padding_mode='replicate')",
               (2, 10), ("conv2b", "cannot be seen"))  # fmt: skip
    yield Edit("2b:circular", "padding=1)", "padding=1, padding_mode='circular')",
               (2, 14), ("conv2b", "cannot be seen"))  # fmt: skip
    for part in ("2a", "2b", "2c", "1"):
        yield Edit(f"{part}:name", f"self.conv{part}", f"self.c{part}", _N,
                   (f"conv{part}", "name"), -1)  # fmt: skip
        yield Edit(f"{part}:bn name", f"self.bn{part}", f"self.norm{part}", _N,
                   (f"bn{part}", "name"), -1)  # fmt: skip


def _forward() -> Iterator[Edit]:
    end = "torch.relu(x + shortcut)"
    yield Edit("cat", end, "torch.relu(torch.cat([x, shortcut], 1))", _LOST,
               ("torch.cat", "Concatenate"))  # fmt: skip
    yield Edit("no sum", end, "torch.relu(x)", _LOST, ("addition", "shortcut"))
    yield Edit("early relu", end, "torch.relu(x) + shortcut", _EARLY, ("ReLU",))
    yield Edit("relu of both", end, "torch.relu(x) + torch.relu(shortcut)", (2, 10),
               ("ReLU", "Activation"))  # fmt: skip
    yield Edit("relu twice", end, "torch.relu(torch.relu(x) + shortcut)", (2, 10),
               ("Activation",))  # fmt: skip
    yield Edit("no last relu", end, "x + shortcut", _LAYER, ("final ReLU",))
    yield Edit("product", end, "torch.relu(x * shortcut)", _LAYER, ("Multiply",))
    yield Edit("difference", end, "torch.relu(x - shortcut)", _LAYER, ("Subtract",))
    yield Edit("mean", end, "torch.relu((x + shortcut) / 2)", (2, 10), ("Divide",))
    yield Edit("half", end, "torch.relu(x + 0.5 * shortcut)", (2, 14), ("Multiply",))
    yield Edit("alpha", end, "torch.relu(torch.add(x, shortcut, alpha=0.5))", (2, 14),
               ("cannot be seen", "addition"))  # fmt: skip
    yield Edit("x twice", end, "torch.relu(x + x)", (10, 20), ("addition", "shortcut"))
    yield Edit("gelu", end, "nn.functional.gelu(x + shortcut)", (2, 5.5),
               ("activation", "gelu"))  # fmt: skip
    yield Edit("leaky", end, "nn.functional.leaky_relu(x + shortcut)", (2, 8),
               ("LeakyReLU",))  # fmt: skip
    yield Edit("relu6", end, "nn.functional.relu6(x + shortcut)", (2, 8),
               ("final ReLU", "activation"))  # fmt: skip
    yield Edit("dropout", end, "nn.functional.dropout(torch.relu(x + shortcut), 0.2, "
               "self.training)", (1.5, 10), ("output", "training"))  # fmt: skip
    for part in ("2a", "2b"):
        old = f"torch.relu(self.bn{part}(self.conv{part}(x)))"
        yield Edit(f"no relu {part}", old, f"self.bn{part}(self.conv{part}(x))", _LAYER,
                   (f"bn{part}",))  # fmt: skip
        yield Edit(f"no bn {part}", old, f"torch.relu(self.conv{part}(x))", _LAYER,
                   (f"bn{part}",))  # fmt: skip
        yield Edit(f"bn after relu {part}", old,
                   f"self.bn{part}(torch.relu(self.conv{part}(x)))", (2, 10),
                   (f"bn{part}", "ReLU"))  # fmt: skip
        yield Edit(f"sigmoid {part}", old, old.replace("torch.relu", "torch.sigmoid"),
                   _H, ("activation", "ReLU"))  # fmt: skip
    yield Edit("no bn 2c", "self.bn2c(self.conv2c(x))", "self.conv2c(x)", _LAYER,
               ("bn2c",))  # fmt: skip
    yield Edit("no bn 1", "self.bn1(self.conv1(shortcut))", "self.conv1(shortcut)",
               _LAYER, ("bn1",))  # fmt: skip
    yield Edit("relu on the shortcut", "self.bn1(self.conv1(shortcut))",
               "torch.relu(self.bn1(self.conv1(shortcut)))", _LAYER,
               ("Activation",))  # fmt: skip
    yield Edit("no projection", "if self.project:", "if False:", _ALL,
               ("size of tensor",))  # fmt: skip
    yield Edit("in place", "x = torch.relu(self.bn2a(self.conv2a(x)))",
               "x.relu_()\n        x = torch.relu(self.bn2a(self.conv2a(x)))",
               (2, 10), ("Activation", "ReLU"))  # fmt: skip
    yield Edit("one bn for two", "self.bn2c(self.conv2c(x))",
               "self.bn1(self.conv2c(x))", (2, 20), ("bn2c", "bn1"))  # fmt: skip
    yield Edit("nothing returned", f"return {end}", f"x = {end}", _ALL,
               ("returns nothing",))  # fmt: skip
    yield Edit("no super", "super().__init__()\n", "pass\n", _ALL, ("Module.__init__",))
    yield Edit("stride written down", "stride=stride", "stride=2", _HIDDEN,
               ("stride",), -1)  # fmt: skip
    yield Edit("always projects", "if project:", "if True:", (1, 5.5), ("parameters",))
    yield Edit("projects if strided", "self.project = project",
               "self.project = stride > 1", _HIDDEN, ("arguments",))  # fmt: skip
    yield Edit("default stride", "stride=1,", "stride=2,", _HIDDEN, ("arguments",))
    yield Edit("default project", "project=False", "project=True", _HIDDEN,
               ("arguments", "parameters"))  # fmt: skip
    yield Edit("not used", "self.conv2c = nn", "self.more = nn.Conv2d(F3, F3, 7)\n"
               "        self.conv2c = nn", (1, 4), ("more",))  # fmt: skip
    yield Edit("frozen", "self.project = project", "self.project = project\n"
               "        self.frozen = True", (0, 0), ("",))  # fmt: skip


def _network() -> Iterator[Edit]:
    all_of_it, plan, calls = (15, 15), (1, 4.5), (1, 6)
    yield Edit("no padding", "stride=2, padding=3", "stride=2", (1, 4.5), ("padding",))
    yield Edit("padding 2", "padding=3", "padding=2", (1, 4.5), ("padding",))
    yield Edit("conv1 stride", "7, stride=2, padding=3", "7, padding=3", (1, 4.5),
               ("conv1", "stride"))  # fmt: skip
    yield Edit("conv1 3x3", "64, 7, stride=2, padding=3", "64, 3, stride=2, padding=1",
               (1, 6), ("conv1", "padding"))  # fmt: skip
    yield Edit("conv1 bias", "padding=3)", "padding=3, bias=False)", (1, 4.5),
               ("conv1", "bias"))  # fmt: skip
    yield Edit("conv1 name", "self.conv1", "self.stem", (1, 4), ("conv1",), -1)
    yield Edit("bn1 eps", "eps=0.001, ", "", (1, 4.5), ("bn1", "eps"))
    yield Edit("no bn1", "self.bn1(self.conv1(x))", "self.conv1(x)", (1, 6), ("bn1",))
    yield Edit("no relu", "torch.relu(self.bn1(self.conv1(x)))",
               "self.bn1(self.conv1(x))", (1, 6), ("ReLU",))  # fmt: skip
    pool = "nn.functional.max_pool2d(x, 3, stride=2)"
    yield Edit("padded pool", pool, pool.replace("2)", "2, padding=1)"), (1, 4.5),
               ("padding=(1, 1)",))  # fmt: skip
    yield Edit("ceil pool", pool, pool.replace("2)", "2, ceil_mode=True)"), (1, 6),
               ("max pooling", "cannot be seen"), 0)  # fmt: skip
    yield Edit("pool 2", pool, pool.replace("3,", "2,"), (1, 4.5),
               ("max pooling", "kernel_size"))  # fmt: skip
    yield Edit("average pool", pool, pool.replace("max", "avg"), (1, 6),
               ("AvgPool2d", "max pooling"))  # fmt: skip
    yield Edit("no pool", f"x = {pool}", "x = x", (1, 6), ("max pooling",))
    mean = "x.mean(dim=(2, 3))"
    yield Edit("7x7 window", mean, "nn.functional.avg_pool2d(x, 7).flatten(1)",
               (0.5, 4.5), ("AvgPool2d", "global average"))  # fmt: skip
    yield Edit("max for mean", mean, "x.amax(dim=(2, 3))", (1, 6), ("global average",))
    yield Edit("sum for mean", mean, "x.sum(dim=(2, 3))", (1, 6), ("global average",))
    yield Edit("one corner", mean, "x[:, :, 0, 0]", (1, 6), ("global average",))
    soft = "torch.softmax(self.fc(x), dim=1)"
    yield Edit("no softmax", soft, "self.fc(x)", (1, 4.5), ("softmax",))
    yield Edit("dim 0", soft, soft.replace("dim=1", "dim=0"), (1, 4.5), ("axis", "softmax"))
    yield Edit("log softmax", soft, soft.replace("softmax", "log_softmax"), (1, 4.5),
               ("softmax",))  # fmt: skip
    yield Edit("sigmoid", soft, "torch.sigmoid(self.fc(x))", (1, 4.5), ("softmax",))
    yield Edit("softmax twice", soft, f"torch.softmax({soft}, dim=1)", (1, 4.5),
               ("softmax", "Softmax", "Activation"))  # fmt: skip
    yield Edit("fc bias", "nn.Linear(2048, classes)",
               "nn.Linear(2048, classes, bias=False)", (1, 4.5), ("fc", "bias"))  # fmt: skip
    yield Edit("fc units", "nn.Linear(2048, classes)", "nn.Linear(2048, 1000)",
               (0.5, 3), ("out_features", "units"))  # fmt: skip
    yield Edit("fc name", "self.fc", "self.head", (1, 4), ("fc",), -1)
    yield Edit("fc inputs", "nn.Linear(2048,", "nn.Linear(1024,", all_of_it, ("mat",))
    yield Edit("classes", "classes=1000", "classes=6", (0.5, 3), ("default",))
    for stage, filters, count in ((3, 128, 3), (4, 256, 5), (5, 512, 2)):
        wide = 4 * filters
        first = f"[{filters}, {filters}, {wide}], stride=2, project=True)"
        words = (f"stage{stage}.0",)
        yield Edit(f"stage {stage}:stride", first, first.replace("stride=2, ", ""), plan,
                   (*words, "stride"))  # fmt: skip
        yield Edit(f"stage {stage}:project", first, first.replace(", project=True", ""),
                   plan, (*words, "project"))  # fmt: skip
        others = f"Bottleneck({wide}, [{filters}, {filters}, {wide}]) for"
        new = others.replace(f", {filters},", ", 265,")
        yield Edit(f"stage {stage}:265", others, new, plan, ("filters", "out_channels"))
        new = others.replace("])", "], stride=2)")
        yield Edit(f"stage {stage}:strides", others, new, (1, 6), ("stride",))
        new = others.replace("])", "], project=True)")
        yield Edit(f"stage {stage}:projects", others, new, plan, ("project",))
        old = f"range({count})"
        words = (f"stage{stage}", f"stage {stage}")
        yield Edit(f"stage {stage}:less", old, f"range({count - 1})", calls, words)
        yield Edit(f"stage {stage}:more", old, f"range({count + 1})", calls, words)
        listed = f"*[Bottleneck({wide}, [{filters}, {filters}, {wide}]) for _ in {old}]"
        same = f"*[Bottleneck({wide}, [{filters}, {filters}, {wide}])] * {count}"
        yield Edit(f"stage {stage}:one block", listed, same, (1, 6), ("one and the same",))
        yield Edit(f"stage {stage}:name", f"self.stage{stage}", f"self.layer{stage}",
                   (1, 4), words, -1)  # fmt: skip
    yield Edit("stages swapped", "self.stage3(self.stage2(x))",
               "self.stage2(self.stage3(x))", (1, 15), ("stage", "block"))  # fmt: skip
    yield Edit("a stage left out", "self.stage4(self.stage3(self.stage2(x)))",
               "self.stage4(self.stage2(x))", (1, 15), ("stage",))  # fmt: skip


def _pooling() -> Mutant:
    """A convolution that is called pooling, as the blog has it."""
    text = SOURCE.edited(
        "ResNet50Torch", "x = x.mean(dim=(2, 3))", "x = self.pool(x).flatten(1)"
    )
    made = "self.pool = nn.Conv2d(2048, 2048, 7)"
    text = text.replace("self.fc = nn", f"{made}\n        self.fc = nn")
    words = ("parameters", "global average")
    name = "ResNet50Torch:7x7 convolution"
    return Mutant(name, "ResNet50Torch", text, 1, 8, words=words)


def mutants() -> Iterator[Mutant]:
    """All of them."""
    block = [*_norms(), *_convolutions(), *_forward()]
    yield from edited("Bottleneck", block)
    yield from edited("ResNet50Torch", _network())
    yield _pooling()
