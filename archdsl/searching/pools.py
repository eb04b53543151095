"""Where the trials of a search are evaluated: here, in processes of their own, or on a cluster."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from archdsl.searching.evaluators.named import name_of
from archdsl.searching.supervising.devices import Devices, visible
from archdsl.searching.supervising.imports import imported_by
from archdsl.searching.supervising.inside import Inside
from archdsl.searching.supervising.jobs import Limits
from archdsl.searching.supervising.processes import Processes
from archdsl.searching.supervising.rays import RayTasks
from archdsl.searching.supervising.reading import free_memory
from archdsl.searching.troubles import NO_DEVICE, NO_EVALUATOR, trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archdsl.searching.evaluators.trial import Trial
    from archdsl.searching.plan import Plan
    from archdsl.searching.run.folder import Folder
    from archdsl.searching.supervising.jobs import Heard, Pool


def pool_of(plan: Plan, folder: Folder, heard: Heard) -> Pool:
    """Where a plan has its trials evaluated."""
    if not is_isolated(plan):
        return Inside(plan.evaluator or nothing, heard)
    workers = min(plan.workers or 1, plan.trials or sys.maxsize)
    if plan.cluster is not None:
        if callable(plan.evaluator) and not name_of(plan.evaluator):
            message = "the evaluator is a function that the machines of a cluster cannot find"
            raise trouble(NO_EVALUATOR, message, needed="`module:function`")
        limits = Limits(plan.trial_seconds, plan.trial_memory)
        return RayTasks(plan.cluster, plan.workers, heard, limits, _loaded(plan))
    limits = Limits(plan.trial_seconds, plan.trial_memory or _share(workers))
    return Processes(workers, folder, heard, limits, _loaded(plan), _devices(plan))


def _devices(plan: Plan) -> Devices | None:
    """The GPUs that trials share; an error where they ask for what is not there."""
    if not plan.gpus:
        return None
    devices = Devices(visible(), plan.gpus)
    if not devices.room:
        message = f"a trial needs {plan.gpus:g} GPUs, this machine has {len(devices.names)}"
        raise trouble(NO_DEVICE, message, help="search without --gpus-per-trial")
    return devices


def _loaded(plan: Plan) -> tuple[str, ...]:
    """What workers find loaded: what the plan says, and what the evaluator's module imports."""
    evaluator = plan.evaluator
    name = evaluator if isinstance(evaluator, str) else name_of(evaluator) if evaluator else ""
    return (*plan.loaded, *imported_by(name))


def apart_of(plan: Plan, folder: Folder, heard: Heard) -> Pool | None:
    """A process of its own for a trial of a plan that has none; None where a process could not find
    the evaluator."""
    if isinstance(plan.evaluator, str) or (plan.evaluator and name_of(plan.evaluator)):
        return Processes(1, folder, heard, Limits(plan.trial_seconds, _share(1)), _loaded(plan))
    return None


def is_isolated(plan: Plan) -> bool:
    """Whether each trial has a process of its own. A function that another process cannot find has
    to be called in this one."""
    if plan.evaluator is None:
        return False
    if plan.cluster is not None:
        return True
    can_be = isinstance(plan.evaluator, str) or bool(name_of(plan.evaluator))
    return can_be if plan.isolated is None else plan.isolated and can_be


def _share(workers: int) -> int | None:
    """What memory a worker may take: its share of what is free."""
    free = free_memory()
    return None if free is None else free // max(1, workers)


def nothing(trial: Trial) -> Mapping[str, float]:
    """The evaluator of a search whose objectives are all computed."""
    return {}
