"""Holds an op against PyTorch: builds its spelling, runs it, and compares what the op foretold.

``agrees(op, *types)`` is the whole test of one configuration: output shapes, parameters, MACs as
``torch.utils.flop_counter`` has them, the bytes that autograd saves, and numbers where a plain
PyTorch expression is given. ``refuses(op, *types, words=…)`` is the test of one error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from archdsl.ops.base import OpError
from archdsl.types import Nodes, Outputs, Tokens, numel, shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.ops.base import Construct, Op, Spelling
    from archdsl.types import TensorType

    Run = Callable[..., Any]


def agrees(
    op: Op,
    *types: TensorType,
    reference: Run | None = None,
    batches: tuple[int, ...] = (1, 4),
    counted: bool = True,
    saved: bool = True,
    trained: bool = True,
) -> Built:
    """Every prediction of an op is what PyTorch does; gives the op built, for further questions.

    ``reference`` gets the input tensors (and, when the op has a module, that module first).
    ``counted``: whether FLOPs are comparable; ``saved``: whether saved bytes are; ``trained``:
    whether it runs in training mode.
    """
    built = Built(op, *types)
    built.train(trained)
    assert built.parameters == op.params(*types)
    for batch in batches:
        _same_shapes(built, batch)
        if counted:
            assert built.macs(batch) == _samples(types, batch) * op.macs(*types)
        if saved:
            assert built.saved_bytes(batch) == foretold_bytes(op, *types, batch=batch)
    built.train(False)
    _same_forms(built)
    if reference is not None:
        _same_numbers(built, reference)
    return built


def refuses(op: Op, *types: TensorType, words: str, **expected: str | None) -> OpError:
    """The op refuses, in these words; ``expected`` are further attributes of the misfit."""
    with pytest.raises(OpError) as caught:
        op.infer(*types)
    assert words in caught.value.message
    for name, value in expected.items():
        assert getattr(caught.value, name) == value, name
    return caught.value


def module(op: Op, *types: TensorType) -> str:
    """The constructor call an op is spelled with."""
    construct = op.spelling(*types).module
    assert construct is not None
    return render(construct)


def render(construct: Construct) -> str:
    """A constructor call as text."""
    parts = []
    for index, (name, value) in enumerate(construct.arguments.items()):
        parts.append(repr(value) if index < construct.positional else f"{name}={value!r}")
    made = f"{construct.callee}({', '.join(parts)})"
    return f"{construct.within}({made})" if construct.within else made


def foretold_bytes(op: Op, *types: TensorType, batch: int) -> int:
    """The bytes that an op says autograd keeps."""
    saves = op.saves(*types)
    kept = sum(_bytes(types[index], batch) for index in saves.inputs)
    if saves.output:
        kept += _bytes(op.infer(*types), batch)
    for name in saves.context:
        nodes = types[0]
        assert isinstance(nodes, Nodes)
        features = 4 * nodes.edges * nodes.edge_features
        given = {"edge_index": 16 * nodes.edges, "edge_attr": features, "batch": 8 * nodes.nodes}
        kept += given[name]
    alone = saves.alone if batch == 1 else 0
    return kept + saves.fixed + alone + _samples(types, batch) * saves.per_sample


def _bytes(tensor: TensorType, batch: int) -> int:
    if isinstance(tensor, Nodes):
        return 4 * numel(tensor)
    return batch * numel(tensor) * (8 if isinstance(tensor, Tokens) else 4)


class Built:
    """An op built from its spelling, or from that for channels on the last axis."""

    def __init__(self, op: Op, *types: TensorType, channels_last: bool = False) -> None:
        self.op, self.types = op, types
        self.channels_last = channels_last
        last = op.channels_last(*types) if channels_last else None
        self.spelling: Spelling = last or op.spelling(*types)
        self.scope = _scope(self.spelling)
        construct = self.spelling.module
        self.module = None if construct is None else eval(render(construct), self.scope)

    @property
    def parameters(self) -> int:
        return sum(p.numel() for p in self.module.parameters()) if self.module else 0

    def train(self, mode: bool) -> None:
        if self.module is not None:
            self.module.train(mode)

    def run(self, *tensors: Tensor) -> Any:
        """The op as a model would write it: its function where it has one, else its module."""
        if self.spelling.function is not None and not self._is_stateful():
            return self.run_function(*tensors)
        return self.run_module(*tensors)

    def run_module(self, *tensors: Tensor) -> Any:
        return self._run(self.spelling.apply, tensors)

    def run_function(self, *tensors: Tensor) -> Any:
        assert self.spelling.function is not None
        return self._run(self.spelling.function, tensors)

    def _run(self, form: str, tensors: tuple[Tensor, ...]) -> Any:
        names = [f"x{index}" for index in range(len(tensors))]
        values = {name: repr(value) for name, value in self.spelling.values.items()}
        text = form.format(*names, m="m", x=names[0], **values)
        context = {name: self._context(name, tensors) for name in self.spelling.context}
        bound = {**dict(zip(names, tensors, strict=True)), **context, "m": self.module}
        return eval(text, {**self.scope, **bound})

    def _context(self, name: str, tensors: tuple[Tensor, ...]) -> Tensor:
        nodes = self.types[0]
        assert isinstance(nodes, Nodes)
        if name == "edge_index":
            generator = torch.Generator().manual_seed(1)
            return torch.randint(nodes.nodes, (2, nodes.edges), generator=generator)
        if name == "edge_attr":
            generator = torch.Generator().manual_seed(2)
            return torch.randn(nodes.edges, nodes.edge_features, generator=generator)
        return torch.zeros(tensors[0].shape[0], dtype=torch.long)

    def _is_stateful(self) -> bool:
        return self.module is not None and bool(self.module.training or self.module.state_dict())

    def macs(self, batch: int) -> int:
        with FlopCounterMode(display=False) as counter:
            self.run(*self.tensors(batch))
        flops: int = counter.get_total_flops()
        assert flops % 2 == 0
        return flops // 2

    def saved_bytes(self, batch: int) -> int:
        """Bytes of the unique storages that autograd keeps, the module's own state left out."""
        own = () if self.module is None else (*self.module.parameters(), *self.module.buffers())
        skipped = {tensor.untyped_storage()._cdata for tensor in own}
        kept: dict[int, torch.UntypedStorage] = {}

        def keep(tensor: Tensor) -> Tensor:
            storage = tensor.untyped_storage()
            if storage._cdata not in skipped:
                kept[storage._cdata] = storage
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            result = self.run(*self.tensors(batch))
        del result
        return sum(storage.nbytes() for storage in kept.values())

    def tensors(self, batch: int) -> tuple[Tensor, ...]:
        """Random inputs; those of real numbers want gradients."""
        made = tuple(_tensor(one, batch) for one in self.types)
        if not self.channels_last:
            return made
        turned = (tensor.detach().movedim(1, -1).contiguous() for tensor in made)
        return tuple(tensor.requires_grad_() for tensor in turned)


def _samples(types: tuple[TensorType, ...], batch: int) -> int:
    return 1 if any(isinstance(one, Nodes) for one in types) else batch


def _scope(spelling: Spelling) -> dict[str, Any]:
    scope: dict[str, Any] = {"torch": torch, "nn": nn, "F": F}
    for line in spelling.imports:
        exec(line, scope)
    for definition in spelling.definitions:
        for line in definition.imports:
            exec(line, scope)
        exec(definition.source, scope)
    return scope


def _tensor(kind: TensorType, batch: int) -> Tensor:
    if isinstance(kind, Tokens):
        return torch.randint(kind.vocab, (batch, kind.length))
    sizes = shape(kind) if isinstance(kind, Nodes) else (batch, *shape(kind))
    return torch.randn(sizes, requires_grad=True)


def _same_shapes(built: Built, batch: int) -> None:
    foretold = built.op.infer(*built.types)
    found = built.run(*built.tensors(batch))
    several = isinstance(foretold, Outputs)
    pairs = zip(foretold.parts, found, strict=True) if several else [(foretold, found)]
    for kind, tensor in pairs:
        sizes = shape(kind) if isinstance(kind, Nodes) else (batch, *shape(kind))
        assert tuple(tensor.shape) == sizes


def _same_forms(built: Built) -> None:
    """Written as a module or as a function, an op gives the same in evaluation."""
    if built.module is None or built.spelling.function is None:
        return
    tensors = built.tensors(2)
    torch.testing.assert_close(built.run_module(*tensors), built.run_function(*tensors))


def _same_numbers(built: Built, reference: Run) -> None:
    tensors = built.tensors(2)
    first = () if built.module is None or built.spelling.function else (built.module,)
    torch.testing.assert_close(built.run(*tensors), reference(*first, *tensors))
