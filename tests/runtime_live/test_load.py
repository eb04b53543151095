"""Weights of others load by the names that a `weights` clause leads from, or are refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import load_file, save_file

import archdsl
from archdsl.cli.group import archdsl as command
from archdsl.runtime.extras import BadInput

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """
arch Small {{
  data  series(6, 8)
  task  classify(3)
  train adam(epochs=1)
  {weights}
  model {{
    let blocks = 2 * residual(attention(2))
    let norm = blocks -> mean_over -> layer_norm
    let head = norm -> linear(classes)
    return head
  }}
}}
"""
OWN = archdsl.compile(SPEC.format(weights="")).module().state_dict()
ROWS = """weights theirs("layer{i+1}.c_attn.*" -> transpose -> "blocks.{i}.attention.qkv.*",
                 concat("layer{i+1}.out.upper.*", "layer{i+1}.out.lower.*")
                 -> "blocks.{i}.attention.proj.*",
                 "both" -> part(1, of=2) -> "norm.weight",
                 "both" -> part(2, of=2) -> "norm.bias",
                 "aux.*" -> drop,
                 "model.*" -> "*")"""


def _theirs(own: dict[str, Any]) -> dict[str, Any]:
    """Weights of the module as somebody else would keep them."""
    found = {
        "aux.weight": torch.zeros(2),
        "both": torch.cat([own["norm.weight"], own["norm.bias"]]),
    }
    for i in range(2):
        for part in ("weight", "bias"):
            packed = own[f"blocks.{i}.attention.qkv.{part}"]
            found[f"layer{i + 1}.c_attn.{part}"] = packed.mT if packed.dim() == 2 else packed
            upper, lower = own[f"blocks.{i}.attention.proj.{part}"].chunk(2)
            found[f"layer{i + 1}.out.upper.{part}"] = upper
            found[f"layer{i + 1}.out.lower.{part}"] = lower
    found |= {f"model.head.{part}": own[f"head.{part}"] for part in ("weight", "bias")}
    return {name: tensor.clone().contiguous() for name, tensor in found.items()}


@pytest.fixture(scope="module")
def own() -> dict[str, Any]:
    torch.manual_seed(0)
    return {name: torch.randn_like(tensor) for name, tensor in OWN.items()}


@pytest.fixture
def file(tmp_path: Path, own: dict[str, Any]) -> Path:
    save_file(_theirs(own), tmp_path / "theirs.safetensors")
    return tmp_path / "theirs.safetensors"


def _same(module: Any, own: dict[str, Any]) -> bool:
    state = module.state_dict()
    return state.keys() == own.keys() and all(torch.equal(state[k], own[k]) for k in own)


def test_rows_rename_transpose_join_part_and_drop(file, own):
    module = archdsl.load(SPEC.format(weights=ROWS), file)
    assert _same(module, own)
    assert not module.training


def test_its_own_names_need_no_clause(tmp_path, own):
    save_file(own, tmp_path / "own.safetensors")
    for clause in ("", ROWS):
        assert _same(archdsl.load(SPEC.format(weights=clause), tmp_path / "own.safetensors"), own)


@pytest.mark.parametrize("inside", [None, "state_dict", "model"])
def test_what_torch_saved_loads_without_running_it(tmp_path, own, inside):
    theirs = _theirs(own)
    path = tmp_path / "theirs.pth"
    torch.save(theirs if inside is None else {"epoch": 3, inside: theirs}, path)
    assert _same(archdsl.load(SPEC.format(weights=ROWS), path), own)


def test_names_of_parallel_training_lose_their_first_word(tmp_path, own):
    torch.save({f"module.{k}": v for k, v in own.items()}, tmp_path / "own.pt")
    assert _same(archdsl.load(SPEC.format(weights=""), tmp_path / "own.pt"), own)


def test_an_index_leads_to_its_shards(tmp_path, own):
    theirs = _theirs(own)
    names = sorted(theirs)
    shards = {"a.safetensors": names[::2], "b.safetensors": names[1::2]}
    for shard, held in shards.items():
        save_file({name: theirs[name] for name in held}, tmp_path / shard)
    index = {"weight_map": {name: shard for shard, held in shards.items() for name in held}}
    path = tmp_path / "model.safetensors.index.json"
    path.write_text(json.dumps(index))
    assert _same(archdsl.load(SPEC.format(weights=ROWS), path), own)


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return eval, ("1 + 1",)


def test_a_file_that_would_run_code_is_refused(tmp_path):
    torch.save({"head.weight": Evil()}, tmp_path / "evil.pth")
    with pytest.raises(BadInput, match="holds no tensors that can be read"):
        archdsl.load(SPEC.format(weights=""), tmp_path / "evil.pth")


def test_an_index_reads_no_other_folder(tmp_path):
    path = tmp_path / "model.index.json"
    path.write_text(json.dumps({"weight_map": {"a": "../a.safetensors"}}))
    with pytest.raises(BadInput, match="another folder"):
        archdsl.load(SPEC.format(weights=""), path)


@pytest.mark.parametrize("content", ["{}", "[]", "no json", '{"weight_map": 3}'])
def test_an_index_of_nothing_is_refused(tmp_path, content):
    path = tmp_path / "model.index.json"
    path.write_text(content)
    with pytest.raises(BadInput, match="names no files"):
        archdsl.load(SPEC.format(weights=""), path)


def test_what_is_lacking_left_over_or_of_another_size_is_told(tmp_path, own):
    given = {k: v for k, v in own.items() if k != "norm.bias"}
    given |= {"head.weight": torch.zeros(4, 8), "extra": torch.zeros(1)}
    save_file(given, tmp_path / "x.safetensors")
    with pytest.raises(BadInput) as refused:
        archdsl.load(SPEC.format(weights=""), tmp_path / "x.safetensors")
    told = str(refused.value)
    assert "it lacks norm.bias" in told
    assert "of other sizes is head.weight (4×8 there, 3×8 here)" in told
    assert "nothing here is called extra" in told


def test_half_of_what_is_put_together_is_lacking(tmp_path, own):
    theirs = _theirs(own)
    del theirs["layer1.out.upper.weight"]
    save_file(theirs, tmp_path / "x.safetensors")
    with pytest.raises(
        BadInput, match=r"lacks blocks\.0\.attention\.proj\.weight.*layer1\.out\.lower"
    ):
        archdsl.load(SPEC.format(weights=ROWS), tmp_path / "x.safetensors")


def test_an_origin_without_a_clause_is_refused(file):
    with pytest.raises(
        BadInput, match="no names of `timm`: its `weights` clauses are those of `theirs`"
    ):
        archdsl.load(SPEC.format(weights=ROWS), file, origin="timm")


def test_training_starts_from_them(file, own, tmp_path):
    x, y = torch.randn(40, 6, 8).numpy(), torch.randint(3, (40,)).numpy()
    frozen = SPEC.format(weights=ROWS).replace("adam(epochs=1)", "adam(epochs=1, freeze=blocks)")
    trained = archdsl.train(frozen, (x, y), weights=file)
    state = trained.module.state_dict()
    assert torch.equal(state["blocks.1.attention.qkv.weight"], own["blocks.1.attention.qkv.weight"])


def test_the_command_writes_them_by_our_names(file, own, tmp_path):
    spec, out = tmp_path / "small.arch", tmp_path / "ours.safetensors"
    spec.write_text(SPEC.format(weights=ROWS))
    run = CliRunner().invoke(command, ["load", str(spec), str(file), "-o", str(out)])
    assert run.exit_code == 0, run.output
    assert "as theirs calls them" in run.output
    written = load_file(out)
    assert written.keys() == own.keys()
    assert all(torch.equal(written[name], own[name]) for name in own)


def test_the_command_refuses_other_weights_with_2(tmp_path):
    spec, file = tmp_path / "small.arch", tmp_path / "x.safetensors"
    spec.write_text(SPEC.format(weights=""))
    save_file({"a": torch.zeros(1)}, file)
    run = CliRunner().invoke(command, ["load", str(spec), str(file)])
    assert run.exit_code == 2
    assert "has not the weights of this model" in run.output
