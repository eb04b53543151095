"""A description of data from flags, and from questions where flags are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archdsl.cli import amounts
from archdsl.cli.describing_inputs import inputs as several
from archdsl.cost.profiles import shipped
from archdsl.diagnostics import did_you_mean
from archdsl.rendering.escape import visible
from archdsl.spec.catalog import task_of, task_with, tasks
from archdsl.spec.task import Answer
from archdsl.starting.description import SEVERAL, SIZES, Description

if TYPE_CHECKING:
    from collections.abc import Callable

    from archdsl.spec.task import Task

PAIR = 2  # inputs that find each other
EXAMPLES = {
    "image": "3x32x32",
    "volume": "1x64x128x128",
    "series": "500x8",
    "tokens": "256x8000",
    "table": "20",
    "graph": "32x2708x10556",
}


def description(flags: dict[str, Any], ask: bool) -> Description:
    """What the flags say. ``ask`` for what they leave out; else that is wrong usage."""
    inputs = several(flags) if len(flags["kind"]) > 1 else ()
    flags = {**flags, **({"kind": SEVERAL, "size": ""} if inputs else _of_one(flags))}
    if not ask:
        _refuse_missing(flags)
    asked = _Questions()
    if inputs:
        kind, size = SEVERAL, tuple[int, ...]()
    else:
        kind = _kind(flags["kind"] or asked(f"Kind of data ({', '.join(SIZES)})", _kind))
        size = _size(flags["size"], kind, asked)
    graphs = _many_graphs(kind, flags, asked)
    samples = _samples(flags["samples"], kind, size, graphs, asked)
    task, targets = _task(kind, size, samples, flags, asked)
    _refuse_no_pair(task, [one.kind for one in inputs])
    device = (
        _device(flags["device"])
        if flags["device"]
        else asked.also(f"Device ({', '.join(shipped())})", _device, "none")
    )
    return Description(
        kind,
        size,
        samples,
        task,
        targets,
        many_graphs=graphs,
        pretrained=flags["pretrained"],
        device=device,
        inputs=inputs,
        **_limits(flags, device, asked),
    )


def _refuse_no_pair(task: str, kinds: list[str]) -> None:
    """Raises UsageError where two inputs are to find each other, and there are fewer or more, or a
    graph is one of them."""
    asks = task_of(task)
    if asks.answer is Answer.PAIR and (len(kinds) != PAIR or "graph" in kinds):
        raise click.UsageError(
            f"{_flag(asks)} takes two inputs, no graphs, that find each other, as in `archdsl new "
            "--kind photo=image --size 3x64x64 --kind caption=tokens --size 32x8000 --samples 50k "
            f"{_flag(asks)} 128`"
        )


def _of_one(flags: dict[str, Any]) -> dict[str, str | None]:
    """The kind and the size of one input. Raises UsageError where several sizes are said."""
    if len(flags["size"]) > 1:
        raise click.UsageError(f"{len(flags['size'])} sizes, and one kind of data; --kind names it")
    return {name: next(iter(flags[name]), None) for name in ("kind", "size")}


class _Questions:
    """Asks for what is missing."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, question: str, read: Callable[[str], Any]) -> Any:
        self.asked = True
        return _prompt(question, read)

    def also(self, question: str, read: Callable[[str], Any], default: str) -> Any:
        """What may be left out, where there is a dialogue anyway."""
        if not self.asked:
            return read(default)
        return _prompt(question, read, default=default)


def _prompt(question: str, read: Callable[[str], Any], **options: Any) -> Any:
    try:
        return click.prompt(question, value_proc=read, err=True, **options)
    except click.Abort:
        click.echo(err=True)  # the shell's prompt gets a line of its own
        raise


def _refuse_missing(flags: dict[str, Any]) -> None:
    """Raises UsageError that names all that is missing."""
    if flags["kind"] not in (None, SEVERAL):
        _kind(flags["kind"])
    kind = (flags["kind"] or "").lower()
    wanted = {
        "kind": f"--kind ({', '.join(SIZES)})",
        "size": f"--size ({amounts.letters(kind)})" if kind in SIZES else "--size",
        "samples": "--samples",
    }
    missing = [text for name, text in wanted.items() if flags[name] is None]
    if not any(flags[task.flag()] for task in tasks().values()):
        usual, *others = map(_flag, _ordered())
        missing.append(f"{usual} (or {', '.join(others)})")
    if missing:
        example = f"archdsl new --kind image --size {EXAMPLES['image']} --samples 50k --classes 10"
        verb = "are" if len(missing) > 1 else "is"
        raise click.UsageError(f"{', '.join(missing)} {verb} missing, as in `{example}`")


def _kind(text: str) -> str:
    kind = text.strip().lower()
    if kind in SIZES:
        return kind
    known = did_you_mean(kind, SIZES) or f"there are {', '.join(SIZES)}"
    raise click.UsageError(f"there is no kind of data called {visible(text)!r}; {known}")


def _size(given: str | None, kind: str, asked: _Questions) -> tuple[int, ...]:
    def read(text: str) -> tuple[int, ...]:
        return amounts.size(kind, text)

    if given is not None:
        return read(given)
    of = " of an average one" if kind == "graph" else ""
    return tuple(asked(f"Size{of} ({' x '.join(SIZES[kind])}, like {EXAMPLES[kind]})", read))


def _many_graphs(kind: str, flags: dict[str, Any], asked: _Questions) -> bool:
    if flags["graphs"] and kind != "graph":
        raise click.UsageError("--graphs needs --kind graph")
    if flags["graphs"] or kind != "graph":
        return bool(flags["graphs"])
    return bool(asked.also("Many graphs with one answer each (yes, no)", _yes, "no"))


def _yes(text: str) -> bool:
    answer = text.strip().lower()
    if answer not in ("y", "yes", "n", "no"):
        raise click.UsageError("yes or no")
    return answer in ("y", "yes")


def _samples(
    given: str | None, kind: str, size: tuple[int, ...], graphs: bool, asked: _Questions
) -> int:
    """Labelled samples; of one graph, labelled nodes, of which there are no more than nodes."""

    def read(text: str) -> int:
        samples = amounts.count(text, most=amounts.MOST)
        if kind == "graph" and not graphs and samples > size[1]:
            nodes = f"{samples:,} labelled nodes of {size[1]:,}"
            raise click.UsageError(f"{nodes}: for many graphs say --graphs")
        return samples

    of = "nodes" if kind == "graph" and not graphs else "samples"
    return read(given) if given is not None else int(asked(f"Labelled {of}", read))


def _task(
    kind: str, size: tuple[int, ...], samples: int, flags: dict[str, Any], asked: _Questions
) -> tuple[str, int]:
    """What is to come out, and how many numbers."""
    given = [task for task in _ordered() if flags[task.flag()]]
    if len(given) > 1:
        *most, last = map(_flag, _ordered())
        raise click.UsageError(f"one of {', '.join(most)} and {last}")
    for task in given:
        if not task.positional and kind != "tokens":
            raise click.UsageError(f"{_flag(task)} needs --kind tokens")
        if not task.positional:
            return task.word(), size[1]
        text = flags[task.flag()]
        if task.answer is Answer.CLASS:
            return task.word(), _classes(text, samples)
        count = amounts.count(text)
        if count == 1 and task.answer in (Answer.VECTOR, Answer.PAIR):
            raise click.UsageError(f"{_flag(task)}: a vector of 1 number has no direction")
        return task.word(), count
    return _task_asked(kind, size, samples, asked)


def _ordered() -> list[type[Task]]:
    """All tasks, the usual one first, those that only some data have last."""
    return sorted(tasks().values(), key=lambda task: not task.positional)


def _flag(task: type[Task]) -> str:
    return f"--{task.flag().replace('_', '-')}"


def _task_asked(
    kind: str, size: tuple[int, ...], samples: int, asked: _Questions
) -> tuple[str, int]:
    def read(text: str) -> int | str:
        answer = text.strip().lower()
        if answer == "next" and kind == "tokens":
            return answer
        return 0 if answer == "0" else _classes(text, samples)

    tokens = "; next: the next token" if kind == "tokens" else ""
    classes = asked(f"{task_with(Answer.CLASS).asks_for} (0: to predict numbers{tokens})", read)
    if classes == "next":
        return task_with(Answer.TOKEN).word(), size[1]
    if classes:
        return task_with(Answer.CLASS).word(), classes
    task = task_with(Answer.NUMBERS)
    return task.word(), asked.also(task.asks_for, amounts.count, "1")


def _classes(text: str, samples: int) -> int:
    classes = amounts.count(text, least=2)
    if classes > samples:
        raise click.UsageError(f"{classes:,} classes of {samples:,} samples: some would have none")
    return classes


def _device(text: str) -> str | None:
    name = text.strip().lower()
    if name == "none":
        return None
    if name not in shipped():
        known = did_you_mean(name, shipped()) or f"there are {', '.join(shipped())}"
        raise click.UsageError(f"there is no device called {visible(text)!r}; {known}")
    return name


def _limits(flags: dict[str, Any], device: str | None, asked: _Questions) -> dict[str, Any]:
    if flags["latency"] and device is None:
        raise click.UsageError("--latency needs --device, the machine to answer on")
    found = {
        name: amounts.limit(f"--{name}", flags[name], dimension)
        for dimension, name in amounts.LIMITS.items()
        if flags[name] is not None
    }
    if found:
        return found

    def read(text: str) -> dict[str, Any]:
        limits = amounts.limits(text)
        if "latency" in limits and device is None:
            raise click.UsageError("a latency needs a device to answer on")
        return limits

    what = "parameters, latency, memory" if device else "parameters, memory"
    like = "5M 20ms 8GiB" if device else "5M 8GiB"
    return dict(asked.also(f"Limits of {what} (like {like})", read, "none"))
