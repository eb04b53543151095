"""The classes of selective scans in emitted files."""

from __future__ import annotations

from archdsl.ops.base import Definition

SCAN = Definition(
    "scan",
    '''\
def scan(rates: torch.Tensor, inputs: torch.Tensor) -> torch.Tensor:
    """All states h[t] = exp(rates[t]) * h[t - 1] + inputs[t], chunks side by side."""
    length = rates.shape[1]
    chunk = math.isqrt(length - 1) + 1
    spare = -length % chunk
    rates = F.pad(rates, (0, 0, 0, 0, 0, spare)).unflatten(1, (-1, chunk))
    inputs = F.pad(inputs, (0, 0, 0, 0, 0, spare)).unflatten(1, (-1, chunk))
    decay, since_start = rates.exp(), rates.cumsum(2).exp()
    states = [inputs[:, :, 0]]
    for t in range(1, chunk):
        states.append(decay[:, :, t] * states[-1] + inputs[:, :, t])
    # Each chunk began at 0: what the one before ends with is added, as far as it lasts.
    ends = [states[-1][:, 0]]
    for c in range(1, rates.shape[1]):
        ends.append(since_start[:, c, -1] * ends[-1] + states[-1][:, c])
    before = torch.stack([torch.zeros_like(ends[0]), *ends[:-1]], dim=1)
    found = torch.stack(states, dim=2) + since_start * before.unsqueeze(2)
    return found.flatten(1, 2)[:, :length]
''',
    imports=("import math",),
)

SELECTIVE_SCAN = Definition(
    "SelectiveScan",
    '''\
class SelectiveScan(nn.Module):
    """A state space for each feature whose step, input and output follow from what flows in."""

    def __init__(self, features: int, state: int, rank: int) -> None:
        super().__init__()
        self.sizes = [rank, state, state]
        self.x_proj = nn.Linear(features, rank + 2 * state, bias=False)
        self.dt_proj = nn.Linear(rank, features)
        self.A_log = nn.Parameter(
            torch.arange(1.0, state + 1).log().repeat(features, 1)
        )
        self.D = nn.Parameter(torch.ones(features))
        nn.init.uniform_(self.dt_proj.weight, -(rank**-0.5), rank**-0.5)
        # The bias is what softplus makes a step of 0.001 to 0.1 of.
        step = torch.exp(torch.empty(features).uniform_(math.log(0.001), math.log(0.1)))
        self.dt_proj.bias.data = step.expm1().log()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        step, into, out = self.x_proj(x).split(self.sizes, dim=-1)
        step = F.softplus(self.dt_proj(step))
        rates = step.unsqueeze(-1) * -self.A_log.exp()
        states = scan(rates, (step * x).unsqueeze(-1) * into.unsqueeze(-2))
        return (states @ out.unsqueeze(-1)).squeeze(-1) + self.D * x
''',
    imports=("import math",),
)
