"""Quick fixes, each tried before it is offered."""

from __future__ import annotations

from lsprotocol import types

import archdsl
from tests.lsp.specs import GOOD, SPACE, WRONG


def _actions(page, text: str, only: list[str] | None = None, trigger: int | None = None):
    start = page.position(text)
    end = page.position(text, behind=len(text))
    context = types.CodeActionContext([], only=only, trigger_kind=trigger)
    params = types.CodeActionParams(page.identifier, types.Range(start, end), context)
    return page.editor.ask(types.TEXT_DOCUMENT_CODE_ACTION, params)


def _after(page, action):
    return page.edited(list(action.edit.changes[page.uri]))


def test_a_fix_is_offered_where_its_finding_is(editor):
    page = editor.open(WRONG)
    (action,) = _actions(page, "cnv(16, 3)")
    assert (action.title, action.kind) == ("Write `conv`", types.CodeActionKind.QuickFix)
    assert _after(page, action) == GOOD
    assert [one.code for one in action.diagnostics] == ["E202"]
    assert list(_actions(page, "stem")) == []
    assert list(_actions(page, "cnv(16, 3)", [types.CodeActionKind.Refactor])) == []


def test_a_fix_that_does_not_help_is_not_offered(editor):
    page = editor.open(WRONG.replace("linear(classes)", "linear(3)"))
    report = archdsl.check(page.text)
    assert [bool(found.fix) for found in report.diagnostics if found.code == "E202"] == [
        bool(list(_actions(page, "cnv")))
    ]


def test_a_principle_can_be_accepted_with_a_reason(editor):
    page = editor.open(GOOD.replace("2) -> relu\n", "2) -> batch_norm -> relu\n"))
    found = page.findings()
    slugs = [one.message.partition("principle `")[2].partition("`")[0] for one in found]
    assert slugs
    actions = [a for a in _actions(page, "let stem = conv(8") if a.title.startswith("Accept")]
    after = _after(page, actions[0])
    assert f'\n  allow {slugs[0]} because "say why"\n  model {{' in after
    left = archdsl.check(after).diagnostics
    assert slugs[0] not in {one.rule for one in left}


def test_all_safe_fixes_are_one_action(editor):
    text = GOOD.replace("  model", "  require params <= 1M, 'small'\n\n  model")
    page = editor.open(text)
    (action,) = _actions(page, "arch", ["source.fixAll"])
    assert _after(page, action) == archdsl.fix(text).text != text
    assert list(_actions(page, "arch", ["source.organizeImports"])) == []


def test_a_cursor_that_goes_where_nothing_is_told_starts_no_check(editor):
    automatic = types.CodeActionTriggerKind.Automatic
    page = editor.open(SPACE)
    assert list(_actions(page, "stem", trigger=automatic)) == []
    page = editor.open(WRONG)
    assert [one.title for one in _actions(page, "cnv", trigger=automatic)] == ["Write `conv`"]
