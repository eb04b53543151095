"""Comments that go with the parts of a text into another."""

from __future__ import annotations

import pytest

from archdsl.source import Source
from archdsl.syntax.carried import written
from archdsl.syntax.format import format_source
from archdsl.syntax.parser import parse

TEXT = """\
# The header
# of two lines

# About one.
block one() = conv(8, 3)  # behind it

# About two.
block two() {
  # above a let
  let a = conv(8, 3)  # behind a let
  # above the result
  return a -> relu  # behind the result
  # before the brace
}

arch A {
  data  image(3, 8, 8)  # pictures

  model = one -> two  # a step
              -> relu
}
# at the end
"""


def of(text, name="<text>"):
    return parse(Source(text, name))


def test_a_text_carried_whole_is_as_it_was():
    file = of(TEXT)
    assert written(file.items, [file]) == format_source(TEXT)


@pytest.mark.parametrize("gone", [0, 1])
def test_the_comments_of_what_is_gone_are_gone_and_the_header_stays(gone):
    file = of(TEXT)
    kept = [item for index, item in enumerate(file.items) if index != gone]
    text = written(kept, [file])
    assert text.startswith("# The header\n# of two lines\n\n# About")
    assert ("# About one." in text) is (gone != 0)
    assert ("# behind it" in text) is (gone != 0)
    assert ("# above a let" in text) is (gone != 1)
    assert "# a step" in text
    assert text.endswith("# at the end\n")
    assert format_source(text) == text


def test_a_header_alone_is_followed_by_a_blank_line():
    file = of("# The header\nblock one() = relu\nblock two() = gelu\n")
    assert written(file.items[1:], [file]) == "# The header\n\nblock two() = gelu\n"


def test_lines_for_the_head_stand_above_all():
    file = of("# The header\n\nblock one() = relu\n")
    assert written(file.items, [file], ["# params: 3"]) == (
        "# params: 3\n# The header\n\nblock one() = relu\n"
    )
    bare = of("block one() = relu\n")
    assert written(bare.items, [bare], ["# params: 3"]) == "# params: 3\n\nblock one() = relu\n"


def test_parts_of_several_texts_bring_their_comments():
    main = of("# Main.\n\narch A {\n  data  image(3, 8, 8)\n\n  model = one  # all\n}\n", "a")
    used = of("# A library.\n\n# About one.\nblock one() = relu  # it\n\n# About two.\n", "b")
    assert written([*used.items, *main.items], [main, used]) == (
        "# Main.\n\n# About one.\nblock one() = relu  # it\n\n"
        "arch A {\n  data  image(3, 8, 8)\n\n  model = one  # all\n}\n"
    )


def test_a_comment_goes_with_the_first_of_several_parts_made_of_one():
    file = of("# About one.\nblock one() {\n  let a = relu  # a\n  return a\n}\n")
    text = written([*file.items, *file.items], [file])
    assert text.count("# About one.") == text.count("# a\n") == 1
    assert text.count("\n\nblock one() {") == 1
