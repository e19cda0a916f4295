"""The students of lesson 3."""

from grader.demo.students import Edit, Student

_MOVING = "moving_mean.assign(decay * moving_mean + (1 - decay) * mean)"

_FORMULA = """\
tf.nn.batch_normalization(
        x, mean, variance, beta, gamma, epsilon)"""
_BY_HAND = "gamma * (x - mean) / tf.sqrt(variance + epsilon) + beta"

STUDENTS = (
    Student("ada_finished"),
    Student(
        "ben_own_style",
        (
            Edit("batch_norm", _FORMULA, _BY_HAND),
            Edit("fc", "tf.matmul(x, weight) + bias", "x @ weight + bias"),
            Edit("bottleneck", "tf.nn.relu(h + shortcut)", "tf.nn.relu(shortcut + h)"),
        ),
    ),
    Student(
        "eva_names_rebound",
        (
            Edit("batch_norm", _MOVING, _MOVING.replace(".assign(", " = (")),
            Edit("batch_norm", "moving_variance.assign(\n", "moving_variance = (\n"),
        ),
    ),
    Student(
        "gwen_forgets_training",
        (
            Edit("conv2d", 'padding="SAME"', 'padding="VALID"'),
            Edit("bottleneck", "is_training=is_training, ", ""),
            Edit("ResNet50", "        net = tf.squeeze(net, [1, 2])\n", ""),
        ),
    ),
)
