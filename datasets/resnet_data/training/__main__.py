"""`python -m resnet_data.training`: train, adopt, evaluate and others.

The first three are `make train`, `make adopt` and `make evaluate`.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from resnet_data import DatasetError, load_weights, save_weights
from resnet_data._home import HOME
from resnet_data._layout import Images
from resnet_data._load import load_images
from resnet_data._weights import SHIPPED, WeightsError

ROOT = HOME.parent
RUN = ROOT / "course" / "training"
EPOCHS, DRAWN, SEED = 240, 12_000, 1
FOLD_EPOCHS = 60
FOLD_SCORES, CARD = SHIPPED.with_name("folds.json"), SHIPPED.with_name("README.md")
# The sets, in the words of tables and pictures.
PHOTOS, MOVED = "photographs", "photographs, new scenes"
STUDIO, OPEN = "drawn hands, studio", "drawn hands, open"


@click.group()
def main() -> None:
    """Train and measure the model that ships with the course."""


@main.command()
@click.option("--epochs", default=EPOCHS, show_default=True, type=click.IntRange(1))
@click.option("--drawn", default=DRAWN, show_default=True, type=click.IntRange(64))
@click.option("--seed", default=SEED, show_default=True)
@click.option("--folder", default=RUN, type=click.Path(path_type=Path))
def train(epochs: int, drawn: int, seed: int, folder: Path) -> None:
    """Train ResNet50; a run that was stopped goes on. Writes weights and pictures."""
    from resnet_data.training import examples, fit, network, pictures, resnet

    photos, _ = _photos()
    folder.mkdir(parents=True, exist_ok=True)
    click.echo(f"{drawn:,} hands are drawn, unless {folder} has them.")
    device = fit.best_device()
    pool = examples.pool(photos, examples.drawn_hands(drawn, folder), device)
    click.echo(
        f"{len(photos.x):,} photographs, {drawn:,} drawn hands, on {device.type}"
    )
    trained = resnet.build(seed).to(device)
    try:
        history = fit.fit(
            trained, pool, dict(_tests()), epochs=epochs, seed=seed, folder=folder
        )
    except fit.OtherRun as error:
        raise click.ClickException(str(error)) from error
    model = network.keras_network()
    resnet.copy_into(trained, model)
    weights = folder / SHIPPED.name
    save_weights(model, weights)
    pictures.draw_curves(history, folder / "learning_curves.png")
    minutes = sum(line.seconds for line in history) / 60
    click.echo(f"{minutes:.0f} min of training. Weights: {weights}")
    click.echo("`make adopt` makes them those of the course.")


@main.command()
@click.option("--folder", default=RUN, type=click.Path(path_type=Path))
def adopt(folder: Path) -> None:
    """Make the weights of a finished run those of the course."""
    for name in (SHIPPED.name, "learning_curves.png"):
        if not (folder / name).is_file():
            raise click.ClickException(f"{folder} has no {name}: run `make train`.")
    SHIPPED.parent.mkdir(exist_ok=True)
    for name in (SHIPPED.name, "learning_curves.png"):
        shutil.copyfile(folder / name, SHIPPED.with_name(name))
    digest = hashlib.sha256(SHIPPED.read_bytes()).hexdigest()
    SHIPPED.with_name("SHA256").write_text(f"{digest}  {SHIPPED.name}\n", "ascii")


@main.command()
@click.option("--from", "source", required=True, type=click.Path(path_type=Path))
@click.option("--epochs", default=FOLD_EPOCHS, show_default=True, type=int)
@click.option("--folder", default=RUN / "folds", type=click.Path(path_type=Path))
@click.option("--only", multiple=True, type=click.IntRange(1, 5), help="Which of five.")
def folds(source: Path, epochs: int, folder: Path, only: tuple[int, ...]) -> None:
    """Train five times, each time without a fifth of the people in the photographs."""
    from resnet_data.importer.photos import folder_files, photos_with_people
    from resnet_data.training import examples
    from resnet_data.training.card import with_folds
    from resnet_data.training.evaluate import read_scores, write_scores
    from resnet_data.training.folds import FOLDS, measure

    folder.mkdir(parents=True, exist_ok=True)
    photos, people = photos_with_people(folder_files(source))
    drawn = examples.drawn_hands(DRAWN, folder)
    chosen = only or range(1, FOLDS + 1)
    scores = measure(
        photos, people, drawn, epochs=epochs, seed=SEED, folder=folder, only=chosen
    )
    write_scores(scores, FOLD_SCORES)
    known = read_scores(FOLD_SCORES)
    CARD.write_text(with_folds(CARD.read_text("utf-8"), known), "utf-8")
    for score in scores:
        click.echo(_table(score))


@main.command()
def evaluate() -> None:
    """Measure the course's model on the test sets that are here."""
    from resnet_data.training import network
    from resnet_data.training.card import with_scores
    from resnet_data.training.evaluate import evaluate as measured
    from resnet_data.training.evaluate import read_scores, write_scores
    from resnet_data.training.pictures import draw_confusions

    model = network.keras_network()
    try:
        load_weights(model)
    except WeightsError as error:
        raise click.ClickException(str(error)) from error
    scores = [
        measured(network.predictor(model), name, images) for name, images in _tests()
    ]
    for score in scores:
        click.echo(_table(score))
    if PHOTOS not in {score.name for score in scores}:
        click.echo("No photographs here: `grader data photos` fetches them.")
    path = SHIPPED.with_name("scores.json")
    write_scores(scores, path)
    known = read_scores(path)
    draw_confusions(known, SHIPPED.with_name("confusion_matrices.png"))
    CARD.write_text(with_scores(CARD.read_text("utf-8"), known), "utf-8")
    click.echo(f"Written: {path.parent}")


@main.command("two-epochs")
@click.option("--seeds", default=5, show_default=True, type=click.IntRange(1))
def two_epochs(seeds: int) -> None:
    """Train as lesson 1 does, once a seed: the ranges that its text gives."""
    from resnet_data.training.two_epochs import two_epochs as run

    train, test, line = load_images(variety="studio")
    click.echo(line)
    click.echo("seed  loss 1  loss 2  accuracy 1  accuracy 2  test  answers")
    for seed in range(1, seeds + 1):
        seen = run(seed, train, test)
        (a, b), (c, d) = seen.losses, seen.accuracies
        click.echo(
            f"{seed:4}  {a:6.2f}  {b:6.2f}  {c:10.3f}  {d:10.3f}  "
            f"{seen.test:.3f}  {list(seen.answers)}"
        )


@main.command("twenty-epochs")
def twenty_epochs() -> None:
    """Train as lesson 2 does: the curves and mistakes that it shows."""
    from resnet_data.training.twenty_epochs import SAVED
    from resnet_data.training.twenty_epochs import twenty_epochs as run

    train, test, line = load_images(variety="studio")
    _, open_test, open_line = load_images(variety="open")
    click.echo(f"{line}\n{open_line}")
    run(train, test, open_test)
    click.echo(f"Written: {SAVED}")


def _tests() -> Iterator[tuple[str, Images]]:
    from resnet_data.training.examples import in_new_scenes

    try:
        _, photos = _photos()
    except click.ClickException:
        photos = None
    if photos is not None:
        yield PHOTOS, photos
        yield MOVED, in_new_scenes(photos)
    yield STUDIO, load_images(variety="studio")[1]
    yield OPEN, load_images(variety="open")[1]


def _photos() -> tuple[Images, Images]:
    try:
        train, test, _ = load_images("photos")
    except DatasetError as error:
        raise click.ClickException(
            f"{error}\n`grader data photos` makes these files."
        ) from error
    return train, test


def _table(score: Any) -> str:
    lines = [
        f"{score.name}: {score.images} images, accuracy {score.accuracy:.4f}, "
        f"loss {score.loss:.3f}",
        "  shows  taken for 0    1    2    3    4    5   recognised",
    ]
    for label, row in enumerate(score.confusion):
        counts = "".join(f"{count:5}" for count in row)
        lines.append(f"      {label}      {counts}      {score.recall(label):.3f}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
