"""archdsl init"""

from __future__ import annotations

from pathlib import Path

import click

from archdsl.cli import exits
from archdsl.cli.refused import Refused, refused
from archdsl.rendering.escape import visible

STARTER = """\
# A small image classifier. Change the data, the task and the model to yours, then:
#   archdsl check model.arch
#   archdsl show model.arch
#   archdsl compile model.arch -o model.py
block stage(width, stride=1) = conv(width, 3, stride=stride, bias=false) -> batch_norm -> relu

arch Model {
  data  image(3, 32, 32, samples=50_000, augment=basic)
  task  classify(10)
  train adamw(batch=64, epochs=20)

  require params <= 1M

  model {
    let stem = x -> stage(32)
    let body = stem -> stage(64, stride=2) -> stage(128, stride=2)
    return body -> global_avg_pool -> linear(classes)
  }
}
"""


@click.command("init")
@click.argument("folder", metavar="[DIR]", default=".")
def command(folder: str) -> int:
    """Write a first spec, DIR/model.arch, to start from."""
    from archdsl.cli.outputs import write

    path = Path(folder) / "model.arch"
    if path.exists():
        raise Refused(f"{visible(str(path))} exists already")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused("create", folder, error) from None
    write(path, STARTER)
    click.echo(f"wrote {visible(str(path))}\nnext: archdsl show {visible(str(path))}", err=True)
    return exits.CLEAN
