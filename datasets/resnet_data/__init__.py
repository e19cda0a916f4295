"""Images of hands that show 0 to 5: the data of the lessons.

from resnet_data import convert_to_one_hot, load_dataset
"""

from resnet_data._errors import DatasetError
from resnet_data._home import MODEL_FOLDER
from resnet_data._load import convert_to_one_hot, load_dataset
from resnet_data._picture import PictureError, open_picture, picture_of
from resnet_data._sources import Source, drawn_source, source_in_use
from resnet_data._square import to_square
from resnet_data._weights import WeightsError, load_weights, save_weights

__all__ = [
    "MODEL_FOLDER",
    "DatasetError",
    "PictureError",
    "Source",
    "WeightsError",
    "convert_to_one_hot",
    "drawn_source",
    "load_dataset",
    "load_weights",
    "open_picture",
    "picture_of",
    "save_weights",
    "source_in_use",
    "to_square",
]
