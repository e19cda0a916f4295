"""Lesson 5's functions in other words: each is right, and loses nothing."""

from tests.lessons.almost_a_resnet.edits import SOURCE
from tests.lessons.almost_a_resnet.truth import RIGHT
from tests.lessons.own_blocks import nested, renamed


def _diagnose(text: str) -> str:
    return f"def diagnose():\n    return {text}\n"


def _edited(function: str, *pairs: tuple[str, str]) -> str:
    text = SOURCE.solution(function)
    for old, new in pairs:
        assert old in text, (function, old)
        text = text.replace(old, new)
    return text


_ADD = "X = Add()([X, X_shortcut])"
_SUM = "torch.relu(x + shortcut)"
_MEAN = "x.mean(dim=(2, 3))"
_POOL = "nn.functional.max_pool2d(x, 3, stride=2)"
_SOFTMAX = "torch.softmax(self.fc(x), dim=1)"
_RETURN = "return torch.relu(x + shortcut)"
_SUPER = "super().__init__()"


def _returns(*lines: str) -> tuple[str, str]:
    return _RETURN, "\n        ".join(lines)


_LOOPED = """
class ResNet50Torch(nn.Module):
    def __init__(self, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3)
        self.bn1 = nn.BatchNorm2d(64, eps=1e-3, momentum=0.01)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2)
        channels = 64
        for stage, count in zip((2, 3, 4, 5), (3, 4, 6, 3)):
            width = 64 * 2 ** (stage - 2)
            blocks = []
            for number in range(count):
                stride = 2 if number == 0 and stage > 2 else 1
                blocks.append(Bottleneck(
                    channels, [width, width, 4 * width], stride, number == 0))
                channels = 4 * width
            setattr(self, f"stage{stage}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(channels, classes)
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        for stage in (self.stage2, self.stage3, self.stage4, self.stage5):
            x = stage(x)
        x = torch.flatten(self.avgpool(x), 1)
        return self.softmax(self.fc(x))
"""

_HELPED = """
def norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)

class Bottleneck(nn.Module):
    def __init__(self, in_channels, filters, stride=1, project=False):
        nn.Module.__init__(self)
        widths = [in_channels, *filters]
        for number, part in enumerate("abc"):
            window = 3 if part == "b" else 1
            conv = nn.Conv2d(widths[number], widths[number + 1], (window, window),
                             stride=stride if part == "a" else 1,
                             padding=window // 2)
            self.add_module(f"conv2{part}", conv)
            self.add_module(f"bn2{part}", norm(widths[number + 1]))
        if project:
            self.conv1 = nn.Conv2d(in_channels, filters[2], 1, stride)
            self.bn1 = norm(filters[2])
        self.activation = nn.ReLU()

    def forward(self, x):
        y = x
        for part in "abc":
            y = getattr(self, f"conv2{part}")(y)
            y = getattr(self, f"bn2{part}")(y)
            if part != "c":
                y = self.activation(y)
        side = self.bn1(self.conv1(x)) if hasattr(self, "conv1") else x
        return self.activation(side + y)
"""

_NETWORK = """
def ResNet50(input_shape=(224, 224, 3), classes=1000):
    image = keras.Input(shape=input_shape)
    x = keras.layers.ZeroPadding2D(3)(image)
    x = keras.layers.Conv2D(64, 7, 2, name="conv1",
                            kernel_initializer=glorot_uniform(seed=0))(x)
    x = keras.layers.BatchNormalization(name="bn_conv1")(x)
    x = keras.layers.ReLU()(x)
    x = keras.layers.MaxPool2D(3, 2)(x)
    plan = [(2, 64, 1, "bc"), (3, 128, 2, "bcd"), (4, 256, 2, "bcdef"),
            (5, 512, 2, "bc")]
    for stage, width, s, letters in plan:
        filters = (width, width, 4 * width)
        x = convolutional_block(x, filters, stage, "a", s)
        for letter in letters:
            x = identity_block(x, filters=filters, stage=stage, block=letter)
    x = keras.layers.GlobalAvgPool2D(name="avg_pool")(x)
    x = keras.layers.Dense(classes, name=f"fc{classes}",
                           kernel_initializer=glorot_uniform(seed=0))(x)
    return keras.Model(image, keras.layers.Softmax()(x))
"""

CASES = {
    "diagnose: tuples in a tuple": _diagnose(repr(RIGHT)),
    "diagnose: lists": _diagnose(repr([list(pair) for pair in RIGHT])),
    "diagnose: a set": _diagnose(f"set({RIGHT!r})"),
    "diagnose: a dictionary": _diagnose("{place: fault for place, fault in " + repr(RIGHT) + "}"),
    "diagnose: lists of faults": _diagnose("{place: [fault] for place, fault in " + repr(RIGHT) + "}"),
    "diagnose: an array": _diagnose(f"np.array({RIGHT!r})"),
    "diagnose: backwards, twice": _diagnose(repr([*RIGHT[::-1], *RIGHT])),
    "diagnose: unnamed told at single places, too": _diagnose(
        repr([*RIGHT, ("stem", "unnamed"), ("identity_block.first", "unnamed")])
    ),
    "diagnose: other letters": _diagnose(repr([(p.upper(), f" {f.title()} ") for p, f in RIGHT])),
    "identity: plus": _edited("identity_block", (_ADD, "X = X + X_shortcut")),
    "identity: add function": _edited("identity_block", (_ADD, "X = keras.layers.add([X_shortcut, X])")),
    "identity: ops": _edited(
        "identity_block", (_ADD, "X = keras.ops.add(X, X_shortcut)"), ("Activation('relu')(X)", "keras.ops.relu(X)")
    ),
    "identity: where, stack and sum": _edited(
        "identity_block",
        (_ADD, "X = keras.ops.sum(keras.ops.stack([X_shortcut, X]), axis=0)"),
        ("Activation('relu')(X)", "keras.ops.where(X > 0, X, 0.0)"),
    ),
    "identity: numbers for pairs": _edited("identity_block", ("(1, 1)", "1"), ("(3, 3)", "3"), ("axis=3", "axis=-1")),
    "identity: same everywhere": _edited("identity_block", ("(1, 1),", "(1, 1), padding='same',")),
    "convolutional: one stride": _edited("convolutional_block", ("(s, s)", "s")),
    "convolutional: shortcut first": _edited("convolutional_block", (_ADD, "X = Add()([X_shortcut, X])")),
    "convolutional: an activation layer again": _edited(
        "convolutional_block",
        ("    X_shortcut = X\n", "    X_shortcut = X\n    relu = Activation('relu')\n"),
        ("Activation('relu')(X)", "relu(X)"),
    ),
    "network: loops": _NETWORK,
    "network: kept axes": _edited(
        "ResNet50",
        (
            "X = GlobalAveragePooling2D(name='avg_pool')(X)",
            "X = GlobalAveragePooling2D(name='avg_pool', keepdims=True)(X)\n    X = keras.layers.Flatten()(X)",
        ),
    ),
    "network: a window of the size": _edited(
        "ResNet50",
        (
            "X = GlobalAveragePooling2D(name='avg_pool')(X)",
            "X = keras.layers.AveragePooling2D(X.shape[1:3], name='avg_pool')(X)\n    X = keras.layers.Flatten()(X)",
        ),
    ),
    "network: kept axes, cut off": _edited(
        "ResNet50",
        (
            "X = GlobalAveragePooling2D(name='avg_pool')(X)",
            "X = GlobalAveragePooling2D(name='avg_pool', keepdims=True)(X)[:, 0, 0]",
        ),
    ),
    "network: softmax apart": _edited(
        "ResNet50",
        ("activation='softmax', ", ""),
        ("    return Model", "    X = Activation('softmax')(X)\n    return Model"),
    ),
    "bottleneck: loops": _HELPED,
    "bottleneck: in place": _edited("Bottleneck", _returns("x += shortcut", "return x.relu_()")),
    "bottleneck: torch.add": _edited("Bottleneck", (_SUM, "torch.add(shortcut, x).relu()")),
    "bottleneck: sum of a list": _edited("Bottleneck", (_SUM, "nn.functional.relu(sum([x, shortcut]))")),
    "bottleneck: clamp": _edited("Bottleneck", (_SUM, "(x + shortcut).clamp(min=0)")),
    "bottleneck: clamp_min": _edited("Bottleneck", (_SUM, "torch.clamp_min(shortcut + x, 0)")),
    "bottleneck: maximum": _edited("Bottleneck", (_SUM, "torch.maximum(x + shortcut, torch.zeros_like(x))")),
    "bottleneck: maximum of a number": _edited("Bottleneck", (_SUM, "torch.maximum(x + shortcut, torch.tensor(0.0))")),
    "bottleneck: where": _edited("Bottleneck", (_SUM, "torch.where(x > -shortcut, x + shortcut, 0.0)")),
    "bottleneck: where of the sum": _edited(
        "Bottleneck", _returns("x = x + shortcut", "return torch.where(x > 0, x, 0)")
    ),
    "bottleneck: a mask": _edited("Bottleneck", _returns("x = x + shortcut", "return x * (x > 0)")),
    "bottleneck: filled": _edited("Bottleneck", _returns("x = x + shortcut", "return x.masked_fill(x < 0, 0.0)")),
    "bottleneck: set": _edited("Bottleneck", _returns("x = x + shortcut", "x[x < 0] = 0", "return x")),
    "bottleneck: half of two": _edited("Bottleneck", _returns("x = x + shortcut", "return (x + x.abs()) / 2")),
    "bottleneck: threshold": _edited("Bottleneck", (_SUM, "nn.functional.threshold(x + shortcut, 0, 0)")),
    "bottleneck: stack and sum": _edited("Bottleneck", (_SUM, "torch.relu(torch.stack([x, shortcut]).sum(0))")),
    "bottleneck: einsum": _edited(
        "Bottleneck", (_SUM, "torch.relu(torch.einsum('kbchw->bchw', torch.stack([x, shortcut], dim=0)))")
    ),
    "bottleneck: minus the negative": _edited("Bottleneck", (_SUM, "torch.relu(x - (-shortcut))")),
    "bottleneck: lerp": _edited("Bottleneck", (_SUM, "torch.relu(2 * torch.lerp(x, shortcut, 0.5))")),
    "bottleneck: modules for ReLU": _edited("Bottleneck", ("torch.relu(", "nn.ReLU()(")),
    "bottleneck: padding same": _edited("Bottleneck", ("padding=1", "padding='same'")),
    "bottleneck: momentum left out": _edited("Bottleneck", (", momentum=0.01", "")),
    "bottleneck: no dropout": _edited("Bottleneck", (_SUM, "nn.Dropout(0.0)(torch.relu(x + shortcut))")),
    "bottleneck: Identity": _edited("Bottleneck", (_RETURN, "return nn.Identity()(torch.relu(x + shortcut))")),
    "bottleneck: a sequence that is not kept": _edited(
        "Bottleneck",
        ("x = torch.relu(self.bn2a(self.conv2a(x)))", "x = nn.Sequential(self.conv2a, self.bn2a, nn.ReLU())(x)"),
    ),
    "bottleneck: functional convolution": _edited(
        "Bottleneck", ("self.conv2c(x)", "nn.functional.conv2d(x, self.conv2c.weight, self.conv2c.bias)")
    ),
    "bottleneck: channels last": _edited("Bottleneck", ("shortcut = x\n", "shortcut = x = x.contiguous()\n")),
    "torch network: loops and modules": _LOOPED,
    "torch network: adaptive pooling": _edited(
        "ResNet50Torch", (_MEAN, "nn.functional.adaptive_avg_pool2d(x, 1).flatten(1)")
    ),
    "torch network: two means": _edited("ResNet50Torch", (_MEAN, "x.mean(3).mean(2)")),
    "torch network: mean of all pixels": _edited("ResNet50Torch", (_MEAN, "x.flatten(2).mean(-1)")),
    "torch network: window of the size": _edited(
        "ResNet50Torch", (_MEAN, "nn.functional.avg_pool2d(x, x.shape[2:]).reshape(len(x), -1)")
    ),
    "torch network: squeezed": _edited("ResNet50Torch", (_MEAN, "x.mean((2, 3), keepdim=True).squeeze(3).squeeze(2)")),
    "torch network: one pixel": _edited(
        "ResNet50Torch", (_MEAN, "nn.functional.adaptive_avg_pool2d(x, 1)[:, :, 0, 0]")
    ),
    "torch network: sum by number": _edited("ResNet50Torch", (_MEAN, "x.sum(dim=(2, 3)) / (x.shape[2] * x.shape[3])")),
    "torch network: channels last": _edited("ResNet50Torch", (_MEAN, "x.permute(0, 2, 3, 1).flatten(1, 2).mean(1)")),
    "torch network: log softmax": _edited("ResNet50Torch", (_SOFTMAX, "torch.log_softmax(self.fc(x), dim=1).exp()")),
    "torch network: softmax by hand": _edited(
        "ResNet50Torch", (f"return {_SOFTMAX}", "x = self.fc(x).exp()\n        return x / x.sum(1, keepdim=True)")
    ),
    "torch network: padded by hand": _edited(
        "ResNet50Torch", (", padding=3", ""), ("self.conv1(x)", "self.conv1(nn.functional.pad(x, (3, 3, 3, 3)))")
    ),
    "torch network: ZeroPad2d": _edited(
        "ResNet50Torch", (", padding=3", ""), ("self.conv1(x)", "self.conv1(nn.ZeroPad2d(3)(x))")
    ),
    "torch network: softmax guesses": _edited("ResNet50Torch", (_SOFTMAX, "nn.Softmax()(self.fc(x))")),
    "torch network: method": _edited("ResNet50Torch", (_SOFTMAX, "self.fc(x).softmax(-1)")),
    "torch network: pooling module": _edited("ResNet50Torch", (_POOL, "nn.MaxPool2d((3, 3), (2, 2))(x)")),
}


_BLOCKS = {b: SOURCE.solution(b) for b in ("identity_block", "convolutional_block")}
_MODULE = {"Bottleneck": SOURCE.solution("Bottleneck")}
CASES |= {
    "network: blocks of its own": renamed(
        SOURCE.solution("ResNet50"), _BLOCKS, {"identity_block": "IdentityBlock", "convolutional_block": "ConvBlock"}
    ),
    "network: blocks inside": nested(SOURCE.solution("ResNet50"), _BLOCKS),
    "torch network: a block of its own": renamed(SOURCE.solution("ResNet50Torch"), _MODULE, {"Bottleneck": "Own"}),
    "torch network: a block inside": nested(SOURCE.solution("ResNet50Torch"), _MODULE),
}
