"""The sample class of lesson 5."""

from grader.demo.students import Edit, Student

_ADD = "    X = Add()([X, X_shortcut])\n"
_CONCATENATE = "    X = keras.layers.Concatenate()([X, X_shortcut])\n"
_RELU = '    X = Activation("relu")(X)\n'
_SUM = "torch.relu(x + shortcut)"
_MEAN = "        x = x.mean(dim=(2, 3))\n"
_POOLED = "        x = nn.functional.adaptive_avg_pool2d(x, 1).flatten(1)\n"
_STAGE_4 = '    for block in ("4b", "4c", "4d", "4e", "4f"):\n'
_UNNAMED = '    faults.append(("all layers", "unnamed"))\n'

STUDENTS = (
    Student("ada_finished"),
    Student(
        "ben_own_style",
        (
            Edit("identity_block", _ADD, "    X = X_shortcut + X\n"),
            Edit("convolutional_block", _RELU, "    X = keras.ops.relu(X)\n"),
            Edit("Bottleneck", "torch.relu", "nn.functional.relu"),
            Edit("ResNet50Torch", _MEAN, _POOLED),
        ),
    ),
    Student(
        "kim_concatenates",
        (
            Edit("identity_block", _ADD, _CONCATENATE),
            Edit("Bottleneck", _SUM, "torch.relu(torch.cat([x, shortcut], 1))"),
        ),
    ),
    Student(
        "olga_overlooks_some",
        (
            Edit("diagnose", _STAGE_4, _STAGE_4.replace('"4b"', '"4a", "4b"')),
            Edit("diagnose", _UNNAMED, ""),
            Edit("Bottleneck", "eps=1e-3, ", ""),
            Edit("ResNet50Torch", "stride=2, padding=3", "stride=2"),
        ),
    ),
)
