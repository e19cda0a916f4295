"""The mistakes that people make in layers of tensors, in words and with prices.

Options and their values are those of `grader.judge.tensors.programs`.
"""

import itertools
from collections.abc import Iterator
from typing import Any

from grader.judge.tensors.formulas import FORMULAS
from grader.judge.tensors.moments import Axes
from grader.judge.tensors.prices import BEHAVIOUR
from grader.judge.tensors.switches import Switch


def _slips(*rows: tuple[Any, ...]) -> tuple[Switch, ...]:
    """Reads rows: option, value or values, price, message, whether it is of all calls.

    Before the rows against one sentence stand their check, that sentence, and where
    to look.
    """
    found, check, sentence, look = [], "", "", ""
    for row in rows:
        if len(row) == 3:
            check, sentence, look = row
            continue
        name, values, price, text, *everywhere = row
        for value in values if isinstance(values, tuple) else (values,):
            message = text.format(value)
            found.append(
                Switch(
                    name, value, check, price, message, sentence, look, any(everywhere)
                )
            )
    return tuple(found)


SAME = "The padding is 'SAME': each output has ceil(size / stride) rows and columns."
NOT_PADDED = (
    "{} pads with 'VALID', that is not at all; the specification asks for 'SAME'."
)
EXTRA = ("extra", True, 0, "A further variable is added to the result.")

CONVOLVES = "Look at the line that convolves."
CONV2D = _slips(
    ("values", SAME, CONVOLVES),
    ("padding", "valid", 4, NOT_PADDED.format("The convolution")),
    ("padding", "even", 4, "The input is padded alike on all sides, as PyTorch does "
     "it; 'SAME' puts the odd row and column at the end."),
    ("padding", "half", 4, "The input is padded by half a window on all sides, as "
     "PyTorch does it; 'SAME' puts the odd row and column at the end."),
    ("values", "The stride is the same for rows and columns, and is the "
     "argument's.", CONVOLVES),
    ("stride", (1, 2), 4, "The stride is {}, whatever the argument says."),
    ("stride", "rows", 3, "The stride holds for the rows only: that of the columns is "
     "1."),
    ("stride", "columns", 3, "The stride holds for the columns only: that of the rows "
     "is 1."),
    ("stride", "dilation", 4, "The stride is passed on as dilation: the window is "
     "spread out, not moved."),
    ("stride", "spread", 4, "dilations is 2: the window is spread out; the "
     "specification has no dilation."),
    ("values", "The kernel is used as it is.", CONVOLVES),
    ("kernel", "flipped", 3, "The kernel is turned round before it is used; "
     "tf.nn.conv2d takes it as it is."),
    ("kernel", "turned", 3, "Rows and columns of the kernel are exchanged."),
    ("values", "A convolution of a residual network has no bias and no "
     "activation.", CONVOLVES),
    ("after", "relu", 3, "A ReLU follows the convolution."),
    ("after", "softmax", 3, "A softmax follows the convolution."),
    EXTRA,
)  # fmt: skip

FC = _slips(
    ("values", "The result is x times the weight, plus the bias, and nothing "
     "more.", "Look at the line that multiplies."),
    ("bias", "", 4, "The bias is not added."),
    ("bias", "subtracted", 3, "The bias is subtracted."),
    ("after", "relu", 3, "A ReLU follows: the logits are to keep their sign."),
    ("after", "softmax", 3, "A softmax follows: fc gives the logits, and the network "
     "makes probabilities of them."),
    ("after", ("sigmoid", "tanh"), 3, "A {} follows."),
    EXTRA,
)  # fmt: skip

POOLS = "Look at the line that pools."
AVG_POOL = _slips(
    ("values", "The padding is 'VALID': rows and columns that fill no window are left "
     "out.", POOLS),
    ("padding", "same", 3, "The pooling pads with 'SAME'; the specification asks for "
     "'VALID'."),
    ("padding", "zeros", 3, "The pooling counts zeros beyond the edge; with 'VALID' "
     "there are none."),
    ("values", "The stride is the window's size: windows do not overlap.", POOLS),
    ("stride", (1, 2), 3, "The stride is {}, the specification asks for pool_size."),
    ("size", "global", 3, "All rows and columns are averaged, as global average "
     "pooling does it, whatever pool_size says."),
    ("values", "Average pooling takes the mean of each window.", POOLS),
    ("size", (2, 7), 3, "The window is {}, whatever pool_size says."),
    ("after", "relu", 3, "A ReLU follows the pooling."),
    ("kind", "max", 4, "The largest value of each window is taken, not the mean."),
    ("kind", "sum", 3, "The sum of each window is taken, not the mean."),
    ("kind", "min", 4, "The smallest value of each window is taken, not the mean."),
)  # fmt: skip
MAX_POOL = _slips(
    ("values", SAME, POOLS),
    ("padding", "valid", 3, NOT_PADDED.format("The pooling")),
    ("padding", "zeros", 3, "Zeros are put around the input before pooling: where all "
     "values are negative, a zero wins. 'SAME' lets no padding win."),
    ("padding", "even", 3, "The input is padded alike on all sides; 'SAME' puts the "
     "odd row and column at the end."),
    ("values", "Window and stride are two arguments.", POOLS),
    ("stride", "size", 3, "The stride is pool_size: the argument stride is not used."),
    ("stride", (1, 2), 3, "The stride is {}: the argument stride is not used."),
    ("size", "stride", 3, "The window is as large as the stride: pool_size is not "
     "used."),
    ("size", (3, 2), 3, "The window is {}: pool_size is not used."),
    ("exchanged", True, 3, "Window and stride have changed places."),
    ("values", "Max pooling takes the largest value of each window.", POOLS),
    ("after", "relu", 3, "Negative values become zero: no ReLU and no zero belong "
     "in the pooling."),
    ("kind", "mean", 4, "The mean of each window is taken, not the largest value."),
    ("kind", "min", 4, "The smallest value of each window is taken."),
)  # fmt: skip

BATCH = ("training", "Mean and population variance are taken over all axes but the "
         "channels.", "Look at the line with the moments of x.")  # fmt: skip
FORMULA = ("training", "The result is gamma (x - mean) / sqrt(variance + epsilon) + "
           "beta.", "Look at the last line of batch_norm.")  # fmt: skip
MOVES = ("moving", "In training a moving average becomes decay times itself plus "
         "(1 - decay) times the batch's value.",
         "Look at the lines that assign.")  # fmt: skip
INFERENCE = ("inference", "Where is_training is False, mean and variance are the "
             "moving averages, and nothing is updated.",
             "Look at the branch for inference.")  # fmt: skip
TRAINING = ("training", "Where is_training is True, mean and variance are those of "
            "the batch.", "Look at the branch for training.")  # fmt: skip
DEVIATION = "The standard deviation stands where the variance belongs."
SQUARES = "The variance is the mean of the squares: the mean has not been subtracted."
ALL_AXES = "Mean and variance are taken over all axes, the channels included."
BATCH_NORM = _slips(
    BATCH,
    ("moments", "sample", 4, "The variance is the sample variance (divided by n - 1), "
     "the specification asks for the population variance."),
    ("moments", "deviation", 4, DEVIATION),
    ("moments", "mean of squares", 4, SQUARES),
    TRAINING,
    ("training", "moving", 5, "In training x is normalised with the moving averages, "
     "not with mean and variance of the batch."),
    ("training", "updated", 5, "In training x is normalised with the moving averages "
     "that have just been updated, not with mean and variance of the batch."),
    INFERENCE,
    ("inference", "batch", 4, "In inference x is normalised with mean and variance of "
     "the batch, not with the moving averages."),
    ("inference", "mean of the batch", 4, "In inference the mean is that of the batch, "
     "not the moving average."),
    ("when", "always", 4, "The moving averages are updated in inference, too."),
    TRAINING,
    ("when", "swapped", 5, "is_training means the opposite: the moving averages are "
     "used in training, the batch in inference.", True),
    MOVES,
    ("update", "neither", 6, "The moving averages are not updated in training: they "
     "stay as they are."),
    ("update", "mean", 3, "moving_variance is not updated in training."),
    ("update", "variance", 3, "moving_mean is not updated in training."),
    ("update", "crossed", 4, "moving_mean gets the batch's variance, and "
     "moving_variance its mean."),
    ("decay", "swapped", 4, "decay and 1 - decay have changed places: the old value is "
     "to keep the share decay."),
    ("decay", (0.999, 0.99, 0.9), 3, "The decay is {}, whatever the argument says."),
    ("decay", "debiased", 4, "The moving averages become the batch's values at once, "
     "as with zero-debias at the first step; the specification asks for none."),
    ("decay", "added", 3, "The batch's value is added whole: it is to be multiplied by "
     "1 - decay."),
    ("decay", "subtracted", 3, "The old value is not multiplied by decay."),
    ("kept", "sample", 3, "moving_variance gets the sample variance (divided by n - "
     "1), as fused batch normalisation computes it; the specification asks for the "
     "population variance."),
    ("kept", "deviation", 3, "moving_variance gets the standard deviation, not the "
     "variance."),
    ("kept", "mean of squares", 3, "moving_variance gets the mean of the squares: the "
     "mean has not been subtracted."),
    BATCH,
    ("variance", "sample", 3, "x is divided by the root of the sample variance (n - "
     "1), the specification asks for the population variance."),
    ("variance", "deviation", 4, DEVIATION),
    FORMULA,
    ("variance", "no root", 4, "x is divided by the variance: the square root is "
     "missing."),
    BATCH,
    ("variance", "mean of squares", 4, SQUARES),
    ("axes", "batch", 5, "Mean and variance are taken over the batch axis alone, not "
     "over rows and columns as well."),
    ("axes", "image", 5, "Mean and variance are taken of each image by itself, not "
     "over the batch."),
    ("axes", "all", 5, ALL_AXES),
    ("axes", "layer", 5, "Mean and variance are taken over the channels, not for each "
     "of them."),
    FORMULA,
    ("epsilon", 0.0, 4, "epsilon is not added to the variance: what is added, if "
     "anything, is next to nothing."),
    ("epsilon", 1e-5, 4, "epsilon is 1e-5, whatever the argument says."),
    ("epsilon", 1e-3, 4, "epsilon is 1e-3, whatever the argument says."),
    ("epsilon", "outside", 4, "epsilon is added to the square root, not to the "
     "variance below it."),
    ("epsilon", "decay", 4, "decay is passed on where epsilon belongs."),
    ("affine", "swapped", 4, "beta and gamma have changed places."),
    ("gamma", "ones", 4, "gamma is not used."),
    ("beta", "zeros", 4, "beta is not added."),
    ("gamma", "beta", 4, "beta stands where gamma belongs."),
    ("beta", "gamma", 4, "gamma stands where beta belongs."),
)  # fmt: skip
#: What else stands in the last line of batch_norm.
LINES = _slips(FORMULA, ("formula", FORMULAS, 4, "The output is {}."))

_CUTS, _RIGHT = ("", "cut", "or all"), (0, 1, 2)


def _axes() -> Iterator[Switch]:
    """Each set of axes, as they are written or cut to those of x."""
    sets = [s for n in (1, 2, 3, 4) for s in itertools.combinations(range(4), n)]
    for numbers, cut, keep in itertools.product(sets, _CUTS, (False, True)):
        if numbers == _RIGHT and cut and not keep:
            continue
        price, message = _of_axes(numbers, keep=keep)
        value = Axes(numbers, cut, keep)
        yield Switch("axes", value, BATCH[0], price, message, *BATCH[1:])


def _of_axes(numbers: tuple[int, ...], *, keep: bool) -> tuple[float, str]:
    """Price and message of axes that mean and variance are taken over."""
    if keep:
        return 5, (
            "Mean and variance keep the axes that they are taken over, with size 1: "
            "their shape is to be that of the moving averages."
        )
    if numbers == _RIGHT:
        return BEHAVIOUR, (
            "Mean and variance are taken over axes 0, 1 and 2 whatever x is: where x "
            "has two axes, (m, channels), batch_norm raises an error."
        )
    if len(numbers) == 4:
        return 5, ALL_AXES
    *others, last = map(str, numbers)
    over = f"axes {', '.join(others)} and {last}" if others else f"axis {last} alone"
    return 5, (
        f"Where x has four axes, mean and variance are taken over {over}; 0, 1 and 2 "
        "are asked for: all but the channels."
    )


#: Wrong axes, which stop most calls: the moving averages have the channels' shape.
AXES = tuple(_axes())
