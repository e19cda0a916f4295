"""Hidden calls of lesson 3 with the arguments that its network calls with."""

from collections.abc import Mapping
from typing import Any

from grader.exercise.columns import columns
from grader.exercise.ranges import Call, Scope, Times, call

#: Channels of the network; those of its stages are the last four.
_CHANNELS = (64, 128, 256, 512, 1024, 2048)
#: What layers compute on so many channels takes long.
_STAGES: Mapping[str, Any] = {
    "n_out": _CHANNELS[2:],
    "is_training": (True, False, True, True),
    "batch": 1,
    "more": {"real": "if_needed"},
}
_BEFORE, _STRIDES = (64, *_CHANNELS[2:5]), (1, 2, 2, 2)
_SHOWN = "Where n_out is {n_out}"
_SAME = "Where the input has n_out channels already, {n_out}"
#: By the function's name.
AS_CALLED: Mapping[str, tuple[Call, ...]] = {
    # each pair of window and stride of the network, on maps larger than the window
    "conv2d": columns("network_{num_outputs}", (8, *[3] * 5), (7, 4, 2, 4, 2, 2), 3,
        batch=1, num_outputs=_CHANNELS, kernel_size=(7, 3, 1, 3, 1, 1),
        stride=(2, 1, 2, 1, 1, 1), scope=Scope("conv")),
    # of variables with more numbers only a sample is captured
    "batch_norm": columns("network_{0}", 2, 3, _CHANNELS[:3],
        is_training=(False, True, True), scope=Scope("bn")),
    "fc": (call("network", 9, batch=4, num_outputs=1000, scope=Scope("fc")),),
    "bottleneck": (
        *columns("network_{n_out}", 4, 4, _BEFORE, h_out=_CHANNELS[:4],
            stride=_STRIDES, scope=Scope("u"), situation=_SHOWN, **_STAGES),
        *columns("next_{n_out}", 4, 4, Times(1, "n_out"), h_out=_CHANNELS[:4],
            scope=Scope("u"), situation=_SAME, **_STAGES),
    ),
    "block": columns("network_{n_out}", 4, 4, _BEFORE, n=(3, 4, 6, 3),
        init_stride=_STRIDES, scope=Scope("s"), situation=_SHOWN, **_STAGES),
}  # fmt: skip
