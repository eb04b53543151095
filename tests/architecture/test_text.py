"""What may stand in the repository's text: plain characters, and the product alone."""

from __future__ import annotations

import re
import unicodedata

from tests.architecture.sources import sources, tracked

_FOLDERS = ("work", "root", "home", "opt", "Users", "mnt")
MACHINE_PATH = re.compile(rf"(?<![\w.~*)}}])/({'|'.join(_FOLDERS)})/")
REGISTRY_HOST = re.compile(r"py" + r"pi\.org|python" + r"hosted\.org|download\.py" + r"torch\.org")
SCRIPTS = ("LATIN", "GREEK")  # letters of other alphabets can pass for these


def test_no_file_names_a_path_of_one_machine() -> None:
    assert _lines_with(MACHINE_PATH) == []


def test_no_file_names_a_package_registry() -> None:
    assert _lines_with(REGISTRY_HOST) == []


def test_text_has_no_invisible_or_look_alike_characters() -> None:
    found = [
        f"{file.path}:{number} U+{ord(character):04X}"
        for file in tracked()
        for number, line in enumerate(file.text.split("\n"), 1)
        if not line.isascii()
        for character in line
        if _is_odd(character)
    ]
    assert found == []


def test_text_has_unix_lines_and_ends_in_one() -> None:
    files = [f for f in tracked() if f.text and f.is_written_by_hand]
    assert [f.path for f in files if "\r" in f.text or not f.text.endswith("\n")] == []


def test_python_is_written_in_ascii_names() -> None:
    names = re.compile(r"[^\W\d]\w*")
    found = []
    for file in sources(".py"):
        code = re.sub(r"(?s)\"\"\".*?\"\"\"|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*", "", file.text)
        found += [f"{file.path}: {n}" for n in names.findall(code) if not n.isascii()]
    assert found == []


def _is_odd(character: str) -> bool:
    if character.isascii():
        return False
    category = unicodedata.category(character)
    if category[0] == "L":
        return not unicodedata.name(character, "").startswith(SCRIPTS)
    return category[0] in "CZ"


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{file.path}:{number}: {line.strip()}"
        for file in tracked()
        for number, line in enumerate(file.text.splitlines(), 1)
        if pattern.search(line)
    ]
