"""Files that people take for pictures, told by their first bytes."""

from __future__ import annotations

import re

_JPEG = "save it as JPEG first."
_HEIC = (
    "an HEIC picture, as iPhones take them: save it as JPEG first. (On the iPhone, "
    "Settings > Camera > Formats > Most Compatible makes the next ones JPEG.)"
)
_RAW = f"a camera's raw data: {_JPEG}"
_PACKED = "an archive or a document: save the picture in it as a file of its own."
_VIDEO = "a video: take a photograph, or save one picture of it."
# What begins with eight bytes of length and `ftyp`, by the kinds that it says to be
_BOXES = (
    (re.compile(rb"avi[fs]"), ""),
    (re.compile(rb"he[iv].|mif1|msf1"), _HEIC),
    (re.compile(rb"crx "), _RAW),
    (re.compile(rb"qt  |mp4.|iso.|M4V.|3gp.|avc1"), _VIDEO),
)
_BEGINNINGS = (
    (
        re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype html|html|head)\b", re.I | re.S),
        "a web page: open the picture alone in the browser, and save that.",
    ),
    (
        re.compile(rb"\s*(<\?xml.*?\?>|<!.*?>|\s)*<svg\b", re.I | re.S),
        "a drawing of lines (SVG): save it as PNG first.",
    ),
    (re.compile(rb"%PDF|%!PS"), "a document to print: save its picture as PNG first."),
    (re.compile(rb"PK\x03\x04|Rar!|7z\xbc\xaf"), _PACKED),
    (re.compile(rb"\xff\x0a|\x00\x00\x00\x0cJXL "), f"a JPEG XL picture: {_JPEG}"),
    (re.compile(rb"8BPS"), f"Photoshop's file: {_JPEG}"),
    (re.compile(rb"II\*\x00....CR|FUJIFILMCCD-RAW", re.S), _RAW),
    (re.compile(rb"\x1aE\xdf\xa3|RIFF....AVI ", re.S), _VIDEO),
)


def told(data: bytes) -> str | None:
    """What a file is that is no picture to be opened, and what to do; None otherwise.

    Args:
        data: the file's bytes.
    """
    if data[4:8] == b"ftyp":
        # the main kind, a version, and the other kinds
        end = max(12, min(int.from_bytes(data[:4], "big"), 256))
        kinds = [data[8:12], *(data[at : at + 4] for at in range(16, end, 4))]
        for pattern, words in _BOXES:
            if any(map(pattern.fullmatch, kinds)):
                return words or None
    for pattern, words in _BEGINNINGS:
        if pattern.match(data[:4096]):
            return words
    return None
