"""Several inputs of one model: ``data picture = image(3, 32, 32)``, ``data facts = table(12)``."""

from __future__ import annotations

from collections import Counter
from itertools import starmap

from archdsl import types
from archdsl.spec.data import Data

AUGMENTED = ("none", "basic", "strong")  # from the least to the most


class Inputs(Data):
    """What several ``data`` clauses say, each by the name of its input.

    The samples of all are counted once: one sample is a picture with its facts. ``augment`` is
    that of the input which is varied most.
    """

    parts: tuple[tuple[str, Data], ...]

    def tensor(self) -> types.Inputs:
        names = tuple(name for name, _ in self.parts)
        return types.Inputs(names, tuple(starmap(_named, self.parts)))

    def names(self) -> dict[str, int]:
        """The names that one input alone gives; others the inputs tell, as in ``source.vocab``."""
        given = [clause.names() for _, clause in self.parts]
        counts = Counter(name for names in given for name in names)
        return {n: v for names in given for n, v in names.items() if counts[n] == 1}

    def inputs(self) -> dict[str, Data]:
        return dict(self.parts)

    def positions(self, per: str) -> int:
        return max(clause.positions(per) for _, clause in self.parts)


def together(names: tuple[str, ...], clauses: tuple[Data, ...]) -> Inputs:
    """The inputs of one model. How many samples there are is said by one clause for all."""
    samples = next((clause.counted for clause in clauses if clause.counted is not None), None)
    counted = [clause.model_copy(update={"samples": samples}) for clause in clauses]
    return Inputs(
        parts=tuple(zip(names, counted, strict=True)),
        samples=samples,
        augment=max((clause.augment for clause in clauses), key=AUGMENTED.index),
        pretrained=any(clause.pretrained for clause in clauses),
    )


def _named(name: str, clause: Data) -> types.TensorType:
    """The tensor of an input, its lengths called after it where it is padded."""
    tensor = clause.tensor()
    if not isinstance(tensor, (types.Sequence, types.Tokens)) or tensor.padded is None:
        return tensor
    return tensor._replace(padded=types.Padded(f"{name}_lengths"))
