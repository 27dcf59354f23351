"""The groups that every definition may use."""

from __future__ import annotations

#: Names of groups -> their labels in English, in the order in which a page shows them.
GROUPS: dict[str, str] = {
    "power": "Power",
    "thermal": "Temperature",
    "attitude": "Attitude",
    "computer": "Computer",
    "radio": "Radio",
    "antennas": "Antennas",
    "payload": "Payload",
    "identity": "Identity",
    "header": "Header",
}
