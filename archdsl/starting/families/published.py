from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from archdsl import zoo
from archdsl.starting.families import Family, Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archdsl.starting.description import Description

LEAST_SIDE = 96  # of a picture that a network of ImageNet makes something of


class Published(Family):
    """A network of the zoo with its published weights and a head for this task."""

    model_of_zoo: ClassVar[str]
    trained_on: ClassVar[str]
    is_published = True

    def sizes(self) -> Sequence[Size]:
        return [Size(1)]

    def blocks(self, size: Size) -> str:
        return "".join(f"{line}\n" for line in self._lines() if line.startswith("block "))

    def model(self, size: Size) -> str:
        lines = self._lines()
        named = _lets(lines)
        start = lines.index("  model {")
        inside = self.adapted([line[4:] for line in lines[start + 1 : lines.index("  }", start)]])
        whole = "\n".join(("model {", *(f"  {line}" for line in inside), "}"))
        return "\n\n".join(("\n".join(named), whole)) if named else whole

    def adapted(self, lines: list[str]) -> list[str]:
        """The lines of its model for this data and task."""
        return [line.replace("(classes)", f"({self.data.classes})") for line in lines]

    def _lines(self) -> list[str]:
        return zoo.models()[self.model_of_zoo].read_text("utf-8").splitlines()

    def why(self) -> str:
        return (
            f"weights from {self.trained_on} know more than {self.data.samples:,} samples teach, "
            f"so it is the network they belong to (`archdsl show zoo:{self.model_of_zoo}`) with a "
            f"head of its own{self.reading()}"
        )

    def reading(self) -> str:
        """How the data are made what it reads; empty where they are."""
        return ""

    def shape(self, size: Size) -> str:
        return "as published"


def _lets(lines: list[str]) -> list[str]:
    """The lines of an arch's own names: each `let` and those that go on with it."""
    found, inside = [], False
    for line in lines:
        inside = line.startswith("  let ") or (inside and line.startswith("   "))
        if inside:
            found.append(line[2:])
    return found


class OfPictures(Published):
    """One that was trained on ImageNet."""

    trained_on = "ImageNet"

    def adapted(self, lines: list[str]) -> list[str]:
        first, *others = super().adapted(lines)
        steps = self._steps()
        if steps:
            name, _, layers = first.partition(" = ")
            first = f"{name} = picture -> {layers}"
            return [f"let picture = {' -> '.join(steps)}", first, *others]
        return [first, *others]

    def _steps(self) -> list[str]:
        colours = ["concat(x, x, x)"] if self.data.channels == 1 else []
        scale = -(-LEAST_SIDE // min(self.data.spatial))
        larger = [f"upsample({scale}, mode=bilinear)"] if scale > 1 else []
        return [*colours, *larger]

    def reading(self) -> str:
        grey = "grey becomes three equal channels" if self.data.channels == 1 else ""
        scale = -(-LEAST_SIDE // min(self.data.spatial))
        small = f"pictures are enlarged {scale} times, to what it was made for" if scale > 1 else ""
        told = " and ".join(part for part in (grey, small) if part)
        return f"; {told}" if told else ""


class ResNet50(OfPictures):
    """For some thousand pictures and more."""

    name = "ResNet50"
    model_of_zoo = "resnet50"


class ResNet18(OfPictures):
    """For few pictures."""

    name = "ResNet18"
    model_of_zoo = "resnet18"


class MobileNetV2(OfPictures):
    """For phones, and for tight limits."""

    name = "MobileNetV2"
    model_of_zoo = "mobilenet_v2"


class OfText(Published):
    """One that was trained on text, cut into its own tokens."""

    tuning = 4
    tuning_lr = "5e-5"  # Devlin et al. 2018: 2e-5 to 5e-5, for up to 4 epochs
    warms_up = True
    vocabulary: ClassVar[int]
    longest: ClassVar[int]

    def __init__(self, data: Description) -> None:
        targets = self.vocabulary if data.predicts_tokens else data.targets
        super().__init__(replace(data, size=(data["length"], self.vocabulary), targets=targets))

    def reading(self) -> str:
        return f"; its tokenizer cuts the texts, hence {self.vocabulary:,} tokens"


class BertBase(OfText):
    """For texts to tell apart."""

    name = "BertBase"
    model_of_zoo = "bert_base"
    trained_on = "BooksCorpus and Wikipedia"
    vocabulary = 30_522
    longest = 512

    def adapted(self, lines: list[str]) -> list[str]:
        *before, last = lines
        assert last == "return outputs(encoder, pooler)"
        return [*before, f"return pooler -> dropout(0.1) -> linear({self.data.classes})"]


class Gpt2(OfText):
    """For texts to go on with."""

    name = "Gpt2"
    model_of_zoo = "gpt2"
    trained_on = "WebText"
    vocabulary = 50_257
    longest = 1_024
