"""A word that a listing does not have: what it is called here, and which command tells of it."""

import pytest


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("ops", "Conv2d"), "`Conv2d` is PyTorch's name for `conv`: `archdsl ops conv`"),
        (("ops", "se"), "it is a block: `archdsl blocks se`"),
        (("ops", "round"), "it is a function: `archdsl functions round`"),
        (("ops", "covn"), "did you mean `conv`?"),
        (("blocks", "conv"), "it is an op: `archdsl ops conv`"),
        (("blocks", "residul"), "did you mean `residual`?"),
        (("functions", "Dense"), "`Dense` is Keras' name for `linear`: `archdsl ops linear`"),
        (("functions", "rond"), "did you mean `round`?"),
        (("explain", "conv"), "it is an op: `archdsl ops conv`"),
        (("explain", "overcapacty"), "did you mean `overcapacity`?"),
    ],
)
def test_a_word_that_is_not_listed_leads_on(run, asked, said):
    result = run(*asked)
    assert result.exit_code == 2
    assert said in result.stderr
    if "`archdsl " in said:
        assert run(*said.split("`archdsl ")[1].rstrip("`").split()).exit_code == 0


def test_a_word_that_nobody_has_is_refused(run):
    result = run("ops", "zzzz")
    assert (result.exit_code, result.stderr) == (2, "Error: there is no op `zzzz`\n")


def test_a_folder_is_no_place_for_a_module(run):
    result = run("compile", "good.arch", "-o", ".")
    assert result.exit_code == 2
    assert result.stderr == "Error: cannot write .: it is a folder, name a file in it\n"
