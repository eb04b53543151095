"""Memory that is not there is found before it is taken, and told from other errors."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live import room
from archdsl.runtime.live.room import NoRoom, make_room, ran_out
from tests.runtime_live.trained import case


def test_a_card_has_its_own_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "memory", lambda: 2**40)
    monkeypatch.setattr(room, "of_card", lambda: 2**30)
    make_room(2**31, "it")
    with pytest.raises(NoRoom, match="it needs 2 GiB of memory; this graphics card has 1 GiB"):
        make_room(2**31, "it", "cuda")


def test_a_training_asks_for_the_memory_of_its_device(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        "archdsl.runtime.live.learning.loop.make_room", lambda *given: asked.append(given)
    )
    case("sgd(epochs=1)").learned()
    ((needed, what, device),) = asked
    assert (needed > 0, what, device) == (True, "training It", "cpu")


def test_what_allocators_say_is_known() -> None:
    with pytest.raises(MemoryError) as of_numpy:
        np.empty(2**60, dtype=np.uint8)
    with pytest.raises(RuntimeError) as of_torch:
        torch.empty(2**60, dtype=torch.uint8)
    assert ran_out(of_numpy.value)
    assert ran_out(of_torch.value)
    assert ran_out(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."))
    assert ran_out(RuntimeError("CUDA error: out of memory"))
    assert ran_out(NoRoom("it needs 2 GiB"))


def test_other_errors_are_none_of_memory() -> None:
    assert not ran_out(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    assert not ran_out(ValueError("the story ran out of memory"))
    assert not ran_out(BadInput("the data are bad"))
