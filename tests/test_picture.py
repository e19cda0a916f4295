"""A picture is read as a person sees it, however a program has written it."""

import contextlib
import io

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from resnet_data import PictureError, open_picture, picture_of, to_square

# Four quarters: their places and their greys are told apart after any turn.
GREYS = np.array([[0, 80], [170, 255]], np.uint8)
QUARTERS = np.kron(GREYS, np.ones((32, 32), np.uint8))


def written(picture, kind, **options):
    file = io.BytesIO()
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    picture.save(file, kind, **options)
    return file.getvalue()


def read(data):
    picture = picture_of(data, "hand")
    assert picture.mode == "RGB"
    return np.asarray(picture).astype(int)


def grey(data):
    """The picture's greys; it has no colours."""
    pixels = read(data)
    assert (pixels == pixels[:, :, :1]).all()
    return pixels[:, :, 0]


def inverted_tiff(values):
    """Sixteen bits in which zero is white, as scanners write them."""
    return written(values, "TIFF", tiffinfo={262: 0})


WIDE = {
    "16-bit PNG": (lambda v: written((v.astype(np.uint16) * 257), "PNG")),
    "12 bits in a 16-bit PNG": (lambda v: written((v.astype(np.uint16) << 4), "PNG")),
    "8 bits in a 16-bit PNG": (lambda v: written(v.astype(np.uint16), "PNG")),
    "16-bit TIFF": (lambda v: written(v.astype(np.uint16) * 257, "TIFF")),
    "16-bit TIFF of big numbers first": (
        lambda v: written(v.astype(">u2") * np.array(257, ">u2"), "TIFF")
    ),
    "32-bit TIFF": (lambda v: written(v.astype(np.int32) * 100_000, "TIFF")),
    "signed TIFF": (lambda v: written(v.astype(np.int32) - 1000, "TIFF")),
    "fractions": (lambda v: written(v.astype(np.float32) / 255, "TIFF")),
    "fractions that are not so": (lambda v: written(v.astype(np.float32), "TIFF")),
    "fractions around zero": (
        lambda v: written(v.astype(np.float32) / 127.5 - 1, "TIFF")
    ),
    "16-bit TIFF, zero is white": (
        lambda v: inverted_tiff(65535 - v.astype(np.uint16) * 257)
    ),
}


@pytest.mark.parametrize("kind", WIDE)
def test_wide_values_are_scaled_by_their_range(kind):
    assert np.abs(grey(WIDE[kind](QUARTERS)) - QUARTERS).max() <= 1


def test_values_that_are_no_numbers():
    values = QUARTERS.astype(np.float32) / 255
    values[0, 0], values[0, 63] = np.nan, np.inf
    found = grey(written(values, "TIFF"))
    assert np.abs(found - QUARTERS)[1:].max() <= 1
    with pytest.raises(PictureError, match="save it once more"):
        read(written(np.full((8, 8), np.nan, np.float32), "TIFF"))


def cut_out(mode, kind="PNG", **options):
    """A black hand, in front of nothing; what lies under nothing is black, too."""
    alpha = np.zeros((64, 64), np.uint8)
    alpha[16:48, 16:48] = 255
    picture = Image.new("LA", (64, 64), (0, 0))
    picture.putalpha(Image.fromarray(alpha))
    if mode != "P":
        return written(picture.convert(mode), kind, **options)
    palette = Image.fromarray(alpha // 255).convert("P")
    palette.putpalette([0, 0, 0] * 2)
    return written(palette, kind, transparency=0)


@pytest.mark.parametrize(
    "data",
    [
        cut_out("RGBA"),
        cut_out("LA"),
        cut_out("P"),
        cut_out("P", "GIF"),
        cut_out("RGBA", "WEBP", lossless=True),
        cut_out("RGBA", "TIFF"),
    ],
)
def test_a_cut_out_lies_on_white(data):
    found = grey(data)
    assert found[:16].min() == 255
    assert found[17:47, 17:47].max() == 0
    with Image.open(io.BytesIO(data)) as picture:
        np.testing.assert_array_equal(to_square(picture)[:, :, 0], found)


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_one_colour_may_be_transparent(mode):
    picture = Image.new(mode, (8, 8))
    hidden = (0, 0, 0) if mode == "RGB" else 0
    assert grey(written(picture, "PNG", transparency=hidden)).min() == 255


def test_a_transparent_value_of_sixteen_bits():
    values = QUARTERS.astype(np.uint16) * 257
    found = grey(written(values, "PNG", transparency=0))
    assert found[:32, :32].min() == 255
    assert np.abs(found - QUARTERS)[32:].max() <= 1


TURNS = {
    1: [[0, 80], [170, 255]],
    2: [[80, 0], [255, 170]],
    3: [[255, 170], [80, 0]],
    4: [[170, 255], [0, 80]],
    5: [[0, 170], [80, 255]],
    6: [[170, 0], [255, 80]],
    7: [[255, 80], [170, 0]],
    8: [[80, 255], [0, 170]],
    9: [[0, 80], [170, 255]],
    0: [[0, 80], [170, 255]],
}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "16-bit PNG"])
def test_a_picture_is_turned_once(kind, turn):
    values = QUARTERS
    if kind == "16-bit PNG":
        kind, values = "PNG", QUARTERS.astype(np.uint16) * 257
    exif = Image.Exif()
    exif[0x0112] = turn
    picture = picture_of(written(values, kind, exif=exif), "hand")
    for pixels in (np.asarray(picture), to_square(picture)):
        corners = pixels[16::32, 16::32, 0].astype(int)
        assert np.abs(corners - TURNS[turn]).max() <= 4


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(3),
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\x04abcd",
        b"Exif\0\0II*\0\xf0\xff\xff\xff",
        b"Exif\0\0nonsense" * 9,
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_odd_exif_turns_nothing(kind, exif):
    data = written(QUARTERS, kind, exif=exif)
    assert np.abs(grey(data)[16::32, 16::32] - GREYS).max() <= 4


def test_other_kinds():
    cmyk = Image.new("CMYK", (64, 64), (0, 255, 255, 0))
    assert np.abs(read(written(cmyk, "JPEG")) - [255, 0, 0]).max() <= 4
    frames = [Image.new("RGB", (8, 8), c) for c in ("red", "blue")]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        moving = written(frames[0], kind, save_all=True, append_images=frames[1:])
        assert np.abs(read(moving) - [255, 0, 0]).max() <= 4, kind
    assert (read(written(QUARTERS > 0, "PNG"))[40:, 40:] == 255).all()


WHOLE = written(np.random.default_rng(0).integers(0, 256, (64, 64, 3), "uint8"), "JPEG")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "hand.* is empty"),
        (b"five fingers", "cannot be read as a picture: save it as JPEG or PNG"),
        (WHOLE[:1500], "damaged or of a rare kind"),
        (bytes(4) + b"ftypheix" + bytes(90), "HEIC .* save it as JPEG first"),
        (bytes(4) + b"ftypmsf1" + bytes(90), "HEIC"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "cannot be read"),
        (bytes(20 * 2**20 + 1), "more than 20 MB"),
        (written(Image.new("1", (10_000, 10_000)), "PNG"), "too many pixels"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(data, words, tmp_path):
    with pytest.raises(PictureError, match=words) as caught:
        picture_of(data, "hand")
    assert "\n" not in str(caught.value)
    (tmp_path / "hand.jpg").write_bytes(data)
    with pytest.raises(PictureError, match=words):
        open_picture(tmp_path / "hand.jpg")


def test_no_file():
    for path in ("nowhere.jpg", "", "\0"):
        with pytest.raises(PictureError, match="There is no file"):
            open_picture(path)


def test_whatever_the_bytes_are_a_picture_or_a_sentence():
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", '<x tiff:Orientation="8"/>')
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = [
        written(QUARTERS, "JPEG", exif=exif),
        written(QUARTERS, "PNG", exif=exif, pnginfo=text),
        written(QUARTERS.astype(np.uint16), "TIFF", exif=exif),
        written(QUARTERS.astype(np.float32), "TIFF", compression="tiff_lzw"),
        cut_out("RGBA", "WEBP"),
        cut_out("P", "GIF"),
    ]
    random = np.random.default_rng(0)
    read_at_all = 0
    for data in whole:
        for _ in range(60):
            bad = bytearray(data)
            for at in random.integers(0, min(len(bad), 400), 4):
                bad[at] = random.integers(0, 256)
            bad = bad[: random.integers(len(bad) // 2, len(bad) + 1)]
            with contextlib.suppress(PictureError):
                read_at_all += picture_of(bytes(bad), "hand").mode == "RGB"
    assert read_at_all


def test_sixteen_bits_of_nothing():
    """All values alike: nothing to scale by, and no division by zero."""
    assert grey(written(np.zeros((4, 4), np.uint16), "PNG")).max() == 0
    assert grey(written(np.full((4, 4), -3, np.int32), "TIFF")).max() == 0
