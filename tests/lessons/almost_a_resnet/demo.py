"""What the sample students of lesson 5 are to lose, and part of what they are told."""

LOSSES = {
    "ada_finished": {},
    "ben_own_style": {},
    "kim_concatenates": {"identity_block": (7.5, 15), "Bottleneck": (10, 20)},
    "olga_overlooks_some": {"diagnose": (5, 5), "Bottleneck": (2, 5.5), "ResNet50Torch": (1, 4)},
}
WORDS = {"kim_concatenates": "Concatenate", "olga_overlooks_some": "not named"}
