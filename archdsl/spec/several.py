"""Several tasks of one model: a result for each, in the order of their clauses."""

from collections.abc import Mapping
from typing import ClassVar

from archdsl.spec.data import Data
from archdsl.spec.outcome import WrongOutput, tasks_of
from archdsl.spec.task import Answer, Per, Task
from archdsl.types import Auxiliary, Outputs, TensorType


class Several(Task):
    """``task kind = classify(10)`` and ``task age = regress(1)``: their tasks by name."""

    answer: ClassVar[Answer] = Answer.SEVERAL
    judged_by: ClassVar[tuple[str, ...]] = ("loss",)
    tasks: dict[str, Task]

    @classmethod
    def together(cls, tasks: Mapping[str, Task]) -> "Several":
        return cls(tasks=dict(tasks), deployed=all(task.deployed for task in tasks.values()))

    def __str__(self) -> str:
        return ", ".join(f"{name} = {task}" for name, task in self.tasks.items())

    @property
    def heads(self) -> tuple[tuple[str, Task], ...]:
        return tuple(self.tasks.items())

    def unit(self, data: Data) -> Per:
        """That of the first."""
        return next(iter(self.tasks.values())).unit(data)

    def subject(self, data: Data) -> Data:
        """That of the first task which may not look ahead; else of the first."""
        tasks = self.tasks.values()
        bound = (task for task in tasks if task.looks_back())
        return next(bound, next(iter(tasks))).subject(data)

    def width(self, data: Data) -> int:
        return sum(task.width(data) for task in self.tasks.values())

    def looks_back(self) -> bool:
        return any(task.looks_back() for task in self.tasks.values())

    def names(self) -> dict[str, int]:
        return {
            f"{name}.{constant}": value
            for name, task in self.tasks.items()
            for constant, value in task.names().items()
        }

    def outputs(self, data: Data) -> TensorType | WrongOutput:
        pairs = next((name for name, task in self.heads if task.vectors > 1), None)
        if pairs is not None:
            return WrongOutput(
                "E450",
                f"`{pairs} = {self.tasks[pairs]}` compares two results of a model, and each of"
                " several tasks has one",
                needed=f"`task {self.tasks[pairs]}` alone",
            )
        parts: list[TensorType] = []
        for place, (name, task) in enumerate(self.heads):
            found = task.outputs(data)
            if isinstance(found, WrongOutput):
                return found._replace(message=f"`{name}`: {found.message}", place=place)
            parts.append(found)
        return Outputs(tuple(parts))

    def check(self, out: TensorType, data: Data) -> WrongOutput | None:
        want = self.outputs(data)
        if isinstance(want, WrongOutput):
            return want
        parts = out.parts if isinstance(out, Outputs) else (out,)
        always = sum(not isinstance(part, Auxiliary) for part in parts)
        if always != len(self.tasks):
            told = ", ".join(f"`{name}`" for name in self.tasks)
            have = "1 result" if always == 1 else f"{always} results"
            return WrongOutput(
                "E447",
                f"the model gives {have}, and there are {len(self.tasks)} tasks: {told}",
                needed="a result for each task, in the order of the tasks",
                help=f"end with `return {', '.join(self.tasks)}`, each of these a `let`",
            )
        about = tasks_of(out, len(self.tasks))
        for place, (part, number) in enumerate(zip(parts, about, strict=True)):
            assert number is not None, "there are as many tasks as results"
            name, task = self.heads[number]
            wrong = task.check(part.part if isinstance(part, Auxiliary) else part, data)
            if wrong is not None:
                message = wrong.message.replace(f"`{task}`", f"`{name} = {task}`", 1)
                message = message.replace("the model gives", f"result {place + 1} is", 1)
                return wrong._replace(message=message, place=place)
        return None
