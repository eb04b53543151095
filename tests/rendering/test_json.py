"""Diagnostics as programs read them."""

from __future__ import annotations

import json

import archdsl
from archdsl.diagnostics import Amount, Diagnostic, Edit, Fix, Label, Severity
from archdsl.rendering import render
from archdsl.rules.config import Config
from archdsl.source import Source, Span
from archdsl.terms import Terms
from tests.rendering.findings import DEEP


def test_the_object_holds_all_there_is():
    source = Source("one\ntwo\n", "a.arch")
    place = Span(source, 4, 7)
    found = Diagnostic(
        "W2",
        "wrong",
        place,
        Severity.WARNING,
        label="here",
        needed="right",
        trail=(Label(place, "from"),),
        notes=("n",),
        help="do",
        fix=Fix("replace", (Edit(place, "three"),), safe=True),
        rule="wrong_thing",
        amount=Amount(0.75, 0.5),
    )
    where = {
        "file": "a.arch",
        "start": {"offset": 4, "line": 2, "column": 1},
        "end": {"offset": 7, "line": 2, "column": 4},
    }
    assert json.loads(render([found], "json")) == [
        {
            "code": "W2",
            "rule": "wrong_thing",
            "severity": "warning",
            "message": "wrong",
            "span": where,
            "label": "here",
            "needed": "right",
            "notes": ["n"],
            "help": "do",
            "trail": [{"text": "from", "span": where}],
            "fix": {
                "title": "replace",
                "safe": True,
                "edits": [{"span": where, "replacement": "three"}],
            },
            "amount": {"measured": 0.75, "threshold": 0.5},
        }
    ]


def test_the_keys_are_always_there():
    (plain,) = json.loads(render([Diagnostic("E1", "wrong")], "json"))
    assert plain["span"] is None
    assert plain["fix"] is None
    assert plain["rule"] is None
    assert plain["amount"] is None
    assert plain["trail"] == []


def test_programs_are_told_the_principle_and_its_numbers():
    terms = Terms(Config(select=("P301",)))
    (deep,) = json.loads(render(archdsl.check(DEEP, terms=terms).diagnostics, "json"))
    assert deep["rule"] == "deep_plain_network"
    assert deep["amount"] == {"measured": 24, "threshold": 20}


def test_no_findings_are_an_empty_list():
    assert json.loads(render([], "json")) == []
    assert render([], "full") == render([], "concise") == ""
