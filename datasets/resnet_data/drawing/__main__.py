"""`python -m resnet_data.drawing`: the checksums of the drawn sets."""

from __future__ import annotations

import re
from pathlib import Path

import click

from resnet_data.drawing import pins
from resnet_data.drawing.sets import checksum
from resnet_data.drawing.varieties import VARIETIES


@click.command()
@click.option("--pin", is_flag=True, help="Write them into pins.py.")
def main(pin: bool) -> None:
    """Draw both sets anew and print their checksums."""
    path = Path(pins.__file__)
    text = path.read_text("utf-8")
    for name, variety in VARIETIES.items():
        found = checksum(*variety.draw(lambda: None))
        state = "as pinned" if found == variety.sha256 else f"not {variety.sha256}"
        click.echo(f"{name:6} {found} ({state})")
        pinned = re.compile(rf'^{name.upper()} = ".*"$', re.MULTILINE)
        text = pinned.sub(f'{name.upper()} = "{found}"', text)
    if pin:
        path.write_text(text, "utf-8")
        click.echo(f"Written: {path}")


if __name__ == "__main__":
    main()
