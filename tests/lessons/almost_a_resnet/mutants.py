"""Single faults in lesson 5's functions, and what each may cost.

Price list, in points:

| mistake | Keras block (15) | ResNet50, ResNet50Torch (15) | Bottleneck (20) |
| --- | --- | --- | --- |
| one hyperparameter of a layer | 1.5 to 4 | 1 to 4.5 | 2 to 5.5 |
| a name, or several | 1 to 4 | 1 to 4 | 2 to 5.5 |
| initial weights | 0.5 to 4 | 0.5 to 3 | nothing |
| a layer missing, too many, of another kind | 1.5 to 7.5 | 1 to 6 | 2 to 10 |
| ReLU before the sum | 1.5 to 4 | | 2 to 5.5 |
| the shortcut forgotten or concatenated | 7.5 to 15 | | 10 to 20 |
| an argument of a block, once or in one stage | | 1 to 4.5 | |
| blocks missing, doubled, swapped | | 1 to 6 | |
| only seen under other arguments | 1 to 4 | 0.5 to 3 | 1.5 to 5.5 |
| a function that raises | 15 | 15 | 20 |
| Bottleneck that raises for its projection alone | | | 3 to 6 |

Of `diagnose`'s 20: a fault of the blocks that is not told 3, a call's filters 1, the
names 3; each that is not there 2.
"""

from collections.abc import Iterator

from tests.lessons.almost_a_resnet import mutants_bottleneck, mutants_diagnose, mutants_keras, mutants_torch
from tests.lessons.mutant import Mutant


def _all() -> Iterator[Mutant]:
    yield from mutants_diagnose.mutants()
    yield from mutants_keras.mutants()
    yield from mutants_bottleneck.mutants()
    yield from mutants_torch.mutants()


MUTANTS = tuple(_all())
