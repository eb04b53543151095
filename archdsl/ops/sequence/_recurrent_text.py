"""How recurrent layers are applied in emitted files: with the states they begin and end with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.ops.base import Definition, Spelling
from archdsl.ops.plumbing._padding import RUN_PACKED

if TYPE_CHECKING:
    from archdsl.ops.base import Construct
    from archdsl.types import Padded

LAYERS_FIRST = Definition(
    "layers_first",
    '''\
def layers_first(state: torch.Tensor) -> torch.Tensor:
    """A state, N×H or N×layers×H, as PyTorch's recurrent layers take it: layers×N×H."""
    stacked = state if state.dim() == 3 else state[:, None]
    return stacked.transpose(0, 1).contiguous()
''',
)

RUN_TO_ENDS = Definition(
    "run_to_ends",
    '''\
def run_to_ends(
    layer: nn.RNNBase,
    x: torch.Tensor,
    lengths: torch.Tensor,
    state: torch.Tensor | tuple[torch.Tensor, ...] | None = None,
) -> tuple[torch.Tensor, Any]:
    """A recurrent layer that reads each row to its end: its states, and the last ones."""
    packed = nn.utils.rnn.pack_padded_sequence(
        x, lengths.cpu(), batch_first=True, enforce_sorted=False
    )
    states, last = layer(packed, state)
    states, _ = nn.utils.rnn.pad_packed_sequence(
        states, batch_first=True, total_length=x.shape[1]
    )
    return states, last
''',
    imports=("from typing import Any",),
)

_TENSOR = "torch.Tensor"


def applied(
    construct: Construct, *, given: int, returned: str, pair: bool, rows: Padded | None
) -> Spelling:
    """A layer applied to what flows in and to so many ``given`` states; ``returned`` is ``state``
    or ``states``, where those that it ends with are asked for, which of a ``pair`` are two; with
    ``rows`` it is told where these end."""
    definitions = (LAYERS_FIRST,) if given else ()
    x = "{0}" if given else "{x}"
    first = [f"layers_first({{{n}}})" for n in range(1, given + 1)]
    state = f"({', '.join(first)})" if given > 1 else "".join(first)
    if rows is not None and not given and not returned:
        return Spelling(
            module=construct,
            apply=f"run_packed({{m}}, {{x}}, {rows.text})",
            context=(rows.lengths,),
            definitions=(RUN_PACKED,),
        )
    told = [x, *([rows.text] if rows else []), *([state] if state else [])]
    call = f"{{m}}({', '.join(told)})"
    if rows is not None:
        call = f"run_to_ends({{m}}, {', '.join(told)})"
        definitions = (*definitions, RUN_TO_ENDS)
    if not returned:
        call += "[0]"
    else:
        batch_first = _batch_first(returned, pair)
        call = f"{batch_first.name}({call})"
        definitions = (*definitions, batch_first)
    return Spelling(
        module=construct,
        apply=call,
        context=(rows.lengths,) if rows else (),
        definitions=definitions,
    )


def _batch_first(returned: str, pair: bool) -> Definition:
    """The function that puts the batch first in the states that a layer of PyTorch ends with."""
    one = returned == "state"
    cell = "cell" if one else "cells"
    name = f"with_{returned}_and_{cell}" if pair else f"with_{returned}"
    last = [returned, cell] if pair else [returned]
    takes = f"tuple[{', '.join([_TENSOR] * 2)}]" if pair else _TENSOR
    gives = ", ".join([_TENSOR] * (1 + len(last)))
    turned = ", ".join(f"{text}[0]" if one else f"{text}.transpose(0, 1)" for text in last)
    sizes = "N×H" if one else "N×layers×H"
    return Definition(
        name,
        f'''\
def {name}(
    results: tuple[{_TENSOR}, {takes}],
) -> tuple[{gives}]:
    """What a recurrent layer gives, its last {" and ".join(last)} as {sizes}."""
    outputs, {f"({', '.join(last)})" if pair else last[0]} = results
    return outputs, {turned}
''',
    )
