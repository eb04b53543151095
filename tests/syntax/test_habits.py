"""What is written from habit is told as such; where one text is meant, it is offered as a fix."""

import pytest

import archdsl

MODEL = "conv(16, 3) -> relu -> global_avg_pool -> linear(classes)"


def spec(model: str = f"model = {MODEL}", clauses: str = "", above: str = "") -> str:
    lines = ("data image(3, 32, 32)", "task classify(10)", clauses, model)
    return above + "arch A {\n" + "\n".join(f"  {line}" for line in lines if line) + "\n}\n"


def only(text: str) -> archdsl.Diagnostic:
    (found,) = [d for d in archdsl.check(text).diagnostics if d.severity == "error"]
    return found


FIXED = {
    "3x32x32": (spec().replace("3, 32, 32", "3x32x32"), "E109", "image(3, 32, 32)"),
    "16..64": (spec(f"model = {MODEL.replace('16', '16..18')}"), "E105", "conv(16 to 18, 3)"),
    "50%": (spec(f"model = dropout(50%) -> {MODEL}"), "E109", "dropout(0.5)"),
    ":=": (spec(f"model {{ let h := {MODEL} return h }}"), "E105", "let h = conv"),
    "my-net": (spec().replace("arch A", "arch my-net"), "E101", "arch my_net {"),
    "3net": (spec().replace("arch A", "arch 3net"), "E101", "arch _3net {"),
    "--": (spec(above="-- a comment\n"), "E105", "# a comment\n"),
    "|>": (spec(f"model = {MODEL}".replace("-> relu", "|> relu")), "E105", "-> relu"),
    "block": (
        spec(
            "model = c(16) -> relu -> global_avg_pool -> linear(classes)", "block c(w) = conv(w, 3)"
        ),
        "E101",
        "block c(w) = conv(w, 3)\n\narch A {\n",
    ),
    "minimize": (spec(clauses="minimize params, macs"), "E101", "minimize macs"),
    "quoted": (spec().replace("32)", '32, samples="50k")'), "E406", "samples=50k"),
}


@pytest.mark.parametrize("name", FIXED)
def test_what_is_meant_is_offered(name: str) -> None:
    text, code, fixed = FIXED[name]
    found = only(text)
    assert found.code == code
    assert found.fix is not None
    after = archdsl.fix(text, unsafe=True).text
    assert fixed in after
    assert archdsl.check(after).ok


TOLD = {
    '"""': (spec(above='"""a comment"""\n'), "`#`"),
    "h = h": (spec("model {\n let h = relu\n h = h -> relu\n return h\n}"), "`let h_2 = …`"),
    "reason": (spec(clauses="allow no_baseline"), '`allow no_baseline because "…"`'),
    "train(": (spec(clauses="train(lr=1e-3)"), "`sgd(batch=32)`"),
    "use": ("use blocks.arch\n" + spec(), '`use "blocks.arch"`'),
    "\\": ('use "sub\\blocks.arch"\n' + spec(), "`/` between folders"),
    "typed": (spec(above="block b(w: int) = conv(w, 3)\n"), "`block cell(width, act=relu)`"),
    "arch": ("arch", "a name after `arch`"),
    "list": (spec("model = [conv(3, 3), relu]"), "`a -> b`"),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_is_not_certain_is_told_in_words(name: str) -> None:
    text, said = TOLD[name]
    found = only(text)
    assert said in found.needed + found.help


def test_an_offered_name_for_a_second_value_can_be_taken() -> None:
    text = spec(f"model {{\n let h = relu\n let h_2 = h -> {MODEL}\n return h_2\n}}")
    assert archdsl.check(text).ok


def test_a_comment_and_a_remainder_stay_what_they_are() -> None:
    assert archdsl.check(spec(f"model = {MODEL.replace('16', '80 % 64')} # 50% .. -- := |>")).ok
