"""A fix is offered after it has been tried: its finding is gone and nothing new is as bad, alone
and together with the others, and only the lines change that it changes."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import archdsl
from archdsl import offering
from archdsl.diagnostics import Diagnostic, Severity, SpecError
from archdsl.edited import apart
from archdsl.examine import check_text
from archdsl.explain.errors import pages
from archdsl.explain.rules import body, example
from archdsl.fixing import Fixing, lines_changed
from archdsl.rendering.fixed import applied
from archdsl.rules.catalog import all_rules
from archdsl.source import Source
from archdsl.terms import USUAL, Terms
from tests.fixing.mutants import mutant, mutant_space
from tests.property.breaking import all_mutations
from tests.property.test_broken_specs import broken
from tests.rules.literate import Section, sections
from tests.thinning import mostly_slow, thinned
from tests.unjudged import UNJUDGED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PACKAGE = Path(archdsl.__file__).parent
RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


# The property, told without the code that holds it ---------------------------------------------


def said(found: Diagnostic) -> tuple[str, str]:
    """A finding but for its numbers, which others have after a fix."""
    return found.code, re.sub(r"\d[\d_,.]*", "#", found.message)


def worse(before: Sequence[Diagnostic], after: Sequence[Diagnostic], rank: int) -> Counter[str]:
    """How many more findings of a code there are, of those as bad as that."""
    return Counter(f.code for f in after if RANK[f.severity] <= rank) - Counter(
        f.code for f in before if RANK[f.severity] <= rank
    )


def complaints(text: str, terms: Terms = USUAL) -> list[str]:
    """What is wrong with the fixes that are offered for a text."""
    before = archdsl.check(text, terms=terms).diagnostics
    fixable = [found for found in before if found.fix is not None]
    wrong = [fault for one in fixable for fault in _faults(text, before, [one], terms)]
    fixes = [found.fix for found in fixable if found.fix]
    together = [fixable[number] for number in apart(fixes)]
    if len(together) > 1:
        wrong += [f"together: {fault}" for fault in _faults(text, before, together, terms)]
    return wrong


def _faults(
    text: str, before: Sequence[Diagnostic], fixed: list[Diagnostic], terms: Terms
) -> Iterable[str]:
    edits = [edit for found in fixed if found.fix for edit in found.fix.edits]
    after = check_text(Source(applied(text, edits)), None, terms).findings
    title = " + ".join(found.fix.title for found in fixed if found.fix)
    if more := worse(before, after, min(RANK[found.severity] for found in fixed)):
        yield f"{title}: brings {dict(more)}"
    told, left = Counter(map(said, before)), Counter(map(said, after))
    kinds = Counter(map(said, fixed))
    if any(left[kind] > told[kind] - count for kind, count in kinds.items()):
        yield f"{title}: leaves what it fixes"
    if any(edit.span.source.text != text for edit in edits):
        yield f"{title}: changes another text"


def leftovers(text: str, terms: Terms = USUAL) -> list[str]:
    """What is wrong with the text after all fixes that are offered."""
    before = check_text(Source(text), None, terms).findings
    done = Fixing(terms=terms, unsafe=True).run(text)
    after = done.report.diagnostics
    wrong = [f"brings {more}"] if (more := dict(worse(before, after, 0))) else []
    if bool(done.titles) != (done.text != text):
        wrong.append(f"{done.titles} but {'another' if done.text != text else 'the same'} text")
    return wrong


# Every code that makes fixes --------------------------------------------------------------------


def making() -> set[str]:
    """The codes of which the sources make fixes."""
    found = {"E442", "E406", "E301"}  # of outputs, of clauses and of ops: told by several codes
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Diagnostic":
                has_fix = any(keyword.arg == "fix" for keyword in node.keywords)
                if has_fix and node.args and isinstance(node.args[0], ast.Constant):
                    found.add(node.args[0].value)
    for rule in all_rules():
        text = Path(sys.modules[rule.__module__].__file__ or "").read_text(encoding="utf-8")
        if re.search(r"\bfix=", text):
            found.add(rule.code)
    return found


def names() -> list[str]:
    """What has texts: the pages of errors, the sections of rules, ways to break a spec."""
    told = [_titled(section) for section in sections() if section.expected]
    return [*pages(), *dict.fromkeys(told), *(one.name for one in all_mutations()), *TYPICAL]


def _titled(section: Section) -> str:
    return f"{section.slug}: {section.title}"


@cache
def _told() -> dict[str, Section]:
    return {_titled(section): section for section in sections()}


def written(name: str) -> list[tuple[str, Terms]]:
    """The texts of a name."""
    if name in pages():
        return [(pages()[name].spec, UNJUDGED)]
    if name in TYPICAL:
        return [(IMAGE.format(TYPICAL[name]), UNJUDGED)]
    if name in _told():
        text = _told()[name].spec
        has_arch = re.search(r"^arch ", text, flags=re.MULTILINE)
        return [(text if has_arch else f"arch Test {{\n{text}}}\n", USUAL)]
    (mutation,) = (one for one in all_mutations() if one.name == name)
    made = filter(None, (broken(mutation, seed) for seed in range(40)))
    return [(one.text, UNJUDGED) for one in islice(made, 3)]


IMAGE = """\
arch A {{
  data image(3, 32, 32, augment=basic)
  task classify(10)
  {}
}}
"""
TYPICAL = {
    "a colon": "model = conv(8, 3, stride: 2) -> global_avg_pool -> linear(classes)",
    "else with a colon": "model = conv(when(classes > 3, 8, else: 4), 3) -> global_avg_pool "
    "-> linear(classes)",
    "by": "let n = 16 to 64 log by 2\n  model = conv(n, 3) -> global_avg_pool -> linear(classes)",
    "a word of a clause": "train adam(precision=bf61)\n"
    "  model = conv(8, 3) -> global_avg_pool -> linear(classes)",
    "a size that is misspelt": "model = conv(x.chanels, 3) -> global_avg_pool -> linear(classes)",
    "a sum of layers": "model {\n    let y = conv(3, 3)\n"
    "    return y + x -> global_avg_pool -> linear(classes)\n  }",
    "a padding in words": "model = conv(8, 3, padding=valid) -> global_avg_pool -> linear(classes)",
    "a word of a row of weights": 'weights torchvision("fc.*" -> "head.*", "aux.*" -> dorp)\n'
    "  model {\n    let head = linear(classes)\n    return global_avg_pool -> head\n  }",
    "a last state that is not asked for": "model {\n"
    "    let (read, state) = max_pool(4) -> to_sequence -> gru(16)\n"
    "    return concat(read -> mean_over, state) -> linear(classes)\n  }",
    "a call left open": "model = conv(8, 3 -> relu -> global_avg_pool -> linear(classes)",
    "the first of several": "model = conv(8, 3) -> global_avg_pool "
    "-> outputs(linear(3), linear(4))",
}


@pytest.mark.parametrize("name", mostly_slow(names(), 3))
def test_a_fix_that_is_offered_is_good(name: str):
    for text, terms in written(name):
        assert (text, complaints(text, terms)) == (text, [])


@pytest.mark.slow
def test_each_code_that_makes_fixes_is_tried_and_offers_one():
    left = making()
    assert len(left) > 20
    of_pages = (one for name in reversed(names()) for one in written(name))
    of_mutants = ((mutant(seed), USUAL) for seed in range(600))
    for text, terms in chain(of_pages, of_mutants):
        left -= {f.code for f in archdsl.check(text, terms=terms).diagnostics if f.fix}
        if not left:
            break
    assert left == set()


REFUSED = {  # fixes of literate tests that are rightly not offered
    "deep_plain_network: What changes the shape, or is left over, stays in front",  # P405
}


def test_what_the_fixes_of_literate_tests_do_is_offered():
    offered = {}
    for section in sections():
        if section.fixed[:1] in (("safe",), ("unsafe",)):
            ((text, terms),) = written(_titled(section))
            code = section.expected[0].split()[0]
            told = archdsl.check(text, terms=terms).diagnostics
            offered[_titled(section)] = any(f.fix for f in told if f.code == code)
    assert len(offered) > 50
    assert {title for title, is_offered in offered.items() if not is_offered} == REFUSED


def test_the_fix_that_a_rule_page_tells_of_is_offered_for_its_example():
    telling = [rule for rule in all_rules() if "The fix " in body(rule)]
    assert len(telling) > 20
    for rule in telling:
        told = archdsl.check(example(rule).spec).diagnostics
        assert any(f.fix for f in told if f.code == rule.code), rule.code


@pytest.mark.parametrize("start", [20, 60])
def test_fixes_of_specs_with_mistakes_are_good(start: int):
    for seed in range(start, start + 20):
        assert (seed, complaints(mutant(seed))) == (seed, [])


@pytest.mark.slow
@pytest.mark.parametrize("start", thinned(range(0, 800, 100), 4))
def test_fixes_of_many_specs_with_mistakes_are_good(start: int):
    for seed in range(start, start + 100):
        assert (seed, complaints(mutant(seed))) == (seed, [])
        assert (seed, leftovers(mutant(seed))) == (seed, [])


@pytest.mark.slow
@pytest.mark.parametrize("start", thinned(range(0, 40, 10), 2))
def test_fixes_of_spaces_with_mistakes_are_good(start: int):
    for seed in range(start, start + 10):
        assert (seed, complaints(mutant_space(seed))) == (seed, [])
        assert (seed, leftovers(mutant_space(seed))) == (seed, [])


@pytest.mark.slow
def test_fixing_all_leaves_nothing_new_and_is_told():
    done = {seed: leftovers(mutant(seed)) for seed in range(60)}
    assert {seed: wrong for seed, wrong in done.items() if wrong} == {}


# What was wrong once ----------------------------------------------------------------------------

BEHIND_OUTPUTS = """\
arch T {
  data image(3, 224, 224, samples=1_281_167, augment=strong)
  task classify(1000)
  model {
    let stem = conv(64, 3, stride=2) -> relu -> global_avg_pool
    return outputs(stem -> linear(10), stem -> linear(classes))
  }
}
"""
WRONG_TYPE = """\
arch T {
  data tokens(16, vocab=50, segments=2)
  task classify(2)
  model = embedding(8) -> mean_over -> linear(classes)
}
"""
BYTES = """\
arch K {
  data image(1, 49, 10, samples=85_511)
  task classify(12)
  require weights_size <= 153_600 B
  model = conv(16, 3, stride=2) -> relu -> global_avg_pool -> linear(classes)
}
"""


def test_the_head_behind_outputs_is_written_where_it_belongs():
    (found,) = archdsl.check(BEHIND_OUTPUTS).diagnostics
    assert found.code == "E442"
    assert found.span is not None
    assert found.span.text == "linear(10)"
    done = Fixing(unsafe=True).run(BEHIND_OUTPUTS)
    assert done.text == BEHIND_OUTPUTS.replace("linear(10)", "linear(1000)")
    assert done.report.ok


def test_a_key_is_not_renamed_into_one_that_takes_no_such_value():
    (found,) = archdsl.check(WRONG_TYPE).diagnostics
    assert (found.code, found.fix) == ("E402", None)
    assert Fixing(unsafe=True).run(WRONG_TYPE)[:2] == (WRONG_TYPE, ())


def test_bytes_are_a_unit_and_billions_are_none():
    assert archdsl.check(BYTES).ok
    assert not archdsl.check(BYTES.replace("153_600 B", "9 B")).ok
    (found,) = archdsl.check(BYTES.replace("weights_size <= 153_600", "params <= 1.3")).diagnostics
    assert (found.code, found.fix) == ("E226", None)
    assert "`1.3G`" in found.help


def test_characters_pasted_from_a_page_are_written_plainly_throughout():
    needed = 'require params <= 1M, "it \u2192 has to fit"\n  # a \u2192 b'
    text = IMAGE.format(f"{needed}\n  model = conv(8, 3)")
    right = text.replace("conv(8, 3)", "conv(8, 3) -> relu -> global_avg_pool -> linear(classes)")
    pasted = right.replace("-> ", "\u2192 ").replace("relu", "r\u0435lu").replace("<=", "\u2264")
    done = Fixing(terms=UNJUDGED, unsafe=True).run(pasted)
    assert done.text == right
    assert done.titles == ("write plain characters",)


def test_a_call_is_closed_behind_its_values():
    text = TYPICAL["a call left open"]
    done = Fixing(terms=UNJUDGED, unsafe=True).run(IMAGE.format(text))
    assert done.text == IMAGE.format(text.replace("3 ->", "3) ->"))


@pytest.mark.parametrize(
    "text",
    [
        (
            "block enc(heads) = attention(heads)\n"
            "arch A {\n  data series(16, 64)\n  model = enc(5)\n}\n"
        ),
        "arch A {\n  data series(16, 64)\n  let heads = 5\n  model = attention(heads)\n}\n",
        "arch A {\n  data series(16, 64)\n  model = each(h = 5 to 6, attention(h))\n}\n",
        "arch A {\n  data series(16, 64)\n  model = transformer_encoder(5)\n}\n",
    ],
    ids=["a parameter", "a let", "a loop", "a shipped block"],
)
def test_what_is_given_elsewhere_is_not_replaced_by_a_number(text: str):
    (found,) = archdsl.check(text, terms=UNJUDGED).diagnostics
    assert (found.code, found.fix) == ("E301", None)


def test_a_number_that_is_written_there_is():
    text = "arch A {\n  data series(16, 64)\n  model = attention(5)\n}\n"
    done = Fixing(terms=UNJUDGED, unsafe=True).run(text)
    assert done.text == text.replace("5", "4")


# Other files, other questions, and how much it takes --------------------------------------------

USED = "block enc(width) = attention(5) -> linear(width)\n"
USING = 'use "used.arch"\narch A {\n  data series(16, 64)\n  model = enc(64)\n}\n'


def test_no_fix_is_offered_in_another_file(tmp_path: Path):
    (tmp_path / "used.arch").write_text(USED)
    name = str(tmp_path / "main.arch")
    (raw,) = check_text(Source(USING, name), tmp_path, UNJUDGED).findings
    assert raw.fix is not None
    (found,) = archdsl.check(USING, name=name, root=tmp_path, terms=UNJUDGED).diagnostics
    assert (found.code, found.fix) == ("E301", None)
    assert Fixing(name, tmp_path, UNJUDGED, unsafe=True).run(USING).text == USING
    with pytest.raises(SpecError) as refused:
        archdsl.compile(USING, name=name, root=tmp_path, terms=UNJUDGED)
    assert [one.fix for one in refused.value.diagnostics] == [None]


def questions(text: str) -> Iterable[tuple[Diagnostic, ...]]:
    for ask in (archdsl.compile, archdsl.read_space, archdsl.sample, archdsl.format):
        try:
            ask(text)
        except SpecError as refused:
            yield refused.diagnostics


@pytest.mark.parametrize("text", [BEHIND_OUTPUTS, WRONG_TYPE, IMAGE.format(TYPICAL["a colon"])])
def test_whatever_is_asked_the_same_fixes_are_offered(text: str):
    offered = {(f.code, f.message): f.fix and f.fix.title for f in archdsl.check(text).diagnostics}
    told = list(questions(text))
    assert told
    for findings in told:
        for found in findings:
            title = found.fix and found.fix.title
            assert title == offered.get((found.code, found.message))


def test_of_one_design_among_others_no_fix_is_offered():
    text = (
        "arch A {\n  data series(16, 8)\n  task regress(4)\n"
        "  model = (tanh | relu) -> lstm(2, bidirectional=true) -> last -> linear(4)\n}\n"
    )
    assert any(found.fix for found in archdsl.check(text).diagnostics)
    compiled = archdsl.compile(text, design={"choice": "tanh"})
    assert [f.fix for f in compiled.warnings if f.code == "P708"] == [None]


def test_trying_fixes_is_bounded(monkeypatch: pytest.MonkeyPatch):
    lets = "".join(f"    let n{i} = linear({i % 9 + 1})\n" for i in range(400))
    text = f"arch A {{\n  data table(8)\n  model {{\n{lets}    return linear(2)\n  }}\n}}\n"
    spent: list[int] = []

    def counted(*asked, **more):
        found = check_text(*asked, **more)
        spent.append(found.work)
        return found

    monkeypatch.setattr(offering, "check_text", counted)
    findings = archdsl.check(text).diagnostics
    fixes = [found for found in findings if found.fix]
    assert 0 < len(fixes) < 400
    assert sum(spent) <= offering.WORK + 2 * max(spent)
    assert {f.code for f in findings} >= {"P706"}


def test_a_text_without_such_findings_pays_nothing():
    script = (
        "import sys, archdsl\n"
        "archdsl.check('arch A {\\n data table(8)\\n model = linear(2)\\n}\\n')\n"
        "print('archdsl.offering' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


@pytest.mark.slow
def test_only_the_lines_that_a_fix_changes_are_changed():
    for seed in range(60):
        text = mutant(seed)
        findings = [f for f in archdsl.check(text).diagnostics if f.fix]
        lines = text.count("\n")
        for found in findings:
            assert found.fix is not None
            after = applied(text, found.fix.edits)
            touched = sum(edit.span.text.count("\n") + 1 for edit in found.fix.edits)
            assert len(lines_changed(text, after)) <= touched + 1, (seed, found.fix)
            assert abs(after.count("\n") - lines) <= touched
