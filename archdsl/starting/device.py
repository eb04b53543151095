"""The device a first design is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.cost.profiles import find

if TYPE_CHECKING:
    from archdsl.spec.device import Device
    from archdsl.starting.description import Description


def device_of(data: Description) -> Device | None:
    return find(data.device, {}) if data.device else None
