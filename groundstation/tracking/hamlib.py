"""What a rotator (behind rotctld) and a radio (behind rigctld) can be asked."""

from __future__ import annotations

import math

from groundstation.errors import ControllerAbsentError, ControllerError
from groundstation.tracking.controller import Controller
from groundstation.tracking.limits import (
    RadioLimits,
    RotatorLimits,
    radio_state,
    rotator_caps,
    rotator_state,
)


class Rotator:
    """An antenna rotator behind rotctld. Angles in degrees."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller

    def position(self) -> tuple[float, float]:
        """Measured azimuth and elevation."""
        azimuth, elevation = self.controller.ask("p", 2)
        return self.controller.number(azimuth, "p"), self.controller.number(elevation, "p")

    def point(self, azimuth_deg: float, elevation_deg: float) -> None:
        """Go there; returns at once."""
        if not (math.isfinite(azimuth_deg) and math.isfinite(elevation_deg)):
            raise ValueError(f"cannot point to {azimuth_deg}, {elevation_deg}")
        self.controller.order(f"P {azimuth_deg:.2f} {elevation_deg:.2f}")

    def limits(self) -> RotatorLimits | None:
        """What its driver is set to, or None where it does not say. Raises ControllerError."""
        found = rotator_state(self.controller.dump("\\dump_state"))
        return found or rotator_caps(self.controller.dump("\\dump_caps"))

    def stop(self) -> None:
        """Stop moving."""
        self.controller.order("S")

    def park(self) -> None:
        """Go to the controller's own parking position."""
        self.controller.order("K")


class Rig:
    """A radio behind rigctld, or a receiver that speaks as one.

    It finds out itself whether the daemon wants a VFO's name: who refuses the question does not.
    """

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self._vfo: str | None = None

    def _argument(self) -> str:
        """``currVFO`` and a blank where the daemon runs with ``--vfo``."""
        if self._vfo is None:
            self._vfo = "currVFO " if self._wants_vfo() else ""
        return self._vfo

    def _wants_vfo(self) -> bool:
        try:
            (reply,) = self.controller.ask("\\chk_vfo", 1)
        except ControllerAbsentError:
            raise
        except ControllerError:
            return False  # it does not know the question, so it knows no names either
        return reply.removeprefix("CHKVFO").strip() == "1"

    def forget(self) -> None:
        """What is known of the daemon: another one may answer now."""
        self._vfo = None

    def limits(self) -> RadioLimits | None:
        """Where it says that it can be tuned to, or None. Raises ControllerAbsentError."""
        return radio_state(self.controller.dump("\\dump_state"))

    def tune(self, frequency_hz: float) -> None:
        """Receive on ``frequency_hz``, rounded to a hertz (the daemon itself cuts fractions)."""
        hertz = _hertz(frequency_hz)
        self.controller.order(f"F {self._argument()}{hertz}")

    def frequency_hz(self) -> float:
        """What the radio says it receives on."""
        command = f"f {self._argument()}".strip()
        (reply,) = self.controller.ask(command, 1)
        return self.controller.number(reply, command)

    def tune_uplink(self, frequency_hz: float) -> None:
        """Transmit on ``frequency_hz`` (split)."""
        hertz = _hertz(frequency_hz)
        self.controller.order(f"I {self._argument()}{hertz}")

    def uplink_hz(self) -> float:
        """What the radio says it transmits on."""
        command = f"i {self._argument()}".strip()
        (reply,) = self.controller.ask(command, 1)
        return self.controller.number(reply, command)

    def split(self) -> None:
        """Receive on one VFO, transmit on the other."""
        self.controller.order(f"S {self._argument()}1 VFOB")

    def set_mode(self, mode: str, passband_hz: int = 0) -> None:
        """Mode such as FM, USB, PKTFM; a passband of 0 is the mode's usual one."""
        if not (mode.isascii() and mode.isalnum()):
            raise ValueError(f"{mode!r} is not the name of a mode")
        self.controller.order(f"M {self._argument()}{mode} {passband_hz:d}")


def _hertz(frequency_hz: float) -> int:
    if not 0 < frequency_hz < 1e12:
        raise ValueError(f"cannot tune to {frequency_hz} Hz")
    return round(frequency_hz)
