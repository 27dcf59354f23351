"""Physics of the classroom satellite: one lithium-ion cell, three panels, and the heat of the sun.

A 1U cube tumbles slowly. Sunlight falls on its panels, the cell takes what the loads leave, warmth
follows light with a delay. The numbers are typical of a 1U CubeSat, not those of a real one.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from itertools import pairwise

from decoders.value import Engineering

#: Cell voltage at rest over charge: a typical 18650 lithium-ion cell at 20 °C.
_REST_VOLTAGE = ((0.0, 3.0), (0.05, 3.35), (0.2, 3.55), (0.5, 3.72), (0.8, 3.95), (1.0, 4.18))
_CAPACITY_MAH = 2600.0
_RESISTANCE_OHM = 0.07
_FULL_VOLTAGE = 4.2
_PANEL_MA = 640.0  # one panel facing the sun
_ALBEDO = 0.12  # light from the Earth's day side, as a part of full sunlight
_IDLE_MA, _RADIO_MA, _PAYLOAD_MA, _HEATER_MA = 140.0, 220.0, 60.0, 220.0


@dataclass
class Spacecraft:
    """State of the satellite; :meth:`step` lets time pass, :meth:`values` is its telemetry."""

    random: random.Random
    charge: float = 0.78
    battery_temperature: float = 14.0
    panel_temperature: float = 5.0
    board_temperature: float = 18.0
    uptime_s: float = 86_400.0
    frames_sent: int = 0
    heater: bool = False
    sunlit: bool = True
    battery_ma: float = 0.0
    load_ma: float = _IDLE_MA
    panels_ma: tuple[float, float, float] = (0.0, 0.0, 0.0)
    phases: list[float] = field(default_factory=lambda: [0.3, 1.7, 4.0])
    rates: list[float] = field(default_factory=lambda: [0.8, -0.35, 0.15])

    def step(self, seconds: float, sunlit: bool, transmitting: bool) -> None:
        """Let ``seconds`` pass (60 at most keeps it stable), in sunlight or in shadow."""
        self.uptime_s += seconds
        self.sunlit = sunlit
        self._tumble(seconds)
        light = 1.0 if sunlit else 0.0
        facing = [max(0.0, self._sun(axis)) for axis in range(3)]
        back = [max(0.0, -self._sun(axis)) * _ALBEDO for axis in range(3)]
        x, y, z = (
            light * _PANEL_MA * (front + rear) for front, rear in zip(facing, back, strict=True)
        )
        self.panels_ma = (x, y, z)
        self.heater = self.battery_temperature < (4.0 if self.heater else 2.0)
        self.load_ma = _IDLE_MA + _RADIO_MA * transmitting
        self.load_ma += _PAYLOAD_MA * (self.mode == "science") + _HEATER_MA * self.heater
        self._charge(seconds)
        self._warm(seconds, light)

    def _tumble(self, seconds: float) -> None:
        for axis, rate in enumerate(self.rates):
            self.phases[axis] = (self.phases[axis] + math.radians(rate) * seconds) % math.tau
            kick = self.random.gauss(0.0, 0.004) * math.sqrt(seconds)
            self.rates[axis] = max(-3.0, min(3.0, rate + kick))

    def _sun(self, axis: int) -> float:
        """Cosine of the angle between the sun and one panel; the three share one direction."""
        a, b = self.phases[0], self.phases[1]
        return (math.cos(a) * math.cos(b), math.sin(a) * math.cos(b), math.sin(b))[axis]

    def _charge(self, seconds: float) -> None:
        surplus = sum(self.panels_ma) - self.load_ma
        if surplus > 0 and self.charge >= 1.0:
            surplus = 0.0  # the regulator turns the panels away from a full cell
        self.battery_ma += (surplus - self.battery_ma) * min(1.0, seconds / 2)
        self.charge += surplus * seconds / 3600 / _CAPACITY_MAH
        self.charge = max(0.0, min(1.0, self.charge))

    def _warm(self, seconds: float, light: float) -> None:
        goals = (
            ("panel_temperature", -42.0 + 88.0 * light, 420.0),
            ("board_temperature", 9.0 + 14.0 * light + 0.02 * (self.load_ma - _IDLE_MA), 1500.0),
            ("battery_temperature", 6.0 + 15.0 * light + 12.0 * self.heater, 3600.0),
        )
        for name, goal, delay_s in goals:
            now = getattr(self, name)
            setattr(self, name, now + (goal - now) * (1 - math.exp(-seconds / delay_s)))

    @property
    def mode(self) -> str:
        """Safe below 30 % charge, science above 60 %."""
        if self.charge < 0.3:
            return "safe"
        return "science" if self.charge > 0.6 else "nominal"

    @property
    def battery_voltage(self) -> float:
        """Volts at the cell's terminals: the voltage at rest and what the current adds."""
        for (c0, v0), (c1, v1) in pairwise(_REST_VOLTAGE):
            if self.charge <= c1:
                rest = v0 + (v1 - v0) * (self.charge - c0) / (c1 - c0)
                break
        return min(_FULL_VOLTAGE, rest + self.battery_ma / 1000 * _RESISTANCE_OHM)

    def values(self) -> dict[str, Engineering]:
        """Engineering values of the packet ``beacon`` of ``classroom-1.toml``, with noise."""
        noise = self.random.gauss
        self.frames_sent += 1
        sun_angle = math.degrees(math.acos(max(-1.0, min(1.0, self._sun(2)))))
        status = (
            *(["sunlight"] if self.sunlit else []),
            *(["charging"] if self.battery_ma > 5 else []),
            *(["heater on"] if self.heater else []),
            "antenna deployed",
            *(["payload on"] if self.mode == "science" else []),
        )
        return {
            "counter": self.frames_sent % 65_536,
            "uptime": int(self.uptime_s),
            "mode": self.mode,
            "battery_voltage": self.battery_voltage + noise(0, 0.002),
            "battery_current": self.battery_ma + noise(0, 2),
            "battery_charge": 100 * self.charge,
            **{
                f"panel_current_{i}": max(0.0, ma + noise(0, 2))
                for i, ma in enumerate(self.panels_ma)
            },
            "load_current": self.load_ma + noise(0, 2),
            "battery_temperature": self.battery_temperature + noise(0, 0.05),
            "panel_temperature": self.panel_temperature + noise(0, 0.15),
            "board_temperature": self.board_temperature + noise(0, 0.1),
            **{f"rotation_rate_{i}": rate + noise(0, 0.01) for i, rate in enumerate(self.rates)},
            "sun_sensor": min(90.0, sun_angle) if self.sunlit else 90.0,
            "transmit_power": 27.0,
            "status": status,
        }
