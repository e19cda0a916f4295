"""The mistakes that people make in the layers of lesson 3, in words and with prices."""

from grader.judge.switches import Switch

_SAME = "The padding is 'SAME': each output has ceil(size / stride) rows and columns."
_STRIDE = "The stride is the same for rows and columns, and is the argument's."
_NO_BIAS = "A convolution of a residual network has no bias and no activation."


def _values(look: str):
    def switch(name, value, price, message, sentence=""):
        return Switch(name, value, "values", price, message, sentence, look)

    return switch


_conv = _values("Look at the line that convolves.")
CONV2D = (
    _conv("padding", "valid", 4, "The convolution pads with 'VALID', that is not at "
          "all; the specification asks for 'SAME'.", _SAME),
    _conv("stride", 1, 4, "The stride is 1, whatever the argument says.", _STRIDE),
    _conv("stride", 2, 4, "The stride is 2, whatever the argument says.", _STRIDE),
    _conv("stride", "rows", 3, "The stride holds for the rows only: that of the "
          "columns is 1.", _STRIDE),
    _conv("stride", "columns", 3, "The stride holds for the columns only: that of "
          "the rows is 1.", _STRIDE),
    _conv("stride", "dilation", 4, "The stride is passed on as dilation: the window "
          "is spread out, not moved.", _STRIDE),
    _conv("padding", "even", 4, "The input is padded alike on all sides, as PyTorch "
          "does it; 'SAME' puts the odd row and column at the end.", _SAME),
    _conv("kernel", "flipped", 3, "The kernel is turned round before it is used; "
          "tf.nn.conv2d takes it as it is.", "The kernel is used as it is."),
    _conv("kernel", "turned", 3, "Rows and columns of the kernel are exchanged.",
          "The kernel is used as it is."),
    _conv("after", "relu", 3, "A ReLU follows the convolution.", _NO_BIAS),
    _conv("after", "softmax", 3, "A softmax follows the convolution.", _NO_BIAS),
    _conv("extra", True, 0, "A further variable is added to the result.", _NO_BIAS),
)  # fmt: skip

_fc = _values("Look at the line that multiplies.")
_DENSE = "The result is x times the weight, plus the bias, and nothing more."
FC = (
    _fc("bias", "", 4, "The bias is not added.", _DENSE),
    _fc("bias", "subtracted", 3, "The bias is subtracted.", _DENSE),
    _fc("after", "relu", 3, "A ReLU follows: the logits are to keep their sign.",
        _DENSE),
    _fc("after", "softmax", 3, "A softmax follows: fc gives the logits, and the "
        "network makes probabilities of them.", _DENSE),
    _fc("after", "sigmoid", 3, "A sigmoid follows.", _DENSE),
    _fc("after", "tanh", 3, "A tanh follows.", _DENSE),
    _fc("extra", True, 0, "A further variable is added to the result.", _DENSE),
)  # fmt: skip

_avg = _values("Look at the line that pools.")
_VALID = "The padding is 'VALID': rows and columns that fill no window are left out."
_WINDOW = "The stride is the window's size: windows do not overlap."
_MEAN = "Average pooling takes the mean of each window."
AVG_POOL = (
    _avg("padding", "same", 3, "The pooling pads with 'SAME'; the specification asks "
         "for 'VALID'.", _VALID),
    _avg("padding", "zeros", 3, "The pooling counts zeros beyond the edge; with "
         "'VALID' there are none.", _VALID),
    _avg("stride", 1, 3, "The stride is 1, the specification asks for pool_size.",
         _WINDOW),
    _avg("stride", 2, 3, "The stride is 2, the specification asks for pool_size.",
         _WINDOW),
    _avg("size", 2, 3, "The window is 2, whatever pool_size says.", _MEAN),
    _avg("size", 7, 3, "The window is 7, whatever pool_size says.", _MEAN),
    _avg("size", "global", 3, "All rows and columns are averaged, as global average "
         "pooling does it, whatever pool_size says.", _WINDOW),
    _avg("after", "relu", 3, "A ReLU follows the pooling.", _MEAN),
    _avg("kind", "max", 4, "The largest value of each window is taken, not the mean.",
         _MEAN),
    _avg("kind", "sum", 3, "The sum of each window is taken, not the mean.", _MEAN),
    _avg("kind", "min", 4, "The smallest value of each window is taken, not the mean.",
         _MEAN),
)  # fmt: skip

_max = _values("Look at the line that pools.")
_MAX = "Max pooling takes the largest value of each window."
_OWN_STRIDE = "Window and stride are two arguments."
MAX_POOL = (
    _max("padding", "valid", 3, "The pooling pads with 'VALID', that is not at all; "
         "the specification asks for 'SAME'.", _SAME),
    _max("padding", "zeros", 3, "Zeros are put around the input before pooling: where "
         "all values are negative, a zero wins. 'SAME' lets no padding win.", _SAME),
    _max("padding", "even", 3, "The input is padded alike on all sides; 'SAME' puts "
         "the odd row and column at the end.", _SAME),
    _max("stride", "size", 3, "The stride is pool_size: the argument stride is not "
         "used.", _OWN_STRIDE),
    _max("stride", 1, 3, "The stride is 1: the argument stride is not used.",
         _OWN_STRIDE),
    _max("stride", 2, 3, "The stride is 2: the argument stride is not used.",
         _OWN_STRIDE),
    _max("size", "stride", 3, "The window is as large as the stride: pool_size is not "
         "used.", _OWN_STRIDE),
    _max("size", 3, 3, "The window is 3: pool_size is not used.", _OWN_STRIDE),
    _max("size", 2, 3, "The window is 2: pool_size is not used.", _OWN_STRIDE),
    _max("exchanged", True, 3, "Window and stride have changed places.", _OWN_STRIDE),
    _max("after", "relu", 3, "Negative values become zero: no ReLU and no zero "
         "belongs into the pooling.", _MAX),
    _max("kind", "mean", 4, "The mean of each window is taken, not the largest value.",
         _MAX),
    _max("kind", "min", 4, "The smallest value of each window is taken.", _MAX),
)  # fmt: skip


def _norm(name, value, check, price, message, sentence, look):
    return Switch(name, value, check, price, message, sentence, f"Look at {look}.")


_BATCH = ("Mean and population variance are taken over all axes but the channels.",
          "the line with the moments of x")  # fmt: skip
_FORMULA = ("The result is gamma (x - mean) / sqrt(variance + epsilon) + beta.",
            "the last line of batch_norm")  # fmt: skip
_MOVES = ("In training a moving average becomes decay times itself plus (1 - decay) "
          "times the batch's value.", "the lines that assign")  # fmt: skip
_INFERENCE = ("Where is_training is False, mean and variance are the moving averages, "
              "and nothing is updated.", "the branch for inference")  # fmt: skip
_TRAINING = ("Where is_training is True, mean and variance are those of the batch.",
             "the branch for training")  # fmt: skip
BATCH_NORM = (
    _norm("moments", "sample", "training", 4, "The variance is the sample variance "
          "(divided by n - 1), the specification asks for the population variance.",
          *_BATCH),
    _norm("moments", "deviation", "training", 4, "The standard deviation stands where "
          "the variance belongs.", *_BATCH),
    _norm("moments", "mean of squares", "training", 4, "The variance is the mean of "
          "the squares: the mean has not been subtracted.", *_BATCH),
    _norm("training", "moving", "training", 5, "In training x is normalised with the "
          "moving averages, not with mean and variance of the batch.", *_TRAINING),
    _norm("training", "updated", "training", 5, "In training x is normalised with "
          "the moving averages that have just been updated, not with mean and "
          "variance of the batch.", *_TRAINING),
    _norm("inference", "batch", "inference", 4, "In inference x is normalised with "
          "mean and variance of the batch, not with the moving averages.",
          *_INFERENCE),
    _norm("inference", "mean of the batch", "inference", 4, "In inference the mean is "
          "that of the batch, not the moving average.", *_INFERENCE),
    _norm("when", "always", "inference", 4, "The moving averages are updated in "
          "inference, too.", *_INFERENCE),
    _norm("when", "swapped", "training", 5, "is_training means the opposite: the "
          "moving averages are used in training, the batch in inference.",
          *_TRAINING),
    _norm("update", "neither", "moving", 6, "The moving averages are not updated in "
          "training: they stay as they are.", *_MOVES),
    _norm("update", "mean", "moving", 3, "moving_variance is not updated in training.",
          *_MOVES),
    _norm("update", "variance", "moving", 3, "moving_mean is not updated in training.",
          *_MOVES),
    _norm("update", "crossed", "moving", 4, "moving_mean gets the batch's variance, "
          "and moving_variance its mean.", *_MOVES),
    _norm("decay", "swapped", "moving", 4, "decay and 1 - decay have changed places: "
          "the old value is to keep the share decay.", *_MOVES),
    _norm("decay", 0.999, "moving", 3, "The decay is 0.999, whatever the argument "
          "says.", *_MOVES),
    _norm("decay", 0.99, "moving", 3, "The decay is 0.99, whatever the argument says.",
          *_MOVES),
    _norm("decay", 0.9, "moving", 3, "The decay is 0.9, whatever the argument says.",
          *_MOVES),
    _norm("decay", "debiased", "moving", 4, "The moving averages become the batch's "
          "values at once, as with zero-debias at the first step; the specification "
          "asks for none.", *_MOVES),
    _norm("decay", "added", "moving", 3, "The batch's value is added whole: it is to "
          "be multiplied by 1 - decay.", *_MOVES),
    _norm("decay", "subtracted", "moving", 3, "The old value is not multiplied by "
          "decay.", *_MOVES),
    _norm("kept", "sample", "moving", 3, "moving_variance gets the sample variance "
          "(divided by n - 1), as fused batch normalisation computes it; the "
          "specification asks for the population variance.", *_MOVES),
    _norm("kept", "deviation", "moving", 3, "moving_variance gets the standard "
          "deviation, not the variance.", *_MOVES),
    _norm("kept", "mean of squares", "moving", 3, "moving_variance gets the mean of "
          "the squares: the mean has not been subtracted.", *_MOVES),
    _norm("variance", "sample", "training", 3, "x is divided by the root of the sample "
          "variance (n - 1), the specification asks for the population variance.",
          *_BATCH),
    _norm("variance", "deviation", "training", 4, "The standard deviation stands where "
          "the variance belongs.", *_BATCH),
    _norm("variance", "no root", "training", 4, "x is divided by the variance: the "
          "square root is missing.", *_FORMULA),
    _norm("variance", "mean of squares", "training", 4, "The variance is the mean of "
          "the squares: the mean has not been subtracted.", *_BATCH),
    _norm("axes", "batch", "training", 5, "Mean and variance are taken over the batch "
          "axis alone, not over rows and columns as well.", *_BATCH),
    _norm("axes", "image", "training", 5, "Mean and variance are taken of each image "
          "by itself, not over the batch.", *_BATCH),
    _norm("axes", "all", "training", 5, "Mean and variance are taken over all axes, "
          "the channels included.", *_BATCH),
    _norm("axes", "layer", "training", 5, "Mean and variance are taken over the "
          "channels, not for each of them.", *_BATCH),
    _norm("epsilon", 0.0, "training", 4, "epsilon is not added to the variance.",
          *_FORMULA),
    _norm("epsilon", 1e-5, "training", 4, "epsilon is 1e-5, whatever the argument "
          "says.", *_FORMULA),
    _norm("epsilon", 1e-3, "training", 4, "epsilon is 1e-3, whatever the argument "
          "says.", *_FORMULA),
    _norm("epsilon", "outside", "training", 4, "epsilon is added to the square root, "
          "not to the variance below it.", *_FORMULA),
    _norm("epsilon", "decay", "training", 4, "decay is passed on where epsilon "
          "belongs.", *_FORMULA),
    _norm("affine", "swapped", "training", 4, "beta and gamma have changed places.",
          *_FORMULA),
    _norm("gamma", "ones", "training", 4, "gamma is not used.", *_FORMULA),
    _norm("beta", "zeros", "training", 4, "beta is not added.", *_FORMULA),
    _norm("gamma", "beta", "training", 4, "beta stands where gamma belongs.",
          *_FORMULA),
    _norm("beta", "gamma", "training", 4, "gamma stands where beta belongs.",
          *_FORMULA),
)  # fmt: skip
