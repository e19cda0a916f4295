"""A picture is read as a person sees it, however a program has written it."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

from resnet_data import (
    PictureError,
    _colours,
    _picture,
    open_picture,
    picture_of,
    to_square,
)

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
@pytest.mark.parametrize(
    "kind", ["PNG", "JPEG", "MPO", "WEBP", "TIFF", "AVIF", "16-bit PNG"]
)
def test_a_picture_is_turned_once(kind, turn):
    values = QUARTERS
    if kind == "AVIF" and kind not in Image.SAVE:
        pytest.skip("this Pillow writes no AVIF")
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


SKIN = Image.new("RGB", (64, 64), (230, 180, 150))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF", "MPO"])
def test_of_several_pictures_the_first_is_taken(kind):
    if kind not in Image.SAVE_ALL:
        pytest.skip(f"this Pillow writes no {kind}")
    others = [Image.new("RGB", (64, 64), "blue")]
    data = written(SKIN, kind, save_all=True, append_images=others)
    assert np.abs(read(data) - SKIN.getpixel((0, 0))).max() <= 4


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("JPEG", "CMYK", {}),
        ("TIFF", "CMYK", {}),
        ("TIFF", "YCbCr", {}),
        ("TIFF", "RGB", {"compression": "jpeg"}),
        ("JPEG", "RGB", {"progressive": True}),
        ("JPEG2000", "RGB", {}),
        ("JPEG2000", "RGBA", {"no_jp2": True}),
        ("BMP", "RGB", {}),
        ("PPM", "RGB", {}),
    ],
)
def test_other_kinds(kind, mode, options):
    if kind not in Image.SAVE:
        pytest.skip(f"this Pillow writes no {kind}")
    data = written(SKIN.convert(mode), kind, **options)
    assert np.abs(read(data) - SKIN.getpixel((0, 0))).max() <= 4


def test_black_and_white():
    assert (read(written(QUARTERS > 0, "PNG"))[40:, 40:] == 255).all()


def test_cmyk_as_brightness_and_hue():
    """Photoshop's YCCK: ink as brightness and two hues, all upside down."""
    ink = Image.eval(SKIN, lambda value: 255 - value).convert("YCbCr")
    bands = [Image.eval(band, lambda value: 255 - value) for band in ink.split()]
    data = written(Image.merge("CMYK", [*bands, Image.new("L", (64, 64))]), "JPEG")
    mark = data.index(b"Adobe") + 11  # which of the two it is
    data = data[:mark] + b"\2" + data[mark + 1 :]
    assert np.abs(read(data) - SKIN.getpixel((0, 0))).max() <= 4


def test_avif_in_a_box_that_others_use_too():
    if "AVIF" not in Image.SAVE:
        pytest.skip("this Pillow writes no AVIF")
    data = written(SKIN, "AVIF")
    assert data[8:12] == b"avif"
    data = data[:8] + b"mif1" + data[12:]
    assert np.abs(read(data) - SKIN.getpixel((0, 0))).max() <= 4


def test_sixteen_bits_of_colours_that_lie_apart():
    """Pillow reads only half of each value: it would be another picture."""
    with Image.open(io.BytesIO(written(SKIN, "TIFF"))) as picture:
        assert isinstance(picture, TiffImagePlugin.TiffImageFile)
        picture.tag_v2[284], picture.tag_v2[258] = 2, (16, 16, 16)
        with pytest.raises(ValueError, match="colours apart"):
            _colours.to_rgb(picture)


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
# What this profile calls red is blue, what it calls green red, and blue green.
ROTATED = (
    SRGB.replace(b"rXYZ", b"?XYZ")
    .replace(b"bXYZ", b"rXYZ")
    .replace(b"gXYZ", b"bXYZ")
    .replace(b"?XYZ", b"gXYZ")
)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colours_are_brought_to_srgb_by_their_profile(kind, mode):
    if kind == "JPEG" and mode != "RGB":
        pytest.skip("there is no such file")
    picture = SKIN.quantize(4) if mode == "P" else SKIN.convert(mode)
    data = written(picture, kind, icc_profile=ROTATED)
    assert np.abs(read(data) - [180, 150, 230]).max() <= 5


def test_a_grey_profile():
    """Values that grow as light does, and not as eyes see it."""
    profile = bytearray(SRGB)
    profile[16:20] = b"GRAY"
    at = profile.index(b"rTRC")
    profile[at : at + 4] = b"kTRC"
    start = int.from_bytes(profile[at + 4 : at + 8], "big")
    profile[start : start + 14] = b"curv" + bytes(4) + b"\0\0\0\1" + b"\1\0"
    light = (QUARTERS / 255).astype(float)
    seen = np.where(light > 0.0031308, 1.055 * light ** (1 / 2.4) - 0.055, 0)
    found = grey(written(QUARTERS, "PNG", icc_profile=bytes(profile)))
    assert np.abs(found - 255 * seen).max() <= 2
    assert np.abs(found - QUARTERS).max() > 50


@pytest.mark.parametrize(
    "profile",
    [
        b"",
        b"nonsense" * 40,
        ROTATED[:200],
        ROTATED[:16] + b"CMYK" + ROTATED[20:],
        ROTATED[:16] + b"GRAY" + ROTATED[20:],
        ROTATED.replace(b"rXYZ", b"????"),
    ],
)
@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
def test_a_profile_that_does_not_fit_changes_nothing(profile, mode):
    picture = SKIN.convert(mode)
    as_it_is = read(written(picture, "TIFF"))
    found = read(written(picture, "TIFF", icc_profile=profile))
    np.testing.assert_array_equal(found, as_it_is)


def smooth(width, height):
    x, y = np.linspace(0, 6, width), np.linspace(0, 5, height)
    bands = [100 + 70 * np.outer(np.cos(y * k), np.sin(x)) for k in (1, 2, 3)]
    return Image.fromarray(np.stack(bands, -1).astype(np.uint8))


@pytest.mark.parametrize("kind", ["JPEG", "progressive", "PNG", "transparent", "TIFF"])
def test_a_large_picture_is_made_smaller_and_looks_the_same(kind, monkeypatch):
    monkeypatch.setattr(_colours, "FINE", 128)
    monkeypatch.setattr(_picture, "FINE", 128)
    whole = picture = smooth(1025, 751)
    if kind == "transparent":
        picture, kind = whole.convert("RGBA"), "PNG"
    if kind == "progressive":
        data = written(picture, "JPEG", quality=95, progressive=True)
    else:
        data = written(picture, kind, quality=95)
    found = picture_of(data, "hand")
    assert 128 <= min(found.size) < 256
    assert found.width / found.height == pytest.approx(1025 / 751, rel=0.02)
    apart = np.subtract(to_square(found), to_square(whole), dtype=int)
    assert np.abs(apart).max() <= 6
    assert np.abs(apart).mean() <= 1


def test_a_jpeg_is_not_decoded_whole():
    data = written(Image.new("L", (4200, 2100)), "JPEG", progressive=True)
    with Image.open(io.BytesIO(data)) as picture:
        _colours.to_rgb(picture)
        assert picture.size == (2100, 1050)


def test_a_panorama_keeps_what_is_in_its_middle():
    assert picture_of(written(Image.new("L", (6000, 900)), "JPEG"), "hand").size == (
        6000,
        900,
    )


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "LA", "1", "I", "F", "I;16"])
def test_strips_leave_no_seam(mode, monkeypatch):
    picture = Image.fromarray(QUARTERS + np.arange(64, dtype=np.uint8)[:, None] // 9)
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(picture)[::-1].astype(np.uint16) * 10)
    elif mode == "F":
        picture = Image.fromarray(np.asarray(picture, np.float32) - 100)
    elif mode != "RGB":
        picture = picture.convert(mode)
    monkeypatch.setattr(_colours, "FINE", 21)
    in_one = np.asarray(_colours.to_rgb(picture))
    assert in_one.shape == (22, 22, 3)
    for pixels in (1, 64 * 7, 64 * 20):
        monkeypatch.setattr(_colours, "_STRIP", pixels)
        np.testing.assert_array_equal(np.asarray(_colours.to_rgb(picture)), in_one)


def test_what_is_decoded_decides_how_many_pixels_are_too_many(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 3_500_000)  # it is for others
    monkeypatch.setattr(_picture, "MOST_DECODED", 3_000_000)
    monkeypatch.setattr(_picture, "MOST_PIXELS", 9_000_000)
    grey = Image.new("L", (4096, 2048))
    assert picture_of(written(grey, "JPEG"), "hand").size == (2048, 1024)
    for data in (
        written(grey, "PNG"),
        written(grey, "JPEG", progressive=True),
        written(Image.new("L", (4096, 2400)), "JPEG"),
        written(Image.new("L", (60_000, 90)), "JPEG"),
    ):
        with pytest.raises(PictureError, match=r"too many pixels: cut out the hand"):
            picture_of(data, "hand")


def test_a_file_is_not_too_large_for_its_pixels(monkeypatch):
    data = WHOLE + bytes(25 * 2**20)
    assert picture_of(data, "hand").size == (64, 64)
    monkeypatch.setattr(_picture, "LARGEST_FILE", 24 * 2**20)
    with pytest.raises(PictureError, match="more than 24 MB: save it as JPEG"):
        picture_of(data, "hand")


def boxed(*kinds):
    """How a file of boxes begins: what it is, a version, what it is also."""
    first, *others = kinds
    words = b"ftyp" + first + bytes(4) + b"".join(others)
    return (4 + len(words)).to_bytes(4, "big") + words + bytes(90)


WHOLE = written(np.random.default_rng(0).integers(0, 256, (64, 64, 3), "uint8"), "JPEG")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "hand.* is empty"),
        (b"five fingers", "cannot be read as a picture: save it as JPEG or PNG"),
        (WHOLE[:1500], "damaged or of a rare kind"),
        (boxed(b"heic", b"mif1"), "HEIC .* save it as JPEG first.*Most Compatible"),
        (boxed(b"heix"), "HEIC"),
        (boxed(b"mif1", b"heic"), "HEIC"),
        (boxed(b"msf1"), "HEIC"),
        (bytes(4) + b"ftyphevc" + bytes(90), "HEIC"),
        (boxed(b"qt  "), "a video: take a photograph"),
        (boxed(b"isom", b"mp42"), "a video"),
        (boxed(b"crx ", b"isom"), "raw data: save it as JPEG"),
        (b"II*\0\x10\0\0\0CR\2\0", "raw data: save it as JPEG"),
        (b"\n<!DOCTYPE html>\n<title>", "a web page: open the picture alone"),
        (b"<!-- saved -->\n<HTML lang=tr>", "a web page"),
        (b"<svg viewBox='0 0 9 9'/>", "SVG.*: save it as PNG"),
        (b"<?xml version='1.0'?>\n<!-- ink -->\n<svg ", "SVG"),
        (b"%PDF-1.7", "to print: save its picture as PNG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "to print"),
        (b"PK\3\4" + bytes(90), "an archive or a document"),
        (b"\xff\x0a" + bytes(90), "JPEG XL .*: save it as JPEG"),
        (b"8BPS\0\1" + bytes(90), "Photoshop.*: save it as JPEG"),
        (bytes(5000), "cannot be read as a picture: save it as JPEG or PNG"),
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


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nowhere.jpg", "There is no file nowhere.jpg: check folder and spelling.$"),
        ("images/hand.jpg", r"spelling. Is it images[/\\\\]hand.jpeg\?$"),
        ("images/Hand.JPEG", r"Is it images[/\\\\]hand.jpeg\?$"),
        ("images", "There is no file images, it is a folder: add the picture's name"),
        ("pictures/hand.jpg", "nor its folder: check folder and spelling"),
        ("~nobody-here/hand.jpg", "nor its folder"),
        ("https://example.org/hand.jpg", "is an address: save the picture in a file"),
        ("", "There is no file without a name"),
        ("\0", "There is no file"),
        ("x" * 9999, "There is no file"),
    ],
)
def test_no_file(path, words, tmp_path, monkeypatch):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "hand.jpeg").write_bytes(WHOLE)
    monkeypatch.chdir(tmp_path)
    if path == "images/Hand.JPEG" and Path(path).exists():
        pytest.skip("small and capital letters are the same on this disk")
    with pytest.raises(PictureError, match=words) as caught:
        open_picture(path)
    assert "\n" not in str(caught.value)


def test_a_path_as_it_is_copied_from_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    file = tmp_path / "my images" / "hand.jpg"
    file.parent.mkdir()
    file.write_bytes(WHOLE)
    for path in (
        file,
        f" {file}\n",
        f"'{file}'",
        f'"{file}"',
        file.as_uri(),
        "~/my images/hand.jpg",
        r"my images\hand.jpg",
    ):
        assert open_picture(path).size == (64, 64), path
    odd = tmp_path / "'~'"
    odd.write_bytes(WHOLE)
    assert open_picture("'~'").size == (64, 64), "a file's own name comes first"


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "hand.jpg").write_bytes(WHOLE)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PictureError, match=r"hand.jpg cannot be read: Permission"):
        open_picture(tmp_path / "hand.jpg")


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
        written(SKIN, "PNG", icc_profile=ROTATED),
        written(SKIN, "JPEG", icc_profile=ROTATED),
    ]
    random = np.random.default_rng(0)
    read_at_all = 0
    for data in whole:
        for _ in range(60):
            bad = bytearray(data)
            for at in random.integers(0, min(len(bad), 600), 4):
                bad[at] = random.integers(0, 256)
            bad = bad[: random.integers(len(bad) // 2, len(bad) + 1)]
            with contextlib.suppress(PictureError):
                read_at_all += picture_of(bytes(bad), "hand").mode == "RGB"
    assert read_at_all


def test_sixteen_bits_of_nothing():
    """All values alike: nothing to scale by, and no division by zero."""
    assert grey(written(np.zeros((4, 4), np.uint16), "PNG")).max() == 0
    assert grey(written(np.full((4, 4), -3, np.int32), "TIFF")).max() == 0
