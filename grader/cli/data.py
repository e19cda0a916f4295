"""``grader data``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from datasets import DatasetError, source_in_use
from datasets._cache import is_cached, rendered
from datasets._load import load_images
from datasets._montage import montage, save_png
from datasets._sources import TITLES, Source, find_source


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

    Without a subcommand: the three sources, which one is in use, and how many
    images of each class it has.
    """
    if ctx.invoked_subcommand is not None:
        return
    with _one_line_errors():
        used = source_in_use()
        click.echo("Sources, of which the first one found is used:")
        for name in TITLES:
            mark = "*" if name == used.name else " "
            click.echo(f" {mark} {name:9} {_state(find_source(name))}")
        train, test, line = load_images(used.name)
    click.echo(f"\n{line}\n")
    click.echo("class     " + "".join(f"{name:>6}" for name in train.classes))
    for title, images in (("training", train), ("test", test)):
        counts = [int((images.y == name).sum()) for name in images.classes]
        click.echo(f"{title:10}" + "".join(f"{count:>6}" for count in counts))


def _state(source: Source | None) -> str:
    if source is None:
        return "not here"
    if source.name != "rendered":
        return str(source)
    if source.folder is None or not is_cached(source.folder):
        return f"{source.title}, when they are first used"
    return str(source)


@command.command("rendered")
def rendered_command() -> None:
    """Draw the built-in images anew and keep them in the cache folder."""
    with _one_line_errors():
        kept = rendered(refresh=True)
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
def montage_command(out: Path, each: int, source: str | None) -> None:
    """Write a picture with a few training images of each class."""
    if out.suffix.lower() != ".png":
        raise click.ClickException(f"{out}: the picture is a PNG; end its name in .png")
    with _one_line_errors():
        train, _, line = load_images(source)
    try:
        save_png(montage(train, each), out)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror or error}") from error
    click.echo(line)
    click.echo(str(out))
