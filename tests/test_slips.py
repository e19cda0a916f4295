"""Single slips in all lessons: what each costs, and the words that tell it."""

import ast

import pytest

from grader.challenge import named_arguments
from grader.lessons import NAMES
from tests.lessons.edit import EVERY, edit
from tests.lessons.source import source_of

ONE, TWO, THREE = (
    "01_residual_networks",
    "02_training_resnets",
    "03_resnet_from_tensors",
)
FAMILY, FIVE = "04_resnet_family", "05_almost_a_resnet"
BLOCK_3B = "identity_block(X, 3, [128, 128, 512], stage=3, block='b')"
END = "    X = Activation('relu')(X)\n    return X"
LAMBDA = "    X = keras.layers.Lambda(keras.activations.relu)(X)\n    return X"

ZEROS = "[[0, 0], [3, 3], [3, 3], [0, 0]]"
OTHER_4A = "identity_block(X, f=3, filters=[256, 256, 1024], stage=4, block='a')"
BLOCK_4A = OTHER_4A.replace("identity", "convolutional").replace("'a'", "'a', s=2")
WINDOW = (
    "X = keras.layers.AveragePooling2D(X.shape[1:3])(X)\n"
    "    X = keras.layers.Flatten()(X)"
)
BY_HAND = "self.stage5[2](self.stage5[1](self.stage5[0](self.stage4("
KERNEL = "math.prod(layer.kernel.shape)"
FREEZE = "for layer in model.layers[:-1]: layer.trainable = False"

#: Lesson, function, what was replaced by what, points that it costs, what is said.
SLIPS = {
    "a Lambda": (ONE, "identity_block", {END: LAMBDA}, 6, "cannot be seen"),
    "a Lambda, lesson 4": (FAMILY, "basic_block", {END: LAMBDA}, 6, "cannot be seen"),
    "a block that leads nowhere": (
        *(ONE, "ResNet50", {f"X = {BLOCK_3B}": f"Y = {BLOCK_3B}"}, 5),
        "Block 3b is built, but what it computes never reaches the output.",
    ),
    "a default too small to be built": (
        *(ONE, "ResNet50", {"(64, 64, 3)": "(32, 32, 3)"}, 4),
        "Is the default of input_shape as it was given?",
    ),
    "a default that is none": (
        *(ONE, "ResNet50", {"classes=6": "classes=0"}, 4),
        "Called without arguments: ResNet50 raises ValueError",
    ),
    "no labels": (
        *(TWO, "compile_and_fit", {"model.fit(X, Y,": "model.fit(X,"}, 20),
        "Y is not passed on to model.fit",
    ),
    "labels for images": (
        *(TWO, "compile_and_fit", {"model.fit(X, Y,": "model.fit(Y, X,"}, 20),
        "The labels are passed to model.fit as images, and the images as labels.",
    ),
    "a copy is trained": (
        TWO,
        "compile_and_fit",
        {"    history": "    model = keras.models.clone_model(model)\n    history"},
        20,
        "a copy of the model, and the copy is not compiled",
    ),
    "weighted metrics": (
        *(TWO, "compile_and_fit", {"metrics=": "weighted_metrics="}, 0),
        "though `metrics` is not given",
    ),
    "another loss": (
        *(TWO, "compile_and_fit", {"'categorical_crossentropy'": "'mse'"}, 5),
        "The loss is mse, the specification asks for the categorical cross-entropy.",
    ),
    "one formula for the filters": (
        *(FAMILY, "resnet", {"64 * 2 ** stage": "64 * (stage + 1)"}, 6),
        "Others differ, too: stage 5.",
    ),
    "filters of thousands": (
        *(FAMILY, "resnet", {"64 * 2 ** stage": "256 * 2 ** stage"}, 6),
        "filters is 256, the plan asks for 64.",
    ),
    "no filters": (
        *(FAMILY, "resnet", {"64 * 2 ** stage": "64 * stage"}, 25),
        "filters is 0, at least 1 is needed",
    ),
    "one input for all in a loop": (
        *(THREE, "block", {"bottleneck(out, h_out": "bottleneck(x, h_out"}, 6),
        "bottleneck2 is given the input, the specification gives it bottleneck1.",
    ),
    "a linear layer by hand": (
        *(FIVE, "ResNet50Torch", {"self.fc(x)": "x @ self.fc.weight.T + self.fc.bias"}),
        *(0, ""),
    ),
    "no pooling before a linear layer": (
        *(FIVE, "ResNet50Torch", {"        x = x.mean(dim=(2, 3))\n": ""}, 15),
        "The global average pooling is missing. With that",
    ),
    "softmax of the wrong axis": (
        *(THREE, "ResNet50", {"softmax(logits)": "softmax(logits, axis=0)"}, 3),
        "predictions: found the softmax over the batch of fc6",
    ),
    "another activation between": (
        *(THREE, "ResNet50", {"net = tf.nn.relu(net)": "net = tf.nn.elu(net)"}, 4),
        "maxpool1 is given the elu of bn1, the specification gives it the ReLU of bn1.",
    ),
    "None is handed on": (
        THREE,
        "bottleneck",
        {"h = conv2d(h, n_out, 1, stride=1, scope='conv_3')": "h = None"},
        20,
        "there is still `h = None`. Until then, conv_3 is not called.",
    ),
    "a None that is added": (
        *(ONE, "identity_block", {"X_shortcut = X": "X_shortcut = None"}, 30),
        "there is still `X_shortcut = None`",
    ),
    "dots that are handed on": (
        *(TWO, "identity_block", {"X = Add()([X, X_shortcut])": "X = ..."}, 25),
        "there is still `X = ...`",
    ),
    "no input_shape": (
        ONE,
        "ResNet50",
        {"input_shape=(64, 64, 3), ": "", "Input(input_shape)": "Input((64, 64, 3))"},
        4,
        "ResNet50 has no argument `input_shape`",
    ),
    "no input_shape, in lesson 4": (
        FAMILY,
        "resnet",
        {
            "input_shape=(224, 224, 3), ": "",
            "Input(input_shape)": "Input((224, 224, 3))",
        },
        3,
        "resnet has no argument `input_shape`",
    ),
    "a shortcut of the main path": (
        *(FIVE, "Bottleneck", {"self.conv1(shortcut)": "self.conv1(x)"}, 16 / 3),
        "conv1 takes bn2c, the specification gives it the input.",
    ),
    "stages in another order": (
        *(FIVE, "ResNet50Torch", {"stage4(self.stage3": "stage3(self.stage4"}, 2.25),
        "Block stage3.0 stands in another place",
    ),
    "one block for many": (
        FIVE,
        "ResNet50Torch",
        {" for _ in range(2)]": "] * 2"},
        2.25,
        "one and the same layer",
    ),
    "no affine": (
        *(
            FIVE,
            "Bottleneck",
            {"BatchNorm2d(F2,": "BatchNorm2d(F2, affine=False,"},
            10 / 3,
        ),
        "bn2b: affine is False, the specification asks for True.",
    ),
    "another padding": (
        *(
            FIVE,
            "Bottleneck",
            {"padding=1": "padding=1, padding_mode='reflect'"},
            10 / 3,
        ),
        "work cannot be seen (reflection_pad2d)",
    ),
    "a projection only where channels differ": (
        FIVE,
        "Bottleneck",
        {"if self.project:": "if self.project and x.shape != shortcut.shape:"},
        8 / 3,
        "of the shortcut path",
    ),
    "a block in a model of its own": (
        ONE,
        "identity_block",
        {
            "def identity": """class Main(keras.Model):
    def __init__(self, filters):
        super().__init__()
        self.conv, self.relu = Conv2D(filters, 1), Activation('relu')

    def call(self, x):
        return self.relu(self.conv(x) + x)


def identity""",
            "    F1, F2, F3 = filters\n": "    return Main(filters[-1])(X)\n",
        },
        *(30, "done by Main 'main', whose work cannot be seen"),
    ),
    "zeros around the image by an operation": (
        ONE,
        "ResNet50",
        {
            "ZeroPadding2D((3, 3))(X": "keras.ops.pad(X",
            "pad(X_input)": f"pad(X_input, {ZEROS})",
        },
        *(0, ""),
    ),
    "ones around the image": (
        ONE,
        "ResNet50",
        {
            "ZeroPadding2D((3, 3))(X": "keras.ops.pad(X",
            "pad(X_input)": f"pad(X_input, {ZEROS}, constant_values=1)",
        },
        *(5, "The zero padding is a Pad, the specification asks for ZeroPadding2D."),
    ),
    "twice the main path": (
        ONE,
        "convolutional_block",
        {"Add()([X, X_shortcut])": "2 * X"},
        *(15, "The addition takes"),
    ),
    "two outputs": (
        *(ONE, "ResNet50", {"outputs=X,": "outputs=[X, X],"}, 40),
        "ResNet50 returns a model of several outputs, not the model",
    ),
    "the other block": (
        *(ONE, "ResNet50", {BLOCK_4A: OTHER_4A}, 8),
        "Block 4a is built by identity_block",
    ),
    "layers before the last are frozen": (
        TWO,
        "compile_and_fit",
        {"    model.compile": f"    {FREEZE}\n    model.compile"},
        *(12, "Layers before the last are not trainable while model.fit runs"),
    ),
    "no call of fit": (
        TWO,
        "compile_and_fit",
        {"model.fit(X, Y,": "dict(", "epochs=epochs, batch_size=batch_size, ": ""},
        *(12, "The model is not trained by model.fit."),
    ),
    "a None for one of two results": (
        *(THREE, "ResNet50", {"predictions)": "None)"}, 20),
        "ResNet50 returns None for predictions, not logits and predictions.",
    ),
    "an argument in another's place": (
        *(THREE, "bottleneck", {"batch_norm(h, is_training=": "batch_norm(h, "}, 4),
        "bn_1: decay is 1.0, the specification asks for its default. Give is_training",
    ),
    "a window as large as the map": (
        *(FAMILY, "resnet", {"X = GlobalAveragePooling2D()(X)": WINDOW}, 0, ""),
    ),
    "half of the channels are new": (
        *(FAMILY, "shortcut", {"filters - n_C)": "filters // 2)"}, 3),
        "the result has 6 channels, not 4.",
    ),
    "biases where there are none": (
        FAMILY,
        "count_flops",
        {
            f"width * {KERNEL}": f"width * ({KERNEL} + layer.filters)",
            f"total += {KERNEL}": f"total += {KERNEL} + layer.units",
        },
        *(4, "biases are counted"),
    ),
    "no pairs": (
        *(FIVE, "diagnose", {"return faults": "return [': '.join(f) for f in faults]"}),
        *(20, "is not a pair (place, fault). The same for 9 more."),
    ),
    "a layer that is still None": (
        FIVE,
        "Bottleneck",
        {"self.conv2b = nn.Conv2d(F1, F2, 3, padding=1)": "self.conv2b = None"},
        *(20, "there is still `self.conv2b = None`"),
    ),
    "blocks in a plain list": (
        FIVE,
        "ResNet50Torch",
        {
            "self.stage5 = nn.Sequential(": "self.stage5 = list((",
            "for _ in range(2)])": "for _ in range(2)]))",
            "self.stage5(self.stage4(": BY_HAND,
            "(x))))": "(x))))))",
        },
        *(1.875, "Block stage5.0 is no part of the module, as in a plain list"),
    ),
    "a stem alone": (
        FIVE,
        "ResNet50Torch",
        {
            "        x = self.stage5(self.stage4(self.stage3(self.stage2(x))))\n": "",
            "nn.Linear(2048": "nn.Linear(64",
        },
        *(15, "All blocks of stage 4 are missing: block stage4.0, block stage4.1"),
    ),
    "a layer kept for the next call": (
        ONE,
        "identity_block",
        {
            "stage, block)": "stage, block, kept={})",
            "X = Conv2D(F2, (f, f)": "layer = Conv2D(F2, (f, f)",
            "(X)\n    X = BatchNormalization(axis=3, name=bn_name_base + '2b')": "\n"
            "    X = kept.setdefault((f, F2), layer)(X)\n"
            "    X = BatchNormalization(axis=3, name=bn_name_base + '2b')",
        },
        *(8, "Layers of an earlier call are used again"),
    ),
    "another name, and a call without an earlier argument": (
        TWO,
        "convolutional_block",
        {"training=None": "mode=None", "training=training": "training=mode"},
        0,
        "other names than in the lesson",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("slip", SLIPS)
def test_what_a_slip_costs_and_what_is_said(slip):
    lesson, function, edits, lost, words = SLIPS[slip]
    source = source_of(lesson)
    text = source.solution(function)
    for old, new in edits.items():
        text = edit(text, old, new, EVERY)
    outcome = source.judge(function, text, "slips")
    assert outcome.lost == pytest.approx(lost, abs=0.01)
    assert words in " ".join((outcome.first, *outcome.notes))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "passed"),
    [
        (lambda X, f, filters, s=2, mode=None: (s, mode), (2, "m")),
        (lambda X, f, filters, stride=2, training=None: (stride, training), (2, "m")),
        (lambda X, window, widths, stride=2, mode=None: (stride, mode), (2, "m")),
        (lambda X, *rest: rest, ("n", 3, "m")),
    ],
)
def test_arguments_come_under_the_learners_own_names(function, passed):
    from grader.capture.calling import call_by_name

    given = {"filters": "n", "f": 3, "training": "m"}
    names = ("f", "filters", "s", "training")
    assert call_by_name(function, ("X",), given, names) == passed


@pytest.mark.parametrize("name", NAMES)
def test_arguments_of_all_calls_are_named_in_the_signatures_order(name):
    source = source_of(name)
    for function in source.lesson.functions:
        (defined,) = (
            node
            for node in ast.walk(ast.parse(source.solution(function)))
            if isinstance(node, ast.FunctionDef) and node.name in (function, "__init__")
        )
        asked = named_arguments(source.lesson.challenge(function, "order"))
        own = [parameter.arg for parameter in defined.args.args]
        assert [parameter for parameter in own if parameter in asked] == asked
