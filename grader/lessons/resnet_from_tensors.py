"""Lesson 3: layers, bottleneck and ResNet50 from tensor operations and a store.

He et al. 2015 (arXiv:1512.03385), figure 5 and table 1; the names of scopes are those
of a published TensorFlow 1 class, one misspelling mended.
"""

from grader.challenge import Extent
from grader.exercise import ranges
from grader.exercise.function import Function, lesson_of
from grader.exercise.ranges import Distinct, OneOf, Scope, Times, TwoOf, Whole, call
from grader.judge.signature import Spare
from grader.judge.tensors import layer_slips, programs
from grader.judge.tensors.decide import Judge
from grader.judge.tensors.functions import Charged, Layer, Stored, signature
from grader.judge.tensors.rows import INPUT, CallRow, Net, Output, library
from grader.lessons.tensors_as_called import AS_CALLED

#: Module beside the notebook that holds the store.
HELPER = "tensors_utils"

VALUES = Charged(
    "values", ("output",),
    "The output is not what the specification gives for the input and the variables.",
)  # fmt: skip
MOVING = ("moving_mean", "moving_variance")
CONV2D = Layer(
    "conv2d", signature("x, num_outputs, kernel_size, stride=1, scope='conv2d'"),
    Extent(stride="stride", width="num_outputs"),
    program=programs.conv2d, slips=layer_slips.CONV2D, parts=(VALUES,),
    variables=(
        Stored("kernel", "kernel_size, kernel_size, num_inputs, num_outputs"),
    ),
)  # fmt: skip
BATCH_NORM = Layer(
    "batch_norm",
    signature("x, decay=0.999, epsilon=1e-3, is_training=True, scope='batch_norm'"),
    kept=("decay", "epsilon"), late={"decay": "moving"}, stopping=layer_slips.AXES,
    program=programs.batch_norm, slips=layer_slips.BATCH_NORM, lines=layer_slips.LINES,
    variables=(
        Stored("beta", "num_inputs", 0.0),
        Stored("gamma", "num_inputs", 1.0),
        Stored("moving_mean", "num_inputs", 0.0, trainable=False, check="moving"),
        Stored("moving_variance", "num_inputs", 1.0, trainable=False, check="moving"),
    ),
    parts=(
        Charged("training", ("output",),
            "In training the output is not gamma (x - mean) / sqrt(variance + epsilon) "
            "+ beta with mean and variance of the batch.",
            when=("is_training", True)),
        Charged("moving", MOVING,
            "After a call in training, moving_mean and moving_variance have other "
            "values than the specification gives.",
            when=("is_training", True)),
        Charged("inference", ("output", *MOVING),
            "In inference the output is not what moving_mean and moving_variance give, "
            "or they do not stay as they are.",
            when=("is_training", False)),
    ),
)  # fmt: skip
AVG_POOL = Layer(
    "avg_pool", signature("x, pool_size, scope"),
    Extent(stride="pool_size", valid=True), scoped=False,
    program=programs.avg_pool, slips=layer_slips.AVG_POOL, parts=(VALUES,),
)  # fmt: skip
MAX_POOL = Layer(
    "max_pool", signature("x, pool_size, stride, scope"),
    Extent(stride="stride"), scoped=False,
    program=programs.max_pool, slips=layer_slips.MAX_POOL, parts=(VALUES,),
)  # fmt: skip
FC = Layer(
    "fc", signature("x, num_outputs, scope='fc'"), Extent(width="num_outputs"),
    program=programs.fc, slips=layer_slips.FC, parts=(VALUES,),
    variables=(
        Stored("weight", "num_inputs, num_outputs"),
        Stored("bias", "num_outputs", 0.0),
    ),
)  # fmt: skip

TRAINING = {"is_training": "is_training"}


def _component(
    number: int, outputs: str, size: int, stride: int | str, how: str = "",
    *, after: str = "", when: str = "",
) -> tuple[CallRow, CallRow]:  # fmt: skip
    """A convolution with its batch normalisation; a ReLU follows the first two."""
    words = {} if stride == 1 else {"stride": "the bottleneck's"}
    strided = "stride 1" if stride == 1 else f"{words['stride']} stride"
    sentence = (
        f"{'On the shortcut: ' if when else ''}conv2d with {outputs} outputs, kernel "
        f'size {size} and {strided}, scope "conv_{number}"; batch_norm, scope '
        f'"bn_{number}"; {"ReLU" if number < 3 else "no ReLU"}.'
    )
    settings = {"num_outputs": outputs, "kernel_size": size, "stride": stride}
    return (
        CallRow(f"conv_{number}", "conv2d", settings, after, how, sentence, when,
            words=words),
        CallRow(f"bn_{number}", "batch_norm", TRAINING, sentence=sentence, when=when),
    )  # fmt: skip


BOTTLENECK = Net(
    "bottleneck",
    signature("x, h_out, n_out, stride=None, is_training=True, scope='bottleneck'"),
    Extent(stride="stride", width="n_out"),
    rows=(
        *_component(1, "h_out", 1, "stride"),
        *_component(2, "h_out", 3, 1, "relu"),
        *_component(3, "n_out", 1, 1, "relu"),
        *_component(4, "n_out", 1, "stride", after=INPUT, when="projects"),
    ),
    outputs=(Output("output", ("bn_3", f"bn_4|{INPUT}"), "relu of the sum"),),
    sentence="The result is the ReLU of the sum of main path and shortcut.",
    calls="calls", wiring="wiring",
)  # fmt: skip
BLOCK = Net(
    "block",
    signature("x, n_out, n, init_stride=2, is_training=True, scope='block'"),
    Extent(stride="init_stride", width="n_out"),
    rows=(
        CallRow("bottleneck{i}", "bottleneck",
            {"h_out": "n_out // 4", "n_out": "n_out", "stride": 1, **TRAINING},
            sentence="n bottlenecks, one after the other, with h_out = n_out // 4 and "
            'scopes "bottleneck1", "bottleneck2", ...; the first has stride '
            "init_stride, the others stride 1; is_training is passed on.",
            repeat="n", first={"stride": "init_stride"}, positive=True),
    ),
    outputs=(Output("output", ("bottleneck{i}",)),),
    sentence="The result is that of the last bottleneck.",
    calls="calls", wiring="wiring",
    spellings=(("bottleneck", "bottlencek", "The published class spells it so; the "
                "lesson does not."),),
)  # fmt: skip


def _stage(key: str, n_out: int, n: int, stride: int) -> CallRow:
    sentence = (
        f"{key}: {n} bottlenecks of {n_out} channels, init_stride {stride}; "
        "is_training is passed on."
    )
    settings = {"n_out": n_out, "n": n, "init_stride": stride, **TRAINING}
    return CallRow(key, "block", settings, sentence=sentence, positive=True)


RESNET50 = Net(
    "ResNet50",
    signature("inputs, num_classes=1000, is_training=True, scope='resnet50'"),
    rows=(
        CallRow("conv1", "conv2d", {"num_outputs": 64, "kernel_size": 7, "stride": 2},
            sentence='conv2d with 64 outputs, kernel size 7, stride 2, scope "conv1".'),
        CallRow("bn1", "batch_norm", TRAINING,
            sentence='batch_norm, scope "bn1", and a ReLU follow.'),
        CallRow("maxpool1", "max_pool", {"pool_size": 3, "stride": 2}, how="relu",
            sentence='max_pool over 3, stride 2, scope "maxpool1".',
            positive=True, commutes="relu"),
        _stage("block2", 256, 3, 1),
        _stage("block3", 512, 4, 2),
        _stage("block4", 1024, 6, 2),
        _stage("block5", 2048, 3, 2),
        CallRow("avgpool5", "avg_pool", {"pool_size": 7},
            sentence='avg_pool over 7, scope "avgpool5".', positive=True),
        CallRow("fc6", "fc", {"num_outputs": "num_classes"}, how="squeeze",
            sentence="The axes of size 1 are squeezed away; fc with num_classes "
            'outputs, scope "fc6", gives the logits.', commutes="squeeze"),
    ),
    outputs=(
        Output("logits", ("fc6",), price=3),
        Output("predictions", ("fc6",), "softmax", price=3),
    ),
    sentence="The results are the logits, and their softmax: the predictions.",
    calls="plan", wiring="outputs",
)  # fmt: skip
LIBRARY = library(
    CONV2D, BATCH_NORM, AVG_POOL, MAX_POOL, FC, BOTTLENECK, BLOCK, RESNET50
)


def _graded(
    table: Layer | Net, checks: tuple[tuple[str, int, str], ...], *calls: ranges.Call
) -> Function:
    called = table.called if isinstance(table, Net) else ()
    calls += AS_CALLED.get(table.name, ())
    told = {
        "capture": "tensors",
        "helper": HELPER,
        "returns": list(table.returns),
        "stand_ins": {name: LIBRARY[name].to_dict() for name in called},
    }
    points = {part: points for part, points, _ in checks}
    situations = {call.id: call.situation for call in calls}
    judge = Judge(table, LIBRARY, points, situations)
    optional = (p.name for p in table.parameters if p.default is not ...)
    spare = Spare(frozenset(optional), fixed=True)
    return Function(table.name, checks, calls, told, judge, spare=spare)


#: Another one in each call.
WIDTHS, FC_WIDTHS = Distinct(2, 3, 5, 6, 7), Distinct(2, 5, 7, 9, 11)
DECAYS = Distinct(0.55, 0.65, 0.75, 0.8)
INFERENCE = "Where is_training is False"
DEFAULTS = "Where only the first arguments are given"
LESSON = lesson_of(
    "03_resnet_from_tensors",
    "resnet_from_tensors",
    "A ResNet from tensors",
    (
        _graded(CONV2D,
            (("variables", 4, "the kernel that it asks for"),
             ("values", 6, "strides, padding, values")),
            call("published", 5, 5, 3, num_outputs=4, kernel_size=3, stride=2,
                 scope="conv1"),
            call("even", 6, 8, WIDTHS, num_outputs=WIDTHS, kernel_size=3, stride=2,
                 scope=Scope("conv")),
            call("window", TwoOf(7, 8, 9), 4, num_outputs=WIDTHS,
                 kernel_size=OneOf(2, 4), stride=3, scope=Scope("c")),
            call("point", TwoOf(4, 5, 6), WIDTHS, num_outputs=4, kernel_size=1,
                 stride=2, scope=Scope("conv_")),
            call("defaults", TwoOf(7, 8, 9), 8, num_outputs=WIDTHS,
                 kernel_size=OneOf(5, 7)),
        ),
        _graded(BATCH_NORM,
            (("variables", 5, "the four variables"),
             ("training", 5, "values in training"),
             ("moving", 6, "updates of the moving averages"),
             ("inference", 4, "values in inference")),
            call("published", 4, 4, 3, batch=3, decay=0.9, scope="bn1"),
            call("tiny", TwoOf(2, 3, 4), 5, decay=DECAYS, scope=Scope("bn"),
                 more={"scale": 0.03}),
            call("large", TwoOf(2, 3, 5), 4, more={"scale": 30, "shift": 50}),
            call("wide", 3, 3, 6, decay=DECAYS, epsilon=0.4, scope=Scope("b")),
            call("dense", 5, batch=9, decay=DECAYS, epsilon=0.1, scope=Scope("bn_")),
            call("inference", TwoOf(2, 3, 4), 4, decay=DECAYS, epsilon=0.5,
                 is_training=False, scope=Scope("bn")),
            call("inference_defaults", 3, 2, 3, is_training=False, more={"shift": 2}),
        ),
        _graded(AVG_POOL,
            (("values", 5, "windows, padding, values"),),
            call("published", 7, 7, 3, pool_size=7, scope="avgpool5"),
            call("two", TwoOf(4, 5, 6, 7), 2, pool_size=2, scope="pool"),
            call("three", 8, 7, 4, pool_size=3, scope=Scope("p")),
            call("four", 4, 11, 2, pool_size=4, scope=Scope("p")),
        ),
        _graded(MAX_POOL,
            (("values", 5, "windows, strides, padding, values"),),
            call("published", 6, 6, 3, pool_size=3, stride=2, scope="maxpool1"),
            call("negative", TwoOf(5, 6, 7), 2, pool_size=3, stride=2,
                 scope=Scope("p"), more={"shift": -6}),
            call("one", 5, 4, 3, pool_size=3, stride=1, scope=Scope("p")),
            call("two", 7, 5, 2, pool_size=2, stride=2, scope=Scope("p")),
            call("four", TwoOf(8, 9, 10), 2, pool_size=4, stride=2, scope=Scope("p")),
        ),
        _graded(FC,
            (("variables", 4, "weight and bias"), ("values", 6, "values")),
            call("published", 6, batch=3, num_outputs=4, scope="fc6"),
            call("other", FC_WIDTHS, batch=4, num_outputs=FC_WIDTHS,
                 scope=Scope("fc")),
            call("defaults", FC_WIDTHS, batch=5, num_outputs=FC_WIDTHS),
        ),
        _graded(BOTTLENECK,
            (("calls", 12, "the layers that it calls"),
             ("wiring", 8, "ReLUs, shortcut, sum")),
            call("published", 4, 4, 8, h_out=4, n_out=16, scope="bottleneck1"),
            call("same", 5, 4, Times(4, "h_out"), h_out=OneOf(3, 4, 5),
                 n_out=Times(4, "h_out"), scope=Scope("unit"), more={"scale": 6},
                 situation="Where the input has n_out channels already"),
            call("given", 4, 6, 8, h_out=3, n_out=12, stride=1, scope=Scope("u"),
                 situation="Where the stride is given"),
            call("wide", 6, 7, 5, h_out=7, n_out=10, stride=3, scope=Scope("u"),
                 situation="Where h_out is not a quarter of n_out"),
            call("inference", 4, 5, 6, h_out=3, n_out=12, is_training=False,
                 scope=Scope("u"), situation=INFERENCE),
            call("defaults", 5, 6, 6, h_out=2, n_out=8, situation=DEFAULTS),
        ),
        _graded(BLOCK,
            (("calls", 7, "the bottlenecks that it calls"),
             ("wiring", 3, "what each is given")),
            call("published", 6, 6, 8, n_out=16, n=3, scope="block3"),
            call("first", 5, 4, 6, n_out=12, n=2, init_stride=1, scope=Scope("stage"),
                 situation="Where init_stride is given"),
            call("one", 6, 4, 4, n_out=8, n=1, init_stride=3, scope=Scope("s"),
                 situation="Where n is 1"),
            call("inference", 4, 6, 8, n_out=20, n=OneOf(4, 5), is_training=False,
                 scope=Scope("s"), situation=INFERENCE),
            call("defaults", 5, 5, 6, n_out=8, n=2, situation=DEFAULTS),
        ),
        _graded(RESNET50,
            (("plan", 12, "the layers and blocks that it calls"),
             ("outputs", 8, "what each is given; the outputs")),
            call("shown", 224, 224, 3, batch=1, more={"real": "if_needed"}),
            call("classes", 224, 224, 3, batch=1, num_classes=Whole(11, 39),
                 is_training=False, scope=Scope("net"), more={"real": "if_needed"},
                 situation="Where num_classes is given and is_training is False"),
        ),
    ),
)  # fmt: skip
