"""Wrong versions of the family's functions, one fault each.

The price list of the lesson:

shortcut, 15: one hyperparameter of the projection, or a layer of it, 3 to 5; a case of
an option wrong 3 to 5; an option that never works, its points: A 7, B 5, C 3; nothing
works, 15.
basic_block, bottleneck_block, 20 each: one hyperparameter or argument 3 to 8; a layer
missing, too many or of another kind 3 to 12; ReLU before the sum 3 to 8; shortcut
forgotten 8 to 20; concatenated 10 to 20; what only shows under other arguments 3 to 8;
a function that raises, 20; for its shortcut alone, what that lacks.
resnet, 25: a number of blocks, of one depth, 4 to 8; an argument of blocks 4 to 8;
strides of 1 in stages 3 to 5, 8 to 15; the other kind of block 6 to 10; a stage lost 5
to 12; a depth that raises 5 to 8; the head 3 to 5; options, sizes, defaults 3 to 5.
count_params, 8: one slip 3. count_flops, 12: one slip 4. Other wrong counts: more than
half, all where none is right.
"""

from tests.lessons.resnet_family.block_mutants import block
from tests.lessons.resnet_family.count_mutants import counts
from tests.lessons.resnet_family.plan_mutants import resnet
from tests.lessons.resnet_family.shortcut_mutants import shortcut

MUTANTS = (*shortcut(), *block("basic_block"), *block("bottleneck_block"), *resnet(), *counts())
