"""Several results of a layer: taken apart by a `let`, and refused where one tensor is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import Diagnostic, Label, SpecError
from archdsl.evaluate.frames import Tensor
from archdsl.evaluate.layers import Layer
from archdsl.graph import build
from archdsl.graph.nodes import OpNode, Ref
from archdsl.ops.result import Result
from archdsl.types import UNKNOWN, Auxiliary, Outputs, said

if TYPE_CHECKING:
    from archdsl.diagnostics import Meant
    from archdsl.evaluate.frames import Frame
    from archdsl.evaluate.reading import FlowReading
    from archdsl.evaluate.run import Run
    from archdsl.graph.nodes import Node
    from archdsl.source import Span
    from archdsl.types import TensorType


UNNAMED = "_"  # of a result that nothing reads, in the place of a name


class OneResult(Layer):
    """What one name of ``let (a, b) = …`` holds: the result at its ``place``, of as many as there
    are ``names``. ``whole`` is what all of them are bound to together, with the place of that;
    ``given`` is the place of the expression, and ``more`` what makes its last op give several."""

    __slots__ = ("given", "more", "names", "names_span", "place", "tells", "whole")
    hands_on = True

    def __init__(
        self,
        whole: tuple[str, Span],
        names: tuple[str, ...],
        place: int,
        span: Span,
        given: Span,
        more: Meant | None = None,
    ) -> None:
        self.whole, self.names_span = whole
        super().__init__(span, frozenset((self.whole,)))
        self.names = names
        self.tells = not any(name != UNNAMED for name in names[:place])  # of a wrong number, once
        self.place = place
        self.given = given
        self.more = more

    def apply(self, frame: Frame, takes: TensorType, run: Run) -> Node:
        bound = frame.env[self.whole]
        assert type(bound) is Tensor
        several = bound.type
        if several is UNKNOWN:
            raise SpecError
        if not isinstance(several, Outputs) or len(several.parts) != len(self.names):
            raise SpecError(*([self._other_number(several)] if self.tells else []))
        out = several.parts[self.place]
        if isinstance(out, Auxiliary):
            raise SpecError(_in_training_only(self.names[self.place], self.span, self.given))
        whole = Ref(self.whole, frame.depth - frame.home, several, self.given)
        node = OpNode(Result(self.place), (), (several,), out, self.span)
        return build.chain([whole, node], takes, self.span)

    def reads_flow(self, frame: Frame, reading: FlowReading) -> bool:
        return False

    def _other_number(self, given: TensorType) -> Diagnostic:
        parts = given.parts if isinstance(given, Outputs) else (given,)
        names = ", ".join(self.names)
        told = f"{len(parts)} result{'s' * (len(parts) != 1)}"
        help, fix = self.more if self.more is not None and len(parts) == 1 else ("", None)
        return Diagnostic(
            "E261",
            f"`({names})` takes apart {len(self.names)} results, and there {_are(len(parts))}",
            self.names_span,
            trail=(Label(self.given, f"gives {told}: {', '.join(map(said, parts))}"),),
            needed=_names_for(len(parts)),
            help=help,
            fix=fix,
        )


def _are(count: int) -> str:
    return "is one" if count == 1 else f"are {count}"


def _names_for(count: int) -> str:
    return "`let NAME = …`, for one result" if count == 1 else f"{count} names in the brackets"


def _in_training_only(name: str, span: Span, given: Span) -> Diagnostic:
    return Diagnostic(
        "E262",
        f"`{name}` would be a result that is there in training only",
        span,
        trail=(Label(given, "gives it in training only"),),
        needed="results that are always there: what reads one runs in use, too",
        help="let the block return what the auxiliary head reads, and give `train_only(…)` where "
        "the model returns",
    )


def refuse_several(word: str, inputs: tuple[TensorType, ...], span: Span) -> None:
    """Raises where an op that takes one tensor at each place gets several, or one that is there in
    training only."""
    for x in inputs:
        if isinstance(x, Outputs):
            raise SpecError(_one_tensor(word, x, span))
        if isinstance(x, Auxiliary):
            raise SpecError(
                Diagnostic(
                    "E262",
                    f"`{word}` would read a result that is there in training only",
                    span,
                    needed="`train_only(…)` around all layers of an auxiliary result, and nothing "
                    "behind it",
                )
            )


def _one_tensor(word: str, several: Outputs, span: Span) -> Diagnostic:
    names = ", ".join("abcdefghijklmnopqrstuvwxyz"[: len(several.parts)])
    return Diagnostic(
        "E260",
        f"`{word}` takes one tensor, and {len(several.parts)} flow in: {said(several)}",
        span,
        needed="one tensor",
        help=f"take them apart: `let ({names}) = …`, in a block that they flow into `let "
        f"({names}) = x`",
    )
