"""Changes of a spec as people, `patch` and `git apply` read them."""

from __future__ import annotations

from difflib import unified_diff

from archdsl.rendering.escape import visible

NO_END = "\\ No newline at end of file\n"


def diff(name: str, old: str, new: str) -> str:
    """A unified diff, exact to the character; :func:`harmless` makes it safe for a terminal."""
    heading = _heading(name)
    lines = unified_diff(_lines(old), _lines(new), heading, heading)
    return "".join(line if line.endswith("\n") else f"{line}\n{NO_END}" for line in lines)


def harmless(diff: str) -> str:
    """A diff as a terminal may show it: what hides in its lines is visible."""
    return "\t".join("\n".join(map(visible, part.split("\n"))) for part in diff.split("\t"))


def _lines(text: str) -> list[str]:
    """Lines as patch counts them: only a line feed ends one."""
    *ended, last = text.split("\n")
    return [f"{line}\n" for line in ended] + ([last] if last else [])


def _heading(name: str) -> str:
    """A file's name as patch reads it: a tab ends one with spaces, odd ones are quoted as in C."""
    if visible(name) == name and not set(name) & {'"', "\\"}:
        return f"{name}\t" if " " in name else name
    return '"' + "".join(map(_quoted, name.encode("utf-8", "surrogateescape"))) + '"'


def _quoted(byte: int) -> str:
    if 0x20 <= byte < 0x7F:
        return f"\\{byte:c}" if chr(byte) in '"\\' else chr(byte)
    return f"\\{byte:03o}"
