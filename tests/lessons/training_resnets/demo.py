"""What lesson 2's sample class is to lose, and is told."""

#: by student and function: at least, at most
LOSSES = {
    "ada_finished": {},
    "eva_forgot_training": {"identity_block": (4, 8), "ResNet50": (4, 5)},
    "finn_own_seed": {"convolutional_block": (3, 4)},
    "gwen_adam_by_name": {"compile_and_fit": (8, 8)},
}
#: a part of what each is told first
WORDS = {"eva_forgot_training": "training", "finn_own_seed": "seed 1", "gwen_adam_by_name": "learning rate"}
