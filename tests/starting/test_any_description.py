"""Whatever the data, `check --strict` accepts what `new` writes."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archdsl.cost.profiles import shipped
from archdsl.starting.description import SIZES, Description
from archdsl.starting.writing import first_design
from tests.starting.accepted import accepted_or_refused, is_accepted

MOST = {"image": 300, "volume": 80, "series": 20_000, "tokens": 20_000, "table": 3_000}


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    kind = draw(st.sampled_from(sorted(SIZES)))
    size = tuple(draw(st.integers(1, MOST.get(kind, 5_000))) for _ in SIZES[kind])
    samples = int(10 ** draw(st.floats(0, 8)))
    many_graphs = kind == "graph" and draw(st.booleans())
    if kind == "graph" and not many_graphs:
        samples = min(samples, size[1])
    tasks = ("classify", "regress", *(["next_token"] if kind == "tokens" else []))
    task = draw(st.sampled_from(tasks))
    targets = draw(st.integers(2 if task == "classify" else 1, 500))
    return Description(
        kind,
        size,
        samples,
        task,
        size[-1] if task == "next_token" else targets,
        many_graphs=many_graphs,
        pretrained=draw(st.booleans()),
        device=draw(st.sampled_from([None, *shipped()])),
    )


def limited(data: Description, params: int, memory: int, seconds: float) -> Description:
    latency = None if data.device is None else seconds
    limits = {"params": params, "memory": memory, "latency": latency}
    return Description(**{**vars(data), **limits})


@pytest.mark.slow
@example(Description("image", (1, 1, 1), 1, targets=2))
@example(Description("image", (3, 1, 500), 100_000, targets=10))
@example(Description("image", (3, 5, 5), 10_000_000, targets=2, device="mobile_cpu"))
@example(Description("image", (1, 4, 4000), 100_000, targets=3))
@example(Description("image", (3, 32, 9000), 100_000, targets=3))
@example(Description("image", (1, 7, 100_000), 100_000, targets=3))
@example(Description("image", (3, 4096, 4096), 5_000, targets=2))
@example(Description("volume", (1, 1, 1, 1), 1_000_000, "regress"))
@example(Description("series", (1, 1), 1, "regress"))
@example(Description("series", (1, 1), 10_000_000, targets=2))
@example(Description("tokens", (1, 1), 1, targets=2))
@example(Description("tokens", (1, 2), 10_000_000, "next_token", 2))
@example(Description("tokens", (300, 20_000), 5_000, "next_token", 20_000))
@example(Description("table", (1,), 1, targets=2))
@example(Description("table", (1,), 10_000_000, "regress", device="h200"))
@example(Description("graph", (1, 1, 1), 1, targets=2))
@example(Description("graph", (1, 1, 1), 10_000_000, "regress", many_graphs=True))
@settings(max_examples=15, deadline=None)
@given(descriptions())
def test_strict_check_accepts_what_new_writes(data: Description) -> None:
    is_accepted(first_design(data))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(descriptions())
def test_strict_check_accepts_what_new_writes_for_many_more(data: Description) -> None:
    is_accepted(first_design(data))


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    st.builds(
        limited,
        descriptions(),
        st.integers(1, 10**7),
        st.integers(2**10, 2**34),
        st.floats(1e-6, 0.1),
    )
)
def test_with_limits_it_is_accepted_or_refused_with_the_reason(data: Description) -> None:
    accepted_or_refused(data)
