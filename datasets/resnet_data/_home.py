"""The folder that goes with this package: the trained model, and images one brings.

In a checkout that is `datasets/`, around the package. A regular package of that name
is Hugging Face's, so that the folder is no package itself; an installed one has its
model inside.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

HOME = _PACKAGE.parent if _PACKAGE.parent.name == "datasets" else _PACKAGE
MODEL_FOLDER = HOME / "model"
