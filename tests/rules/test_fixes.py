"""A fix leaves a spec that loads, and takes its finding away."""

from __future__ import annotations

import re
from inspect import getmodule, getsource
from random import Random

import pytest

from archdsl.fixing import Fixed, Fixing
from archdsl.rules.catalog import all_rules
from archdsl.rules.config import Config
from archdsl.terms import Terms
from tests.rules.literate import Section, after, judged, sections


def fixed(spec: str, slug: str) -> tuple[str, list[bool]]:
    """A spec with all fixes of a rule applied, and which of them are safe."""
    found = judged(spec, Config(select=(slug,)))
    fixes = [finding.fix for finding in found if finding.fix is not None]
    assert len(fixes) == len(found)
    return after(fixes), [fix.safe for fix in fixes]


def offers(section: Section) -> bool:
    """Whether all findings of a section have a fix."""
    found = judged(section.spec, Config(select=(section.slug,))) if section.expected else []
    return bool(found) and all(finding.fix is not None for finding in found)


OFFERING = [section for section in sections() if offers(section)]


def names(section: Section) -> str:
    return f"{section.slug}: {section.title}"


@pytest.mark.parametrize("section", OFFERING, ids=names)
def test_after_its_fix_a_finding_is_gone(section: Section) -> None:
    text, _ = fixed(section.spec, section.slug)
    assert judged(text, Config(select=(section.slug,))) == []


def fix(spec: str, slug: str) -> Fixed:
    """A spec after `check --unsafe-fixes --select SLUG`."""
    text = spec if re.search(r"^arch ", spec, flags=re.MULTILINE) else f"arch Test {{\n{spec}}}\n"
    return Fixing(terms=Terms(Config(select=(slug,))), unsafe=True).run(text)


@pytest.mark.parametrize("section", OFFERING, ids=names)
def test_what_fixing_leaves_has_no_finding(section: Section) -> None:
    done = fix(section.spec, section.slug)
    assert done.titles
    assert done.report.diagnostics == ()


def test_each_rule_that_makes_fixes_has_a_section_that_offers_one() -> None:
    modules = {rule.slug(): getsource(getmodule(rule) or rule) for rule in all_rules()}
    making = {slug for slug, text in modules.items() if re.search(r"\bfix=", text)}
    assert making == {section.slug for section in OFFERING}


LAYERS = {
    "data image({width}, 16, 16)": (
        "conv({width}, 3)",
        "(conv({width}, 3, bias=false) -> batch_norm -> relu)",
        "(conv({width}, 1) -> relu -> conv({width}, 3) -> relu)",
        "depthwise_separable({width})",
        "(conv({width}, 3) -> se(squeeze=2))",
    ),
    "data series(12, {width})": ("gru({width})", "(linear({width}) -> relu)", "conv({width}, 3)"),
    "data graph({width}, nodes=50, edges=99)": ("linear({width})", "(linear({width}) -> elu)"),
}
ACTS = ("relu", "gelu", "dropout(0.2)", "drop_path(0.1)", "layer_scale(0.5)")


def plain(chance: Random) -> str:
    data = chance.choice(list(LAYERS))
    layer = chance.choice(LAYERS[data]).format(width=chance.choice((8, 12)))
    front = chance.choice(("", f"{layer} -> ", "relu -> "))
    end = chance.choice(("", " -> relu", f" -> {layer}"))
    row = f"{front}{chance.randint(19, 40)} * {layer}{end}"
    return f"{data.format(width=chance.choice((8, 12)))}\nmodel = {row}\n"


def post_norm(chance: Random) -> str:
    heads, drop = chance.choice((1, 2, 4)), chance.choice(("", ", drop=0.2"))
    rows = [
        f"{chance.randint(7, 14)} * transformer_encoder({heads}{drop}, norm_first=false)"
        for _ in range(chance.randint(1, 3))
    ]
    return f"data series(9, 16)\nmodel = {' -> '.join(rows)} -> last\n"


def skip(chance: Random) -> str:
    path, copies = chance.choice(ACTS), chance.randint(1, 4)
    body = chance.choice(("conv(8, 3) -> relu -> conv(8, 3)", "conv(8, 1)", "relu -> conv(8, 3)"))
    both = [chance.choice(("", "x -> ")) + path, body]
    chance.shuffle(both)
    return (
        f"block b() = add({', '.join(both)})\narch Test {{\n  data image(8, 8, 8)\n"
        f"  model = {copies} * b\n}}\n"
    )


def odd(chance: Random) -> str:
    widths = [chance.randint(9, 200) | 1 for _ in range(chance.randint(1, 5))]
    row = " -> ".join(f"{chance.choice(('linear({})', 'linear(features={})'))}" for _ in widths)
    return (
        f"data table(64)\ntrain adam(precision=bf16)\nmodel = {row.format(*widths)} -> linear(3)\n"
    )


def read_at_one_end(chance: Random) -> str:
    layer = chance.choice(("lstm(4, bidirectional=true)", "bilstm(6)", "gru(4, 2, true)"))
    end = chance.choice(("first", "last"))
    layer, end = chance.choice(((layer, end), ("gru(8)", "first")))
    between = chance.choice(("", " -> dropout(0.1)", " -> layer_norm -> linear(4)", " -> relu"))
    return f"data series(9, 8)\nmodel = {layer}{between} -> {end} -> linear(2)\n"


def biased(chance: Random) -> str:
    layer = chance.choice(("linear(4)", "conv(4, 3)", "linear(4, bias=true)", "conv(4, kernel=1)"))
    return f"data series(9, 8)\nmodel = {chance.randint(1, 3)} * ({layer} -> batch_norm -> relu)\n"


def unread(chance: Random) -> str:
    lets = [f"  let n{i} = linear({chance.randint(1, 9)})\n" for i in range(chance.randint(1, 4))]
    lets.insert(chance.randint(0, len(lets)), "  let kept = relu\n")
    return f"data table(8)\nmodel {{\n{''.join(lets)}  return kept -> linear(2)\n}}\n"


MADE = {
    "deep_plain_network": plain,
    "post_norm_deep": post_norm,
    "broken_identity": skip,
    "misaligned_width": odd,
    "one_step_direction": read_at_one_end,
    "bias_before_norm": biased,
    "dead_branch": unread,
}


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("slug", MADE)
def test_a_spec_made_at_random_has_no_finding_after_its_fix(slug: str, seed: int) -> None:
    spec = MADE[slug](Random(seed))
    before = [finding.fix for finding in judged(spec, Config(select=(slug,)))]
    assert before
    assert None not in before
    done = fix(spec, slug)
    assert done.titles
    assert done.report.diagnostics == ()


TABLE = "data table(8)\nmodel = {} -> batch_norm\n"
WRITTEN = [
    ("linear(4)", "linear(4, bias=false)"),
    ("linear(4, )", "linear(4, bias=false, )"),
    ("linear(features=4)", "linear(features=4, bias=false)"),
    ("linear(4, bias=true)", "linear(4, bias=false)"),
    ("linear(4, true)", "linear(4, false)"),
    ("linear(\n  4  # width\n)", "linear(\n  4, bias=false  # width\n)"),
]


@pytest.mark.parametrize(("before", "after"), WRITTEN)
def test_the_flag_is_written_into_the_call(before: str, after: str) -> None:
    text, safe = fixed(TABLE.format(before), "bias_before_norm")
    assert after in text
    assert safe == [False]
    assert judged(text, Config(select=("bias_before_norm",))) == []


@pytest.mark.parametrize(
    "spec",
    [
        "let on = true\ndata table(8)\nmodel = linear(4, bias=on) -> batch_norm\n",
        "data series(8, 8)\nmodel = conformer(4, kernel=3)\n",
        "block b(n) = linear(8) -> n\narch T {\ndata table(8)\nmodel = b(batch_norm) -> b(relu)}",
    ],
    ids=["a value", "a shipped block", "a line that needs it elsewhere"],
)
def test_a_flag_that_is_not_written_there_is_left_to_the_author(spec: str) -> None:
    (finding,) = judged(spec, Config(select=("bias_before_norm",)))
    assert finding.fix is None


def test_the_flag_is_written_where_the_layer_is_named() -> None:
    text, _ = fixed("let wide = linear(4)\n" + TABLE.format("wide"), "bias_before_norm")
    assert "let wide = linear(4, bias=false)" in text


def test_a_dead_let_goes_with_its_line_and_leaves_the_others() -> None:
    spec = "data table(8)\nmodel {\n  let a = linear(4)\n  let b = relu\n  return b\n}\n"
    text, safe = fixed(spec, "dead_branch")
    assert "model {\n  let b = relu\n  return b\n}" in text
    assert safe == [True]


def test_a_dead_let_beside_something_goes_alone() -> None:
    text, _ = fixed("data table(8)\nmodel { let a = linear(4) return relu }\n", "dead_branch")
    assert "model {  return relu }" in text


def test_a_dead_let_with_a_choice_is_no_safe_fix() -> None:
    spec = "data table(8)\nmodel {\n  let a = linear(4) | linear(8)\n  return relu\n}\n"
    assert fixed(spec, "dead_branch")[1] == [False]
