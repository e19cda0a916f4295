"""What the sample students of lesson 3 lose, and a part of what each is told."""

LOSSES = {
    "ada_finished": {},
    "ben_own_style": {},
    "eva_names_rebound": {"batch_norm": (3, 6)},
    "gwen_forgets_training": {"conv2d": (3, 4), "bottleneck": (3, 6), "ResNet50": (3, 4)},
}
WORDS = {"eva_names_rebound": "not updated", "gwen_forgets_training": "VALID"}
