"""``train_only`` holds a result that is there in training only."""

from __future__ import annotations

from archdsl.ops.merge.outputs import Outputs
from archdsl.ops.merge.train_only import TrainOnly
from archdsl.types import Auxiliary, Vector
from archdsl.types import Outputs as Several
from tests.ops.against_torch import refuses


def test_it_gives_what_it_holds_and_what_its_loss_counts() -> None:
    assert TrainOnly(0.3).infer(Vector(4)) == Auxiliary(Vector(4), 0.3)
    assert TrainOnly().infer(Vector(4)) == Auxiliary(Vector(4), 1.0)


def test_outputs_may_have_some_behind_the_first() -> None:
    both = (Vector(4), Auxiliary(Vector(4), 0.3))
    assert Outputs().infer(*both) == Several(both)
    refuses(Outputs(), *both[::-1], words="outputs begins with a result that is there in training")


def test_it_holds_one_result() -> None:
    several = Several((Vector(4), Vector(4)))
    refuses(TrainOnly(), several, words="train_only holds one result")
    refuses(TrainOnly(), Auxiliary(Vector(4)), words="train_only holds one result")


def test_nothing_is_kept_or_counted_of_itself() -> None:
    assert TrainOnly().params(Vector(4)) == TrainOnly().macs(Vector(4)) == 0
