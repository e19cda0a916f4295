"""What lesson 5 asks of the mended Keras functions: lesson 1's blocks with 3x3 windows.

He et al. 2015 (arXiv:1512.03385), table 1, for images of 224x224 and 1000 classes.
The network ends in global average pooling (section 3.3 of the paper).
"""

from grader.judge.network.policy import Policy
from grader.judge.network.rows import Row
from grader.lessons import named

IDENTITY_BLOCK, CONVOLUTIONAL_BLOCK = named.blocks(window=3)
BLOCKS = {table.name: table for table in (IDENTITY_BLOCK, CONVOLUTIONAL_BLOCK)}
RESNET50 = named.network(
    IDENTITY_BLOCK,
    CONVOLUTIONAL_BLOCK,
    Row("pooling", "GlobalAveragePooling2D", named.POOLING, name="avg_pool"),
    1000,
    given=False,
)
#: Prices are those of lesson 1, where a block has 30 points and the network 40.
BLOCK = Policy(scale=15 / 30)
NETWORK = Policy(scale=15 / 40, may_be_large=True)
