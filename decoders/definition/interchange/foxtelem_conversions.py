"""Conversions of FoxTelem: curves of a satellite's table, and those by number that it has built in.

Numbers and constants as FoxTelem 1.12 knows them (``BitArrayLayout``, ``ConversionLegacy``). Its
built-in tables of temperatures, and those in ``.tab`` files, are not carried over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from decoders.definition.interchange import formulas
from decoders.definition.interchange.polynomials import polynomial_keys

#: Volts of one step of the analogue inputs.
_STEP_2V5, _STEP_3V = 2.5 / 4096, 3.0 / 4096
#: What changes nothing.
_NONE = ("", "-", "NONE", "0", "1")
#: How a number is shown, at the end of ``curve|FORMAT``.
_SHOWN = re.compile(r"(?:INT|FLOAT|HEX|BIN)\w*")
_SCALES = {
    "2": _STEP_2V5,
    "3": _STEP_3V,
    "5": _STEP_3V / 0.428,
    "10": _STEP_3V / 50 / 0.2 * 1000,
    "11": _STEP_3V / 0.003,
    "22": _STEP_2V5 / 2.5 * 1000,
    "23": _STEP_2V5 * (6.54 / 2.42),
    "25": 16.0,
    "36": 4.0,
}
_BATTERIES = {"BATT_A_V": _STEP_2V5, "BATT_B_V": _STEP_2V5 / 0.76}
_BATTERY_C = _STEP_2V5 / 0.5
#: Words of one bit.
_WORDS = {
    "16": ("Stowed", "Deployed"),
    "17": ("OK", "FAIL"),
    "21": ("FALSE", "TRUE"),
    "STATUS_ON_OFF": ("off", "on"),
}
_SPIN_BITS = 12
_MOST_BITS = 64


def conversion(
    text: str, field: str, bits: int, curves: Mapping[str, list[float]], master: Mapping[str, str]
) -> dict[str, Any] | None:
    """``type`` and calibration of a field of ``bits`` bits; None: its conversion is not known.

    ``master``: the properties of the satellite's ``.MASTER`` file, empty without one.
    """
    name, *shown = (part.strip() for part in text.split("|"))
    plain = {"type": "bool" if bits == 1 else f"u{bits}"}
    if not all(_SHOWN.fullmatch(part) for part in shown):
        return None
    if name in curves:
        return {"type": f"u{bits}", **polynomial_keys(list(curves[name]))}
    if name in _NONE or _SHOWN.fullmatch(name):
        return plain
    if name in _WORDS and bits == 1:
        return {**plain, "enum": dict(zip("01", _WORDS[name], strict=True))}
    made = _numbered(name, field.upper(), bits, master)
    return None if made is None else {"type": f"u{bits}", **made}


def _numbered(name: str, field: str, bits: int, master: Mapping[str, str]) -> dict[str, Any] | None:
    if name in _SCALES:
        return {"scale": _SCALES[name]}
    if name == "4":
        return _battery(field, master)
    if name == "9":
        return _battery_current(master)
    if name == "12":
        return _spin(bits)
    if name == "24":
        return _panel_temperature(master)
    return None


def _battery(field: str, master: Mapping[str, str]) -> dict[str, Any] | None:
    """Voltages of the three cells in series; the third may be measured by a table."""
    if field in _BATTERIES:
        return {"scale": _BATTERIES[field]}
    if field == "BATT_C_V" and master.get("useIHUVBatt", "").lower() == "false":
        return {"scale": _BATTERY_C}
    return None


def _battery_current(master: Mapping[str, str]) -> dict[str, Any] | None:
    zero = _number(master.get("BATTERY_CURRENT_ZERO"))
    if not zero:
        return None
    return {"scale": _STEP_2V5 * zero * 1000, "offset": (2 - 0.05 * zero) * 1000}


def _spin(bits: int) -> dict[str, Any]:
    """Two's complement of 12 bits in units of 1/256."""
    if bits == _SPIN_BITS:
        return {"type": f"i{bits}", "divide": 256}
    return {"formula": "(raw if raw < 2048 else raw - 4096) / 256"}


def _panel_temperature(master: Mapping[str, str]) -> dict[str, Any] | None:
    """A platinum resistor behind an amplifier; no value while its sensor is off."""
    error = _number(master.get("mpptResistanceError"))
    least = _number(master.get("mpptSensorOffThreshold"))
    if error is None or least is None:
        return None
    volts = f"(raw * {_STEP_2V5!r} - 2.0523) / -8.14228"
    ohms = f"({volts} / 0.001 - {formulas.number(error)})"
    celsius = formulas.polynomial((-247.29, 2.3992, 0.00063962, 0.0000010241), ohms)
    formula = f"{celsius} if raw >= {formulas.number(least)} else 0 / 0"
    return {"formula": formula} if formulas.usable(formula) else None


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None
