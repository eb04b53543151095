"""Every op is tested with one thread and the same random numbers."""

from __future__ import annotations

import pytest
import torch

pytest.register_assert_rewrite("tests.ops.against_torch")


@pytest.fixture(autouse=True)
def _repeatable() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
