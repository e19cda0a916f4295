"""Faults in the PyTorch network."""

from collections.abc import Iterator

from tests.lessons.almost_a_resnet.edits import SOURCE, Edit, shifted
from tests.lessons.almost_a_resnet.edits import mutants as edited
from tests.lessons.mutant import Mutant


def _network() -> Iterator[Edit]:
    all_of_it, plan, calls = (15, 15), (1, 4.5), (1, 6)
    yield Edit("no padding", "stride=2, padding=3", "stride=2", (1, 4.5), ("padding",))
    yield Edit("padding 2", "padding=3", "padding=2", (1, 4.5), ("padding",))
    yield Edit("conv1 stride", "7, stride=2, padding=3", "7, padding=3", (1, 4.5), ("conv1", "stride"))
    yield Edit("conv1 3x3", "64, 7, stride=2, padding=3", "64, 3, stride=2, padding=1", (1, 6), ("conv1", "padding"))
    yield Edit("conv1 bias", "padding=3)", "padding=3, bias=False)", (1, 4.5), ("conv1", "bias"))
    yield Edit("conv1 name", "self.conv1", "self.stem", (1, 4), ("conv1",), -1)
    yield Edit("bn1 eps", "eps=0.001, ", "", (1, 4.5), ("bn1", "eps"))
    yield Edit("bn1 channels", "nn.BatchNorm2d(64,", "nn.BatchNorm2d(32,", all_of_it, ("bn1: num_features is 32",))
    yield Edit("no bn1", "self.bn1(self.conv1(x))", "self.conv1(x)", (1, 6), ("bn1",))
    yield Edit("no relu", "torch.relu(self.bn1(self.conv1(x)))", "self.bn1(self.conv1(x))", (1, 6), ("ReLU",))
    pool = "nn.functional.max_pool2d(x, 3, stride=2)"
    yield Edit("padded pool", pool, pool.replace("2)", "2, padding=1)"), (1, 4.5), ("padding=(1, 1)",))
    yield Edit(
        "ceil pool", pool, pool.replace("2)", "2, ceil_mode=True)"), (1, 6), ("max pooling", "cannot be seen"), 0
    )
    yield Edit("pool 2", pool, pool.replace("3,", "2,"), (1, 4.5), ("max pooling", "kernel_size"))
    yield Edit("average pool", pool, pool.replace("max", "avg"), (1, 6), ("AvgPool2d", "max pooling"))
    yield Edit("no pool", f"x = {pool}", "x = x", (1, 6), ("max pooling",))
    mean = "x.mean(dim=(2, 3))"
    yield Edit(
        "7x7 window", mean, "nn.functional.avg_pool2d(x, 7).flatten(1)", (0.5, 4.5), ("avg_pool2d", "global average")
    )
    yield Edit("max for mean", mean, "x.amax(dim=(2, 3))", (1, 6), ("global average",))
    yield Edit("sum for mean", mean, "x.sum(dim=(2, 3))", (1, 6), ("global average",))
    yield Edit("sum by 49", mean, "x.sum(dim=(2, 3)) / 49", (0.5, 4.5), ("global average",))
    yield Edit("mean of rows", mean, "x.mean(dim=2)[:, :, 0]", (1, 6), ("mean over axis 2",))
    yield Edit("mean of channels and rows", mean, "x.mean(dim=(1, 2))", all_of_it, ("mean over axis (1, 2)",))
    wide = "x.mean(dim=(1, 2)).repeat(1, 683)[:, :2048]"
    yield Edit("mean of rows, repeated", mean, wide, (1, 4.5), ("mean over axis (1, 2)",))
    yield Edit("one corner", mean, "x[:, :, 0, 0]", (1, 6), ("global average",))
    soft = "torch.softmax(self.fc(x), dim=1)"
    yield Edit("no softmax", soft, "self.fc(x)", (1, 4.5), ("softmax",))
    yield Edit("dim 0", soft, soft.replace("dim=1", "dim=0"), (1, 4.5), ("axis", "softmax"))
    yield Edit("log softmax", soft, soft.replace("softmax", "log_softmax"), (1, 4.5), ("softmax",))
    yield Edit("exp", soft, "self.fc(x).exp()", (1, 4.5), ("exp",))
    yield Edit("sigmoid", soft, "torch.sigmoid(self.fc(x))", (1, 4.5), ("softmax",))
    yield Edit("normalized", soft, soft.replace("torch.softmax", "nn.functional.normalize"), (1, 2), ("softmax",))
    yield Edit("softmax twice", soft, f"torch.softmax({soft}, dim=1)", (1, 4.5), ("softmax", "Softmax", "Activation"))
    yield Edit("fc bias", "nn.Linear(2048, classes)", "nn.Linear(2048, classes, bias=False)", (1, 4.5), ("fc", "bias"))
    yield Edit("fc units", "nn.Linear(2048, classes)", "nn.Linear(2048, 1000)", (0.5, 3), ("out_features", "units"))
    yield Edit("fc name", "self.fc", "self.head", (1, 4), ("fc",), -1)
    yield Edit("fc inputs", "nn.Linear(2048,", "nn.Linear(1024,", all_of_it, ("fc: in_features is 1024",))
    yield Edit("classes", "classes=1000", "classes=6", (0.5, 3), ("default",))
    for stage, filters, count in ((3, 128, 3), (4, 256, 5), (5, 512, 2)):
        wide = 4 * filters
        first = f"[{filters}, {filters}, {wide}], stride=2, project=True)"
        words = (f"stage{stage}.0",)
        yield Edit(f"stage {stage}:stride", first, first.replace("stride=2, ", ""), plan, (*words, "stride"))
        yield Edit(f"stage {stage}:project", first, first.replace(", project=True", ""), plan, (*words, "project"))
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
        yield Edit(f"stage {stage}:name", f"self.stage{stage}", f"self.layer{stage}", (1, 4), words, -1)
    yield Edit(
        "stages swapped", "self.stage3(self.stage2(x))", "self.stage2(self.stage3(x))", (1, 15), ("stage", "block")
    )
    yield Edit(
        "a stage left out",
        "self.stage4(self.stage3(self.stage2(x)))",
        "self.stage4(self.stage2(x))",
        (1, 15),
        ("stage",),
    )


def _pooling() -> Mutant:
    """A convolution that is called pooling, as the blog has it."""
    text = SOURCE.edited("ResNet50Torch", "x = x.mean(dim=(2, 3))", "x = self.pool(x).flatten(1)")
    made = "self.pool = nn.Conv2d(2048, 2048, 7)"
    text = text.replace("self.fc = nn", f"{made}\n        self.fc = nn")
    words = ("parameters", "global average")
    name = "ResNet50Torch:7x7 convolution"
    return Mutant(name, "ResNet50Torch", text, 1, 8, words=words)


def mutants() -> Iterator[Mutant]:
    """All of them."""
    yield from edited("ResNet50Torch", _network())
    for more, fewer in ((("3", "4"), ("5", "4")), (("5", "6"), ("3", "2")), (("2", "3"), ("3", "2"))):
        yield shifted("ResNet50Torch", "for _ in range({})", more, fewer)
    yield _pooling()
