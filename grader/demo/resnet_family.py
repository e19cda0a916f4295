"""The sample class of the lesson on the family: one thing each that is typical."""

from grader.demo.students import Edit, Student

STUDENTS = (
    Student("ada_finished"),
    Student(
        "cleo_untouched",
        untouched=(
            "shortcut",
            "basic_block",
            "bottleneck_block",
            "resnet",
            "count_params",
            "count_flops",
        ),
    ),
    Student(
        "gwen_stride_1",
        (Edit("resnet", "s = 2 if stage > 0 and number == 0 else 1", "s = 1"),),
    ),
    Student(
        "olga_padded_front",
        (
            Edit("shortcut", "(0, filters - n_C)", "(filters - n_C, 0)"),
            Edit("count_params", "layer.weights", "layer.trainable_weights"),
        ),
    ),
)
