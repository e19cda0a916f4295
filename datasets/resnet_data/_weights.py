"""Trained weights as a small file, put into a network by the names of its layers.

One HDF5 group for each layer that has weights, named as the layer; in it a float16
dataset for each of its arrays: kernel, bias, gamma, beta, moving_mean,
moving_variance. So a network finds its weights in whatever order its layers stand.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from resnet_data._home import MODEL_FOLDER

if TYPE_CHECKING:
    import h5py

FORMAT = "resnet-course weights"
VERSION = 1

#: The trained model of the course; SHA256 beside it is what sha256sum prints of it.
SHIPPED = MODEL_FOLDER / "resnet50_signs.h5"

_AGAIN = "Install the course anew, or put an undamaged copy there."
_BY_NAME = "names are what the weights are found by"


class WeightsError(Exception):
    """Weights that cannot be written, read or put into a network.

    Its text is one line.

    Args:
        invariant: what has to hold.
        found: what is there instead.
        remedy: what the reader can do about it.
    """

    def __init__(self, invariant: str, found: str, remedy: str) -> None:
        super().__init__(invariant, found, remedy)
        self.invariant = invariant
        self.found = found
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(f"{self.found}: {self.invariant}. {self.remedy}".split())


def save_weights(model: Any, path: str | Path) -> None:
    """Write the weights of a model, so that the file is there in full or not at all.

    The same weights give the same bytes.

    Args:
        model: a Keras model whose layers have names of their own.
        path: where to; the folder has to be there.

    Raises:
        WeightsError: two layers have one name, or a value is too large for float16.
        OSError: the file cannot be written.
    """
    import h5py

    path = Path(path)
    arrays = {
        name: {key: _half(name, key, v) for key, v in sorted(variables.items())}
        for name, variables in sorted(_layers(model).items())
    }
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with h5py.File(part, "w", locking=False, track_order=False) as file:
            file.attrs["format"] = FORMAT
            file.attrs["version"] = VERSION
            for name, group in arrays.items():
                for key, array in group.items():
                    file.create_dataset(
                        f"{name}/{key}",
                        data=array,
                        chunks=array.shape,
                        compression="gzip",
                        compression_opts=9,
                        shuffle=True,
                        track_times=False,
                    )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def load_weights(model: Any, path: str | Path | None = None) -> Path:
    """Put trained weights into a model, each layer's by the layer's name.

    Nothing is changed unless every weight of the file and of the model fits.

    Args:
        model: a Keras model, for instance a learner's own ResNet50.
        path: a file that `save_weights` wrote; None takes the one that the course
            ships, and compares its checksum first.

    Returns:
        The file that was read.

    Raises:
        WeightsError: the file is missing, damaged or of another kind, or its layers
            are not those of the model; the text names the first few that differ.
    """
    import h5py

    shipped = path is None
    path = SHIPPED if path is None else Path(path)
    data = _read(path)
    if shipped:
        _compare_checksum(path, data)
    layers = _layers(model)
    try:
        # From memory: what is read is what the checksum was taken of
        with h5py.File(io.BytesIO(data), "r") as file:
            arrays = _checked(path, file, layers)
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise _damaged(path, data) from error
    for name, variables in layers.items():
        for key, variable in variables.items():
            variable.assign(arrays[name][key])
    return path


def _layers(model: Any) -> dict[str, dict[str, Any]]:
    """Variables by their names, by the names of the layers that have them."""
    found: dict[str, dict[str, Any]] = {}
    seen: list[Any] = []
    for layer in _leaves(model):
        # One layer called in two places is still one layer
        if not layer.weights or any(layer is other for other in seen):
            continue
        seen.append(layer)
        if layer.name in found:
            raise WeightsError(
                _BY_NAME,
                f"Your network has two layers with the name {layer.name}",
                "Compare the stage and the block of your calls.",
            )
        found[layer.name] = {variable.name: variable for variable in layer.weights}
    return found


def _leaves(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _leaves(layer)
        else:
            yield layer


def _half(layer: str, key: str, variable: Any) -> npt.NDArray[np.float16]:
    with np.errstate(over="ignore"):
        array = np.asarray(variable.numpy()).astype(np.float16)
    if not np.isfinite(array).all():
        raise WeightsError(
            "float16 holds finite numbers up to 65,504",
            f"{key} of the layer {layer} has a larger one, or none at all (nan)",
            "Was the training stable? Train anew, with a smaller learning rate.",
        )
    return array


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WeightsError(
            "trained weights are read from a file",
            f"{path} cannot be read: {(error.strerror or str(error)).lower()}",
            "Check folder and spelling." if path != SHIPPED else _AGAIN,
        ) from error
    if data.startswith(b"version https://git-lfs"):
        raise WeightsError(
            "trained weights are read from an HDF5 file",
            f"{path} is only Git LFS's pointer to it",
            "Fetch the file itself: git lfs pull.",
        )
    return data


def _compare_checksum(path: Path, data: bytes) -> None:
    note = path.with_name("SHA256")
    try:
        expected = note.read_text("ascii").split()[0]
    except (OSError, ValueError, IndexError) as error:
        raise WeightsError(
            f"the checksum of {path.name} stands in it",
            f"{note} cannot be read",
            _AGAIN,
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise WeightsError(
            f"the weights of the course have the SHA-256 {expected[:12]}…",
            f"{path} is another file, or damaged or cut short: {len(data):,} bytes "
            f"with {found[:12]}…",
            _AGAIN,
        )


def _checked(
    path: Path, file: h5py.File, layers: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, npt.NDArray[np.float32]]]:
    if file.attrs.get("format") != FORMAT:
        raise WeightsError(
            "this function reads what the course's save_weights wrote",
            f"{path} is an HDF5 file of another kind",
            "If Keras wrote it, call model.load_weights instead.",
        )
    if file.attrs.get("version") != VERSION:
        raise WeightsError(
            f"this course reads weights of version {VERSION}",
            f"{path} has version {file.attrs.get('version')}",
            "Use a file and a course of one age.",
        )
    groups = {
        name: {key: _dataset(group, key) for key in group}
        for name, group in file.items()
    }
    _compare_layers(
        {n: {k: d.shape for k, d in g.items()} for n, g in groups.items()},
        {n: {k: tuple(v.shape) for k, v in g.items()} for n, g in layers.items()},
    )
    # Read only now: the shapes say that they are no larger than the network
    arrays = {
        name: {key: np.asarray(d[()], np.float32) for key, d in group.items()}
        for name, group in groups.items()
    }
    for name, group in arrays.items():
        for key, array in group.items():
            if not np.isfinite(array).all():
                raise WeightsError(
                    "weights are finite numbers",
                    f"{key} of the layer {name} in {path} has others",
                    "Use an undamaged copy of the file.",
                )
    return arrays


def _dataset(group: h5py.Group, key: str) -> h5py.Dataset:
    import h5py

    item = group[key]
    if not isinstance(item, h5py.Dataset) or item.dtype.kind != "f":
        raise ValueError(f"{item.name} is no array of numbers")
    return item


_Arrays = Mapping[str, tuple[int, ...]]


def _compare_layers(stored: Mapping[str, _Arrays], own: Mapping[str, _Arrays]) -> None:
    missing = sorted(name for name in stored if name not in own)
    extra = sorted(name for name in own if name not in stored)
    if missing:
        found = f"Your network has no layer {_listed(missing)}"
        if extra:
            found += f"; it has {_listed(extra)}, which the weights lack"
        raise WeightsError(
            _BY_NAME, found, "Compare the names of your layers with the specification."
        )
    if extra:
        raise WeightsError(
            _BY_NAME,
            f"There are no weights for your network's layer {_listed(extra)}",
            "Compare your layers and their names with the specification.",
        )
    differing = [name for name in own if own[name] != stored[name]]
    if differing:
        name, *others = differing
        also = f"; likewise {_listed(others, 'and')}" if others else ""
        raise WeightsError(
            "a layer takes only weights of its own shape",
            f"The layer {name} has {_first_difference(own[name], stored[name])}{also}",
            "Compare the layer's filters and window with the specification.",
        )


def _first_difference(own: _Arrays, stored: _Arrays) -> str:
    keys = sorted({*own, *stored}, key=lambda key: (key != "kernel", key))
    key = next(key for key in keys if own.get(key) != stored.get(key))
    if key not in own:
        return f"no {key}, for which there are weights"
    if key not in stored:
        return f"a {key}, which the weights lack"
    return f"a {key} of shape {own[key]}, the weights have {stored[key]}"


def _listed(names: Sequence[str], word: str = "or") -> str:
    *most, last = names
    if len(most) > 2:
        return f"{', '.join(most[:3])} and {len(most) - 2} more"
    return f"{', '.join(most)} {word} {last}" if most else last


def _damaged(path: Path, data: bytes) -> WeightsError:
    hdf5 = data.startswith(b"\x89HDF\r\n\x1a\n")
    what = "is cut short or damaged" if hdf5 else "is no HDF5 file"
    return WeightsError(
        "trained weights are read from a whole HDF5 file",
        f"{path} {what} ({len(data):,} bytes)",
        _AGAIN if path == SHIPPED else "Put an undamaged copy there.",
    )
