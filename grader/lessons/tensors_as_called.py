"""Hidden calls of lesson 3 with the arguments that its network calls with."""

from collections.abc import Mapping

from grader.exercise.ranges import Call, Scope, call

#: Channels of the network.
_CHANNELS = (64, 128, 256, 512, 1024, 2048)
#: Each pair of window and stride that its convolutions have, in two calls each.
_WINDOWS = ((7, 2), (3, 1), (1, 2), (3, 1), (1, 1), (1, 1))
_CONV2D = tuple(
    call(f"network_{n}", 3, 2, 3, batch=1, num_outputs=n, kernel_size=k, stride=s,
         scope=Scope("conv"))
    for n, (k, s) in zip(_CHANNELS, _WINDOWS, strict=True)
)  # fmt: skip
_BATCH_NORM = tuple(
    call(f"network_{n}", 2, 3, n, is_training=n != 64, scope=Scope("bn"))
    # of variables with more numbers only a sample is captured
    for n in _CHANNELS[:3]
)
_FC = (call("network", 9, batch=4, num_outputs=1000, scope=Scope("fc")),)
#: Channels before a stage and after it, its bottlenecks, and their first stride.
_STAGES = ((64, 256, 3, 1), (256, 512, 4, 2), (512, 1024, 6, 2), (1024, 2048, 3, 2))
#: What layers compute on so many channels takes long.
_IF_NEEDED = {"real": "if_needed"}
_BOTTLENECK = (
    *(
        call(f"network_{n}", 4, 4, before, h_out=n // 4, n_out=n, stride=s,
             is_training=n != 512, scope=Scope("u"), more=_IF_NEEDED,
             situation=f"Where n_out is {n}")
        for before, n, _, s in _STAGES
    ),
    *(
        call(f"next_{n}", 4, 4, n, h_out=n // 4, n_out=n, is_training=n != 512,
             scope=Scope("u"), more=_IF_NEEDED,
             situation=f"Where the input has n_out channels already, {n}")
        for _, n, _, _ in _STAGES
    ),
)  # fmt: skip
_BLOCK = tuple(
    call(f"network_{n}", 4, 4, before, n_out=n, n=count, init_stride=s,
         is_training=n != 512, scope=Scope("s"), more=_IF_NEEDED,
         situation=f"Where n_out is {n}")
    for before, n, count, s in _STAGES
)  # fmt: skip
#: By the function's name.
AS_CALLED: Mapping[str, tuple[Call, ...]] = {
    "conv2d": _CONV2D,
    "batch_norm": _BATCH_NORM,
    "fc": _FC,
    "bottleneck": _BOTTLENECK,
    "block": _BLOCK,
}
