"""P908: freezing that leaves nothing to train, or changes nothing; adapters that save nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.counts import params
from archdsl.diagnostics import Amount, Severity
from archdsl.rules.base import Finding, Rule, count
from archdsl.rules.facts_trainable import adapted, adapters, frozen, trainable
from archdsl.rules.facts_training import written
from archdsl.spec.train import rank_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archdsl.rules.case import Case
    from archdsl.source import Span


class IneffectiveFreezing(Rule):
    """What is frozen has learned something, and something else is left to learn.

    What: an error where the parts that `freeze` of the `train` clause names hold all weights of the
    model, and no adapters (`adapter_rank`) are trained in their place; a warning for a part that
    holds none, for frozen weights where `data` does not say that the model is `pretrained=true`,
    for adapters where no frozen part has a dense layer, and for those that hold as many numbers as
    the weights that they adapt.

    Why: training changes nothing where all is frozen. A part without weights is as it was, and the
    one that was meant is probably another. Weights that were never learned stay random. Adapters
    go to dense layers and the projections of attention alone, and are there to train fewer numbers.

    Evidence: by counting; Yosinski et al. 2014 (arXiv:1411.1792), section 4: the first two layers
    frozen after learning another task cost next to nothing, random ones frozen fall near to chance
    from the third layer on. Hu et al. 2021 (arXiv:2106.09685), table 6: adapters of ranks 1 to 8
    tune attention that is 12,288 wide as well as those of rank 64 do. Random features and
    reservoirs mean it: `allow ineffective_freezing because "random features"`.

    Example:

    ```arch
    arch Example {
      data  image(3, 32, 32, pretrained=true)
      task  classify(10)
      train adamw(freeze=[body, head])
      model {
        let body = conv(16, 3) -> relu -> global_avg_pool
        let head = body -> linear(classes)
        return head
      }
    }
    ```

    Instead: `train adamw(freeze=body)`
    """

    code = "P908"
    of_training = True

    def check(self, case: Case) -> Iterable[Finding]:
        span = written(case, "freeze")
        if span is None:
            return
        assert case.train is not None
        if case.params and not case.fact(trainable):
            yield _nothing_left(case, span)
            return
        yield from _without_weights(case, case.train.freeze, span)
        yield from _adapters(case)
        if case.fact(frozen) and not case.data.pretrained:
            yield _never_learned(case, span)


def _nothing_left(case: Case, span: Span) -> Finding:
    return Finding(
        Severity.ERROR,
        f"all {count(case.params, 'parameter')} are frozen: nothing is left to train",
        span,
        measured="0 trainable parameters",
        threshold="at least 1",
        amount=Amount(0, 1),
        help="leave the head out of `freeze`, or say `deployed=true` of a model that only runs",
    )


def _adapters(case: Case) -> Iterator[Finding]:
    rank, span = rank_of(case.train), written(case, "adapter_rank")
    if not rank or span is None:
        return
    layers = case.fact(adapted)
    if not layers:
        yield Finding(
            Severity.WARNING,
            "no frozen part has a dense layer: there is nothing to adapt",
            span,
            measured="0 dense layers that are frozen",
            threshold="at least 1",
            amount=Amount(0, 1),
            help="leave `adapter_rank` out, or freeze a part with `linear` or `attention`",
        )
        return
    weights = sum(layer.takes * layer.gives for layer in layers)
    if case.fact(adapters) >= weights:
        ends = sum(layer.takes + layer.gives for layer in layers)
        yield _as_large(case, span, weights, (weights - 1) // ends)


def _as_large(case: Case, span: Span, weights: int, rank: int) -> Finding:
    lower = f"a rank of {rank:,} or less does; or" if rank else "no rank does:"
    return Finding(
        Severity.WARNING,
        f"adapters do not hold fewer numbers than the {weights:,} weights that they adapt",
        span,
        measured=f"{count(case.fact(adapters), 'parameter')} in adapters",
        threshold=f"at most {weights - 1:,}",
        amount=Amount(case.fact(adapters), weights - 1),
        help=f"{lower} leave such a part out of `freeze`, and all of it is trained",
    )


def _without_weights(case: Case, names: tuple[str, ...], span: Span) -> Iterator[Finding]:
    nodes = {binding.name: binding.node for binding in case.graph.model.bindings}
    for name in names:
        if name not in nodes or not params(nodes[name]):
            unread = "" if name in nodes else ", as the result does not read it"
            yield Finding(
                Severity.WARNING,
                f"`{name}` has no weights{unread}: freezing it changes nothing",
                span,
                measured=f"0 parameters in `{name}`",
                threshold="at least 1",
                amount=Amount(0, 1),
                help=f"leave `{name}` out of `freeze`",
            )


def _never_learned(case: Case, span: Span) -> Finding:
    return Finding(
        Severity.WARNING,
        f"{count(case.fact(frozen), 'frozen parameter')} were never trained",
        span,
        measured="frozen, and not pretrained",
        threshold="`pretrained=true` of what is frozen",
        amount=None,
        help="say `pretrained=true` in `data` where the weights come from another training",
    )
