"""Metrics of how long a forward pass takes on a device."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from archdsl.cost.latency import OpTime, is_half
from archdsl.cost.metric import Linear
from archdsl.cost.profiles import device_of, shipped

if TYPE_CHECKING:
    from archdsl.cost.compose import Composition
    from archdsl.cost.metric import Setting, Written
    from archdsl.diagnostics import Diagnostic
    from archdsl.spec.device import Device


@dataclass(frozen=True)
class OnDevice(Linear):
    """A metric that follows from the femtoseconds that the ops take one after another."""

    name: str  # of the device
    device: Device
    batch: int
    precision: str

    @classmethod
    def bind(cls, written: Written, setting: Setting) -> OnDevice:
        subject, batch, _ = cls.read(written, subject=True)
        assert subject is not None
        device = device_of(subject, setting.devices)
        return cls(subject.id, device, batch or 1, setting.precision)

    @classmethod
    def misused(cls, written: Written) -> Diagnostic:
        known = ", ".join(shipped())
        help = f"for instance `{written.word}(t4)`; these devices come along: {known}"
        return replace(super().misused(written), help=help)

    @property
    def compositions(self) -> tuple[Composition, ...]:
        return (OpTime(self.device, self.batch, is_half(self.precision)),)

    @property
    def weights(self) -> tuple[Fraction, ...]:
        return (Fraction(1),)
