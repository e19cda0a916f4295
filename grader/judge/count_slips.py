"""The slips that people make where they count what a model costs.

Options are those of the counts in `grader.judge.counts`.
"""

from grader.judge.values import Slip

PARAMETERS = (
    Slip({"biases": False}, "biases are not counted"),
    Slip({"bias_where_none": True}, "a bias is counted where a layer has none"),
    Slip({"moving": False},
         "the moving averages of batch normalisation are not counted, which no "
         "gradient trains but which the layer holds"),
    Slip({"learned": False, "moving": False}, "batch normalisation is not counted"),
    Slip({"learned": False},
         "gamma and beta of batch normalisation are not counted"),
    Slip({"learned": False, "biases": False, "moving": False},
         "only kernels are counted: no biases, no batch normalisation"),
    Slip({"moving": False, "learned": False, "dense": False},
         "only convolutions are counted"),
    Slip({"dense": False}, "dense layers are not counted"),
    Slip({"once": False},
         "a layer that is called twice is counted twice: it holds its weights "
         "once"),
    Slip({"kernels": False}, "kernels are not counted"),
)  # fmt: skip
_BIASES = "biases are counted: adding one is no multiplication"
MULTIPLY_ADDS = (
    Slip({"of_input": True},
         "a convolution's places are those of its input; its stride and padding "
         "make the output another size"),
    Slip({"window": False}, "the size of a convolution's window is left out"),
    Slip({"channels": False}, "the channels of a convolution's input are left out"),
    Slip({"filters": False}, "the number of filters is left out"),
    Slip({"places": False},
         "the weights of a convolution are counted once and not once for each "
         "place of its output"),
    Slip({"dense": False}, "dense layers are not counted"),
    Slip({"convolutions": False}, "convolutions are not counted"),
    Slip({"biases": True}, _BIASES),
    Slip({"biases": True, "bias_where_none": True}, _BIASES),
    Slip({"normalisations": True}, "batch normalisation is counted"),
    Slip({"doubled": True},
         "multiplication and addition are counted as two: a multiply-add is one"),
)  # fmt: skip
