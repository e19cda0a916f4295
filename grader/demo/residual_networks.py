"""The sample class of the first lesson: each student has one thing that is typical."""

from grader.demo.students import Edit, Student

_ADD = "    X = Add()([X, X_shortcut])\n"
_RELU = '    X = Activation("relu")(X)\n'
_CONCATENATE = "    X = Concatenate()([X, X_shortcut])\n"
_HEADING = "# GRADED FUNCTION: {}\n"
_STAGE_4 = "".join(
    f'    X = identity_block(X, 3, [256, 256, 1024], stage=4, block="{block}")\n'
    for block in "bcdef"
)
_ENDLESS = """\
    blocks = "bcdef"
    number = 0
    while number < 5:
        X = identity_block(X, 3, [256, 256, 1024], stage=4,
                           block=blocks[number])
"""


def _concatenating(function: str) -> tuple[Edit, ...]:
    heading = _HEADING.format(function)
    imported = heading + "from keras.layers import Concatenate\n"
    return Edit(function, heading, imported), Edit(function, _ADD, _CONCATENATE)


def _operators(function: str) -> tuple[Edit, ...]:
    return (
        Edit(function, _ADD, "    X = X_shortcut + X\n"),
        Edit(function, _RELU, "    X = keras.ops.relu(X)\n"),
    )


STUDENTS = (
    Student("ada_finished"),
    Student(
        "ben_own_style",
        (*_operators("identity_block"), *_operators("convolutional_block")),
    ),
    Student(
        "cleo_untouched",
        untouched=("identity_block", "convolutional_block", "ResNet50"),
    ),
    Student("dan_one_block", untouched=("convolutional_block", "ResNet50")),
    Student(
        "eva_unnamed_pool",
        (Edit("ResNet50", '((2, 2), name="avg_pool")', "((2, 2))"),),
    ),
    Student(
        "finn_old_text",
        (
            Edit(
                "ResNet50",
                "identity_block(X, 3, [512, 512, 2048]",
                "identity_block(X, 3, [256, 256, 2048]",
            ),
        ),
    ),
    Student("gwen_stride_1", (Edit("ResNet50", "s=2)", "s=1)"),)),
    Student("hugo_no_shortcut", (Edit("identity_block", _ADD, ""),)),
    Student("ivy_early_relu", (Edit("identity_block", _ADD + _RELU, _RELU + _ADD),)),
    Student(
        "jon_stage_names",
        tuple(Edit("ResNet50", f"stage={n}", f"stage={n + 1}") for n in (5, 4, 3)),
    ),
    Student(
        "kim_concatenates",
        (*_concatenating("identity_block"), *_concatenating("convolutional_block")),
    ),
    Student(
        "leo_syntax_error",
        (Edit("convolutional_block", _ADD, _ADD.replace("])", "]")),),
    ),
    Student("mia_endless_loop", (Edit("ResNet50", _STAGE_4, _ENDLESS),)),
    Student("nils_torn_file", torn=True),
)
