"""P703: sigmoid or tanh between many layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from archdsl.diagnostics import Amount, Severity
from archdsl.graph.flat import INPUT, is_input
from archdsl.ops.base import Trait
from archdsl.rules.base import Finding, Rule, place, trail

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archdsl.graph.flat import Step
    from archdsl.rules.case import Case


class _Chain(NamedTuple):
    """``layers`` weighted layers with saturating activations between them and nothing to mend it;
    ``saturated``: the place of the activation behind the last of them, if there is one."""

    layers: int = 0
    saturated: int = INPUT


class SaturatingChain(Rule):
    """Activations between many layers do not saturate.

    What: the most weighted layers in a row with a sigmoid or tanh between each two of them, no
    normalisation and no other activation, on every path. Gates (SE, highway, the insides of an
    LSTM) have a way round them and do not count.

    Why: the slope of a sigmoid is a quarter at most and that of both is nearly zero away from
    zero, so the gradient shrinks with each layer. A norm holds what goes in near zero.

    Evidence: Glorot and Bengio 2010 (Understanding the difficulty of training deep feedforward
    neural networks, AISTATS): the top sigmoid layer of a net of four hidden layers saturates at
    once. Glorot et al. 2011 (Deep Sparse Rectifier Neural Networks). Ioffe and Szegedy 2015
    (arXiv:1502.03167, section 4.2.2): with batch norm an Inception with sigmoids reaches 69.8 %
    on ImageNet, without it stays at chance. LeNet-5 (1998) is warned of: today it has ReLU. Nets
    whose derivatives are the point (physics-informed ones) have a reason to `allow` it.

    Example:

    ```arch
    arch Example {
      data  table(20)
      model = 5 * (linear(64) -> sigmoid) -> linear(1)
    }
    ```

    Instead: `5 * (linear(64) -> relu) -> linear(1)`, or `batch_norm` before each sigmoid
    """

    code = "P703"
    of_training = True
    thresholds: ClassVar[Mapping[str, float]] = {"layers": 3}

    def check(self, case: Case) -> Iterable[Finding]:
        if not case.having(Trait.SATURATING):
            return
        chains = _chains(case)
        longest = max(range(len(chains)), key=lambda place: chains[place].layers)
        layers = chains[longest].layers
        most = self.settings["layers"]
        if layers <= most:
            return
        last = case.steps[longest]
        yield Finding(
            Severity.WARNING,
            f"{layers} layers in a row with saturating activations between them",
            place(case, last),
            measured=f"{layers} layers",
            threshold=f"at most {most:g}",
            amount=Amount(layers, most),
            help="take `relu` or `gelu` between hidden layers, or a norm before each activation",
            also=trail(case, last),
        )


def _chains(case: Case) -> list[_Chain]:
    """The chain that ends at each op, by the shortest way."""
    found: list[_Chain] = []
    for step in case.steps:
        before = [_Chain() if is_input(source) else found[source] for source in step.inputs]
        found.append(_after(step, min(before, key=lambda chain: chain.layers)))
    return found


def _after(step: Step, chain: _Chain) -> _Chain:
    traits = step.node.op.traits
    if Trait.WEIGHTED in traits:
        return _Chain(chain.layers + 1 if not is_input(chain.saturated) else 1)
    if Trait.SATURATING in traits:
        return chain._replace(saturated=step.place)
    if traits & {Trait.NORM, Trait.ACTIVATION}:
        return _Chain()
    return chain
