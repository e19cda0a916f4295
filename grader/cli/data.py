"""``grader data``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from grader.cli._bar import DownloadBar, DrawingBar
from resnet_data import DatasetError, source_in_use
from resnet_data._cache import rendered
from resnet_data._layout import Images
from resnet_data._load import load_images
from resnet_data._montage import montage, save_png
from resnet_data._sources import (
    FOLDER_VARIABLE,
    TITLES,
    Source,
    drawn_source,
    find_source,
)
from resnet_data.drawing.sets import COUNT
from resnet_data.drawing.varieties import VARIETIES
from resnet_data.importer.download import (
    URL,
    URL_VARIABLE,
    archive_path,
    fetch,
    read_archive,
)
from resnet_data.importer.pair import recover, replace_pair
from resnet_data.importer.people import FIRST, LENGTH, ONE_IN, PERIOD
from resnet_data.importer.photos import CREDIT, Photos, folder_files, import_photos
from resnet_data.importer.place import place_for


@contextmanager
def _one_line_errors() -> Iterator[None]:
    try:
        yield
    except DatasetError as error:
        raise click.ClickException(str(error)) from error


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show which images the lessons use, and draw the built-in ones.

    Without a subcommand: the three sources, the varieties of the built-in one, which
    source is in use, and how many images of each class it has.
    """
    if ctx.invoked_subcommand is not None:
        return
    with _one_line_errors():
        recover(place_for("photos"))
        used = source_in_use()
        click.echo("Sources, of which the first one found is used:")
        for name in TITLES:
            mark = "*" if name == used.name else " "
            click.echo(f" {mark} {name:9} {_state(find_source(name))}")
        for name, variety in VARIETIES.items():
            click.echo(f"     {name:7} {variety.title}{_kept(drawn_source(name))}")
        train, test, line = _loaded(used.name)
    click.echo(f"\n{line}\n")
    _show_counts(train, test)


def _loaded(
    source: str | None, variety: str | None = None
) -> tuple[Images, Images, str]:
    with _drawing() as bar:
        return load_images(source, variety, bar.advance)


def _drawing() -> DrawingBar:
    return DrawingBar(Console(stderr=True), COUNT)


def _show_counts(train: Images, test: Images) -> None:
    click.echo("class     " + "".join(f"{name:>6}" for name in train.classes))
    for title, images in (("training", train), ("test", test)):
        counts = [int((images.y == name).sum()) for name in images.classes]
        click.echo(f"{title:10}" + "".join(f"{count:>6}" for count in counts))


def _state(source: Source | None) -> str:
    if source is None:
        return "not here"
    if source.variety:
        return f"{TITLES[source.name]}, of two varieties"
    return str(source)


def _kept(drawn: Source) -> str:
    return ", when they are first used" if drawn.wait else f" ({drawn.folder})"


@command.command("rendered")
@click.option(
    "--variety",
    type=click.Choice(list(VARIETIES)),
    help="Which of them to draw instead of all.",
)
def rendered_command(variety: str | None) -> None:
    """Draw the built-in images anew and keep them in the cache folder."""
    for name in VARIETIES if variety is None else [variety]:
        with _drawing() as bar:
            kept = rendered(name, refresh=True, tell=bar.advance)
        if kept.folder is None:
            raise click.ClickException(
                f"The images are drawn, but could not be kept: {kept.trouble}."
            )
        click.echo(str(kept.folder))


@command.command("montage")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("montage.png"),
    show_default=True,
    metavar="FILE.png",
    help="Where to write the picture.",
)
@click.option(
    "--each",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    help="Images of each class.",
)
@click.option(
    "--source",
    type=click.Choice(list(TITLES)),
    help="Which source to show instead of the one in use.",
)
@click.option(
    "--variety",
    type=click.Choice(list(VARIETIES)),
    help="Which drawn hands to show.",
)
def montage_command(
    out: Path, each: int, source: str | None, variety: str | None
) -> None:
    """Write a picture with a few training images of each class."""
    if out.suffix.lower() != ".png":
        raise click.ClickException(f"{out}: the picture is a PNG; end its name in .png")
    with _one_line_errors():
        try:
            train, _, line = _loaded(source, variety)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    try:
        save_png(montage(train, each), out)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror or error}") from error
    click.echo(line)
    click.echo(str(out))


@command.command("photos")
@click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Photographs that are here already, in class folders 0 to 5.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where to put the two files instead of where the lessons look for them.",
)
@click.option(
    "--url",
    default=URL,
    envvar=URL_VARIABLE,
    metavar="URL",
    help=f"A mirror's copy of the archive. Also ${URL_VARIABLE}.",
)
def photos_command(folder: Path | None, to: Path | None, url: str) -> None:
    """Make the lessons use photographs of hands.

    They are the classes 0 to 5 of the Sign Language Digits Dataset (Apache-2.0).
    Without --from they are fetched from its repository: 1,080 photographs, each
    checked by its checksum. The test images are those of other people.
    """
    with _one_line_errors():
        usual = place_for("photos")
        place = usual if to is None else to
        photos = _from_folder(folder) if folder is not None else _from_network(url)
        replace_pair(place, photos.train, photos.test)
        used = source_in_use()
    click.echo(
        f"\nWritten to {place}: {len(photos.train.x):,} training and "
        f"{len(photos.test.x):,} test images."
    )
    _show_counts(photos.train, photos.test)
    _tell_split(photos)
    if used.folder is None or used.folder.resolve() != place.resolve():
        click.echo(
            f"Run from here, the lessons use {used}.\nThey look for photos/ in "
            f"${FOLDER_VARIABLE} and in each datasets/ from here upwards."
        )
    click.echo(f"\n{CREDIT}")


def _from_folder(folder: Path) -> Photos:
    click.echo(f"Reading {folder}")
    photos = import_photos(folder_files(folder), folder)
    _tell_reading(photos)
    return photos


def _from_network(url: str) -> Photos:
    path = archive_path()
    if path.is_file():
        click.echo(f"The archive is here already: {path}")
    else:
        click.echo(f"Fetching {url}")
        with DownloadBar(Console(stderr=True)) as bar:
            fetch(url, bar)
    archive = read_archive(path)
    photos = import_photos(archive.files, path)
    click.echo(f"All {len(archive.files):,} checksums are right.")
    if archive.left_out:
        click.echo(
            f"Other images of 0 to 5 in the archive: {archive.left_out:,}, left out, "
            "as their checksums are not listed."
        )
    _tell_reading(photos)
    return photos


def _tell_reading(photos: Photos) -> None:
    used = photos.files - len(photos.skipped)
    click.echo(
        f"Files: {photos.files:,}. Photographs used: {used:,}. "
        f"Left out: {len(photos.skipped):,}."
    )
    for kind in dict.fromkeys(each.kind for each in photos.skipped):
        those = [each for each in photos.skipped if each.kind == kind]
        click.echo(f"  {kind}: {len(those):,}")
        for each in those:
            click.echo(f"    {each.name}: {each.reason}")


def _tell_split(photos: Photos) -> None:
    numbered = len(photos.train.x) + len(photos.test.x) - photos.unnumbered
    if numbered:
        click.echo(
            "The test images are those of other people: where the photograph's "
            f"number less the digit\nis among the first {LENGTH} of each {PERIOD}, "
            f"counted from {FIRST}."
        )
    if photos.unnumbered:
        click.echo(
            f"{photos.unnumbered:,} names have no number as in IMG_1118.JPG, so "
            f"nothing tells people apart:\nabout one in {ONE_IN} of them is a test "
            "image, by its name, and a person can be in both parts."
        )
