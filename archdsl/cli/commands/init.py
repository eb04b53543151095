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
# (`archdsl new` writes a spec for a description of your data, with the reasons for each choice.)
arch Model {
  data  image(3, 32, 32, samples=50_000, augment=strong)
  task  classify(10)
  train adamw(batch=128, lr=0.001, weight_decay=0.01, epochs=50)

  require params <= 100k

  model {
    let stem = x -> conv(8, 3, bias=false) -> batch_norm -> relu
    let stage1 = stem -> 2 * resnet_basic(8)
    let stage2 = stage1 -> resnet_basic(16, stride=2) -> resnet_basic(16)
    let stage3 = stage2 -> resnet_basic(32, stride=2) -> resnet_basic(32)
    return stage3 -> global_avg_pool -> linear(classes)
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
