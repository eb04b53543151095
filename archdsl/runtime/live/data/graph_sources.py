"""Where graphs come from: .npz files, and objects of PyTorch Geometric that a function gives."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from archdsl.runtime.extras import BadInput
from archdsl.runtime.live.data.graphs import Graphs, Masks, in_arrays
from archdsl.types import Nodes, padding, shape

if TYPE_CHECKING:
    from archdsl.runtime.live.arrays import Array
    from archdsl.spec.data import Data
    from archdsl.types import TensorType

GRAPH_IDS = ("batch", "graph", "graph_ids")
PARTS = (("train", "training"), ("val", "valid", "validation"), ("test",))
OWN = ("x", "edge_index", "edge_attr", "y", *GRAPH_IDS)  # arrays of graphs, beside masks
MOST = 10**6  # graphs of a dataset that is gone through one by one


def of_arrays(name: str, arrays: Mapping[str, Array]) -> Graphs:
    """Graphs from the arrays of a file by name: ``x``, ``edge_index`` and ``y``; ``edge_attr``, the
    graph of each node as ``batch``, and masks as ``train_mask``, ``val_mask`` and ``test_mask``,
    where it has them. All others are of other inputs. Raises :class:`BadInput`."""
    if not {"x", "edge_index", "y"} <= arrays.keys():
        raise BadInput(
            f"{name} holds {', '.join(arrays) or 'nothing'}; graphs are x, edge_index and y"
        )
    graph = next((arrays[key] for key in GRAPH_IDS if key in arrays), None)
    masks = _masks(name, {key.removesuffix("_mask"): value for key, value in arrays.items()})
    plain = (arrays["x"], arrays["edge_index"], arrays["y"])
    found = in_arrays(name, *plain, graph, masks, arrays.get("edge_attr"))
    return found._replace(
        others=tuple(
            (key, arrays[key]) for key in arrays if key not in OWN and not key.endswith("_mask")
        )
    )


def of_objects(name: str, given: Any, data: Data | None = None) -> Graphs:
    """Graphs from a ``Data`` of PyTorch Geometric (one graph), or a dataset or list of them: of
    several, each is a graph. A dataset of one is one graph. Masks are those of the graph, or of
    ``get_idx_split()`` as OGB's datasets have it. What ``data`` tells of besides are attributes of
    the graphs; or all is a pair of arrays, ({name: array}, y). Raises :class:`BadInput`."""
    if isinstance(given, (tuple, list)) and len(given) == 2 and isinstance(given[0], Mapping):
        told = {key: _array(one) for key, one in (*given[0].items(), ("y", given[1]))}
        return of_arrays(name, {key: one for key, one in told.items() if one is not None})
    others = _others(data)
    if is_graph(given):
        return _single(name, given, None, others)
    found = _listed(name, given)
    split = given.get_idx_split() if hasattr(given, "get_idx_split") else None
    if len(found) == 1:
        return _single(name, found[0], split, others)
    return _several(name, found, split, others)


def _listed(name: str, given: Any) -> list[Any]:
    """The graphs of a dataset or a list, at least one. Raises :class:`BadInput` for anything else,
    and for too many."""
    found = list(islice(iter(given), MOST + 1)) if hasattr(given, "__iter__") else []
    if not found and hasattr(given, "__getitem__") and hasattr(given, "__len__"):
        found = [given[place] for place in range(min(len(given), MOST + 1))]
    if len(found) > MOST:
        raise BadInput(f"{name} gave more than {MOST:,} graphs")
    odd = [one for one in found or [given] if not is_graph(one)]
    if odd:
        raise BadInput(
            f"{name} gave {type(odd[0]).__name__}; the spec takes graphs: a Data of PyTorch "
            "Geometric with x, edge_index and y, or a dataset or list of them"
        )
    return found


def _others(data: Data | None) -> dict[str, TensorType]:
    """The inputs that stand beside a graph, by their names; what is drawn is in no data."""
    told = {} if data is None else data.inputs()
    found = {name: one.tensor() for name, one in told.items() if not one.is_drawn}
    return {name: takes for name, takes in found.items() if not isinstance(takes, Nodes)}


def is_graph(given: Any) -> bool:
    """Whether something is a graph of PyTorch Geometric."""
    return hasattr(given, "edge_index") and hasattr(given, "x") and hasattr(given, "y")


def _single(name: str, one: Any, split: Any, others: Mapping[str, TensorType]) -> Graphs:
    x, edges, y = _arrays(name, one)
    found = {key: _array(getattr(one, f"{key}_mask", None)) for keys in PARTS for key in keys}
    here = {key: value for key, value in found.items() if value is not None}
    masks = _masks(name, here) if here else _of_split(name, split, len(x))
    batch = _array(getattr(one, "batch", None))
    found_one = in_arrays(name, x, edges, y, batch, masks, _array(getattr(one, "edge_attr", None)))
    stated = ((key, _array(getattr(one, key, None))) for key in others)
    return found_one._replace(others=tuple((key, a) for key, a in stated if a is not None))


def _several(name: str, found: list[Any], split: Any, others: Mapping[str, TensorType]) -> Graphs:
    import numpy as np

    parts = [_arrays(name, one) for one in found]
    sizes = [len(x) for x, _, _ in parts]
    starts = np.cumsum([0, *sizes[:-1]])
    try:
        x = np.concatenate([x for x, _, _ in parts])
        edges = np.concatenate(
            [e + start for (_, e, _), start in zip(parts, starts, strict=True)], 1
        )
        y = np.concatenate([np.atleast_1d(y) for _, _, y in parts])
        features = _features_of_edges(found)
        beside = tuple((key, _rows(found, key, takes)) for key, takes in others.items())
    except ValueError as error:
        raise BadInput(f"{name}: the graphs differ in what they have: {error}") from None
    graph, masks = np.repeat(np.arange(len(found)), sizes), _of_split(name, split, len(found))
    return in_arrays(name, x, edges, y, graph, masks, features)._replace(others=beside)


def _rows(found: list[Any], key: str, takes: TensorType) -> Any:
    """What each graph says of itself under a name: a row, by itself or as the only one of an array.
    Raises ``ValueError`` where some say nothing, or other things than the rest."""
    import numpy as np

    told = [_array(getattr(one, key, None)) for one in found]
    rows = [row for row in told if row is not None]
    if len(rows) < len(found):
        raise ValueError(f"some have no {key}")
    if padding(takes) is not None:
        return [row[0] if row.ndim > len(shape(takes)) else row for row in rows]
    return np.stack([row[0] if row.shape == (1, *shape(takes)) else row for row in rows])


def _features_of_edges(found: list[Any]) -> Array | None:
    """Those of all graphs, one after another. Raises ``ValueError`` where some have none."""
    import numpy as np

    features = [_array(getattr(one, "edge_attr", None)) for one in found]
    given = [one for one in features if one is not None]
    if given and len(given) < len(found):
        raise ValueError("some have no edge_attr")
    return np.concatenate(given) if given else None


def _arrays(name: str, one: Any) -> tuple[Array, Array, Array]:
    missing = [key for key in ("x", "edge_index", "y") if _array(getattr(one, key)) is None]
    if missing:
        raise BadInput(f"{name}: a graph has no {' and no '.join(missing)}")
    x, edges, y = (_array(getattr(one, key)) for key in ("x", "edge_index", "y"))
    assert x is not None and edges is not None and y is not None  # noqa: PT018 - for mypy
    return x, edges, y


def _array(given: Any) -> Array | None:
    """A tensor or an array as an array."""
    import numpy as np

    if given is None:
        return None
    if hasattr(given, "detach"):
        given = given.detach().cpu().numpy()
    return np.asarray(given)


def _of_split(name: str, split: Any, count: int) -> Masks | None:
    import numpy as np

    if split is None:
        return None
    masks = {}
    for key, places in split.items():
        masks[key] = np.zeros(count, dtype=bool)
        masks[key][_array(places)] = True
    return _masks(name, masks)


def _masks(name: str, arrays: Mapping[str, Array]) -> Masks | None:
    """All three masks, or none. Of several splits beside each other the first is taken."""
    found = [next((arrays[key] for key in keys if key in arrays), None) for keys in PARTS]
    if all(mask is None for mask in found):
        return None
    given = [mask for mask in found if mask is not None]
    if len(given) != len(PARTS):
        raise BadInput(f"{name} has some of train_mask, val_mask and test_mask; it takes all three")
    first = [mask[:, 0] if mask.ndim == 2 else mask for mask in given]
    if any(mask.ndim != 1 or mask.dtype.kind != "b" for mask in first):
        raise BadInput(f"{name}: masks are true or false for each node or graph")
    return Masks(*first)
