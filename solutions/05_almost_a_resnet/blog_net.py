"""The network as a blog published it, in Keras and in PyTorch, faults and all.

Written anew for this lesson, after a post that is copied a lot. It runs, it trains,
and it is called ResNet-50. Section 2 of the notebook finds out what it is, with tools
and without this file: read it afterwards, and compare it with your diagnosis.
"""

from port_utils import keras, nn, torch

layers = keras.layers


def _component(x, filters, window, strides=1):
    """Convolution, batch normalisation, ReLU."""
    padding = "same" if window > 1 else "valid"
    x = layers.Conv2D(filters, window, strides=strides, padding=padding)(x)
    x = layers.BatchNormalization(axis=3)(x)
    return layers.Activation("relu")(x)


def published_identity_block(x, filters):
    """What the blog calls an identity block.

    Args:
        x: tensor of shape (m, height, width, channels)
        filters: three numbers

    Returns:
        tensor of shape (m, height, width, something)
    """
    f1, f2, f3 = filters
    before = x
    x = _component(x, f1, 1)
    x = _component(x, f2, 3)
    x = _component(x, f3, 1)
    x = layers.Concatenate(axis=-1)([x, before])
    return layers.Activation("relu")(x)


def published_convolutional_block(x, filters, strides):
    """What the blog calls a convolutional block.

    Args:
        x: tensor of shape (m, height, width, channels)
        filters: three numbers
        strides: of the first convolution, and of the one beside the main path

    Returns:
        tensor of shape (m, height / strides, width / strides, something)
    """
    f1, f2, f3 = filters
    before = x
    x = _component(x, f1, 1, strides)
    x = _component(x, f2, 3)
    x = _component(x, f3, 1)
    before = layers.Conv2D(f3, 1, strides=strides)(before)
    before = layers.BatchNormalization(axis=3)(before)
    x = layers.Concatenate(axis=-1)([x, before])
    return layers.Activation("relu")(x)


#: Filters of each stage's first block, of the others, and how many others there are.
_STAGES = (
    ((64, 64, 256), (64, 64, 256), 2),
    ((128, 128, 512), (128, 128, 512), 3),
    ((256, 256, 1024), (256, 265, 1024), 5),
    ((512, 512, 2048), (512, 512, 2048), 2),
)


def published_resnet50(input_shape=(224, 224, 3), classes=1000):
    """What the blog calls ResNet50.

    Args:
        input_shape: of one image, (height, width, channels)
        classes: how many

    Returns:
        a Keras Model from images to probabilities (m, classes)
    """
    image = keras.Input(input_shape)
    x = layers.ZeroPadding2D(3)(image)
    x = layers.Conv2D(64, 7, strides=2)(x)
    x = layers.BatchNormalization(axis=3)(x)
    x = layers.Activation("relu")(x)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for stage, (first, others, count) in enumerate(_STAGES, start=2):
        x = published_convolutional_block(x, first, 1 if stage == 2 else 2)
        for _ in range(count):
            x = published_identity_block(x, others)
    x = layers.AveragePooling2D(7)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(classes, activation="softmax")(x)
    return keras.Model(image, x, name="ResNet50")


class _ConvNorm(nn.Module):
    """Convolution and batch normalisation, with a ReLU if asked for."""

    def __init__(self, channels, filters, window, stride=1, padding=0, relu=True):
        super().__init__()
        self.conv = nn.Conv2d(channels, filters, window, stride, padding)
        self.norm = nn.BatchNorm2d(filters)
        self.relu = relu

    def forward(self, x):
        """Takes and gives (m, channels, height, width)."""
        x = self.norm(self.conv(x))
        return torch.relu(x) if self.relu else x


class PublishedBlock(nn.Module):
    """What the blog calls a block in PyTorch: its shortcut projects, or does not."""

    def __init__(self, channels, filters, stride=1, project=False):
        super().__init__()
        f1, f2, f3 = filters
        self.main = nn.Sequential(
            _ConvNorm(channels, f1, 1, stride),
            _ConvNorm(f1, f2, 3, padding=1),
            _ConvNorm(f2, f3, 1, relu=False),
        )
        self.side = _ConvNorm(channels, f3, 1, stride, relu=False) if project else None

    def forward(self, x):
        """Takes and gives (m, channels, height, width)."""
        before = self.side(x) if self.side else x
        return torch.relu(torch.cat([self.main(x), before], 1))


class PublishedResNet50(nn.Module):
    """What the blog calls ResNet-50 in PyTorch. Build it on the device "meta"."""

    def __init__(self, classes=1000):
        super().__init__()
        self.conv1 = _ConvNorm(3, 64, 7, stride=2)
        self.pool = nn.MaxPool2d(3, stride=2)
        blocks, channels = [], 64
        for stage, (filters, _, count) in enumerate(_STAGES, start=2):
            stride = 1 if stage == 2 else 2
            blocks.append(PublishedBlock(channels, filters, stride, project=True))
            channels = 2 * filters[2]
            for _ in range(count):
                blocks.append(PublishedBlock(channels, filters))
                channels += filters[2]
        self.blocks = nn.Sequential(*blocks)
        self.globalAvgPooling = nn.Conv2d(channels, channels, 7)
        self.fc = nn.Linear(channels, classes)
        self.activation = nn.Softmax()

    def forward(self, x):
        """From (m, 3, 224, 224) to probabilities (m, classes)."""
        x = self.blocks(self.pool(self.conv1(x)))
        x = self.globalAvgPooling(x)
        x = x.reshape(x.shape[0], -1)
        return self.activation(self.fc(x))
