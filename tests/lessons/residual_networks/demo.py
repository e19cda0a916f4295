"""What lesson 1's sample class is to lose, and is told."""

_FULL = {"identity_block": 30, "convolutional_block": 30, "ResNet50": 40}

#: by student and function: at least, at most
LOSSES = {
    "ada_finished": {},
    "ben_own_style": {},
    "cleo_untouched": {name: (points, points) for name, points in _FULL.items()},
    "dan_one_block": {"convolutional_block": (30, 30), "ResNet50": (40, 40)},
    "eva_unnamed_pool": {"ResNet50": (1, 5)},
    "finn_old_text": {"ResNet50": (5, 12)},
    "gwen_stride_1": {"ResNet50": (8, 15)},
    "hugo_no_shortcut": {"identity_block": (15, 30)},
    "ivy_early_relu": {"identity_block": (3, 8)},
    "jon_stage_names": {"ResNet50": (3, 8)},
    "kim_concatenates": {"identity_block": (15, 30), "convolutional_block": (15, 30)},
    "leo_syntax_error": {"convolutional_block": (30, 30)},
    "mia_endless_loop": {"ResNet50": (40, 40)},
    "nils_torn_file": {"ResNet50": (40, 40)},
}
#: a part of what each is told
WORDS = {
    "cleo_untouched": "not written yet",
    "eva_unnamed_pool": "avg_pool",
    "finn_old_text": "older text",
    "gwen_stride_1": "s is 1",
    "hugo_no_shortcut": "shortcut",
    "ivy_early_relu": "ReLU",
    "jon_stage_names": "stage",
    "kim_concatenates": "Concatenate",
    "leo_syntax_error": "line ",
    "mia_endless_loop": "endless loop",
    "nils_torn_file": "not defined",
}
