"""The types of clause arguments, each with the words that say what it accepts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from archdsl.spec.constants import Quantity


class What(NamedTuple):
    """What an argument accepts, as people are told it."""

    text: str


def _measured(dimension: str, bare: bool, value: Any) -> Any:
    if isinstance(value, Quantity) and value.dimension == dimension:
        return value.value
    if isinstance(value, Quantity) or not bare:
        raise PydanticCustomError("dimension", "not in {dimension}", {"dimension": dimension})
    return value


def _bytes(value: Any) -> Any:
    return value if value is None else _measured("bytes", False, value)


def _seconds(value: Any) -> Any:
    return value if value is None else _measured("seconds", False, value)


def _rate(value: Any) -> Any:
    return _measured("bytes", True, value)


def _names(value: Any) -> Any:
    """One word, or several, as a tuple of texts."""
    several = value if isinstance(value, (tuple, list)) else (value,)
    plain = [str(one) if isinstance(one, str) else one for one in several]
    return tuple(dict.fromkeys(plain))


def _row(value: Any) -> Any:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


Whole = Annotated[int, Field(ge=0, le=10**15), What("a whole number of at least 0")]
Count = Annotated[int, Field(ge=1, le=10**15), What("a whole number of at least 1")]
Several = Annotated[int, Field(ge=2, le=10**15), What("a whole number of at least 2")]
Real = Annotated[float, Field(ge=0, le=1e30), What("a number of at least 0")]
Positive = Annotated[float, Field(gt=0, le=1e30), What("a number above 0")]
Fraction = Annotated[float, Field(ge=0, lt=1), What("a number from 0 to below 1")]
Flag = Annotated[bool, What("true or false")]
Bytes = Annotated[
    float, BeforeValidator(_bytes), Field(gt=0), What("a size in bytes, such as `24 GiB`")
]
Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0), What("a time, such as `20 us`")]
Rate = Annotated[
    float,
    BeforeValidator(_rate),
    Field(gt=0, le=1e30),
    What("a rate per second above 0, such as `25.6G`"),
]
InputName = Annotated[str, What("the name of an input")]
DeviceName = Annotated[str, What("the name of a device, such as `t4`")]


Names = Annotated[
    tuple[str, ...],
    BeforeValidator(_names),
    Field(min_length=1),
    What("the name of a `let` of the model, or a list of several"),
]

Counts = Annotated[
    tuple[Annotated[int, Field(ge=0, le=10**15)], ...],
    BeforeValidator(_row),
    Field(max_length=10_000),
    What("whole numbers in square brackets"),
]


def called(**ours: str) -> Mapping[str, str]:
    """Other names of arguments, by ours: ``called(batch="batch_size bs")``."""
    return MappingProxyType({name: our for our, names in ours.items() for name in names.split()})


def known_as(words: str, **arguments: str) -> Mapping[str, str]:
    """Other words for what a clause is told as; those by name stand for an argument, too."""
    return MappingProxyType({**dict.fromkeys(words.split(), ""), **arguments})


class ClauseModel(BaseModel):
    """Base of all clauses. ``positional`` names the arguments that may stand without names.

    ``elsewhere`` are other words for what a clause is told as, each with the argument that it
    stands for too (``segmentation`` is ``classify`` with ``per=pixel``), if any; ``synonyms`` other
    names of arguments, with ours; ``otherwise`` are arguments of other libraries that are said in
    another way here, with how.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, defer_build=True, allow_inf_nan=False
    )
    positional: ClassVar[tuple[str, ...]] = ()
    otherwise: ClassVar[Mapping[str, str]] = MappingProxyType({})
    elsewhere: ClassVar[Mapping[str, str]] = MappingProxyType({})
    synonyms: ClassVar[Mapping[str, str]] = MappingProxyType({})

    @classmethod
    def ours(cls, name: str) -> str:
        """What an argument is called here that is called so elsewhere; empty for no other name."""
        known = (base.__dict__.get("synonyms", {}) for base in cls.__mro__)
        return next((names[name] for names in known if name in names), "")

    @classmethod
    def chosen(cls) -> tuple[str, ...]:
        """The arguments that may be choices: what belongs to a design, not to what is given."""
        return ()
