"""Images of hands that show 0 to 5: the data of the lessons.

from datasets import convert_to_one_hot, load_dataset
"""

from datasets._errors import DatasetError
from datasets._load import convert_to_one_hot, load_dataset
from datasets._sources import Source, source_in_use
from datasets._square import to_square
from datasets._weights import WeightsError, load_weights, save_weights

__all__ = [
    "DatasetError",
    "Source",
    "WeightsError",
    "convert_to_one_hot",
    "load_dataset",
    "load_weights",
    "save_weights",
    "source_in_use",
    "to_square",
]
