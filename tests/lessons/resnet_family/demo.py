"""What the sample students of the family's lesson are to lose, and to read."""

_ALL = {
    "shortcut": (15, 15),
    "basic_block": (20, 20),
    "bottleneck_block": (20, 20),
    "resnet": (25, 25),
    "count_params": (8, 8),
    "count_flops": (12, 12),
}
#: What each student is to lose at least and at most, by function.
LOSSES = {
    "ada_finished": {},
    "cleo_untouched": _ALL,
    "gwen_stride_1": {"resnet": (8, 15)},
    "olga_padded_front": {"shortcut": (3, 7), "count_params": (3, 3)},
}
#: A part of the first finding of each.
WORDS = {"cleo_untouched": "not written yet", "gwen_stride_1": "s is 1", "olga_padded_front": "before the channels"}
