"""What a measured quantity tells about a satellite, in one sentence for somebody of fourteen."""

from __future__ import annotations

from collections.abc import Callable

from groundstation.words.language import Language

_SENTENCES: dict[str, Callable[[Language], str]] = {
    "battery_voltage": lambda words: words(
        "The fuller the battery, the higher: it falls in shadow and rises in sunlight."
    ),
    "battery_charge": lambda words: words("How much energy is left in the battery."),
    "battery_current": lambda words: words("How fast the battery is filled or emptied."),
    "battery_charge_current": lambda words: words("How fast the battery is filled."),
    "battery_discharge_current": lambda words: words("How fast the battery is emptied."),
    "battery_temperature": lambda words: words("Batteries like neither frost nor heat."),
    "solar": lambda words: words("What the solar panels give: nothing in the Earth's shadow."),
    "panel_temperature": lambda words: words(
        "Panels freeze in shadow and heat up in sunlight, on each orbit."
    ),
    "mode": lambda words: words("What the satellite has to do now."),
    "electronics": lambda words: words("How warm the electronics are."),
    "consumption": lambda words: words("What all devices on board take."),
    "transmit_power": lambda words: words("How strongly its radio sends."),
    "radio": lambda words: words("A radio becomes warm while it sends."),
    "signal_strength": lambda words: words("How strongly the satellite hears the ground."),
    "resets": lambda words: words("How often its computer has started anew."),
    "uptime": lambda words: words("How long its computer has run since it last started."),
    "rotation": lambda words: words("How fast the satellite turns around itself."),
}
#: Quantities that are told of with the same sentence.
_SAME = {
    **dict.fromkeys(("solar_power", "solar_current", "solar_voltage"), "solar"),
    **dict.fromkeys(("computer_temperature", "board_temperature"), "electronics"),
    **dict.fromkeys(("power_consumption", "bus_current"), "consumption"),
    **dict.fromkeys(("transmitter_temperature", "radio_temperature"), "radio"),
    **dict.fromkeys(("angular_rate", "angular_rate_x", "angular_rate_y"), "rotation"),
    "angular_rate_z": "rotation",
}


def explained(quantity: str, words: Language) -> str:
    """The sentence of a quantity, or empty."""
    said = _SENTENCES.get(_SAME.get(quantity, quantity))
    return said(words) if said else ""
