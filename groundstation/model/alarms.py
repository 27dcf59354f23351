"""Alarms as storage, the command line and the dashboard share them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from groundstation.model import Scalar

Severity: TypeAlias = Literal["warning", "critical"]
#: What an alarm watches. Of a satellite: a value outside its limits, a packet that stays away, a
#: value that is there no more, passes without a frame. Of the station: what is wrong with it.
SATELLITE_RULES = ("limits", "missing", "invalid", "silent")
STATION_RULES = ("journal", "link", "store", "clock", "rotator", "radio")
RULES = (*SATELLITE_RULES, *STATION_RULES)
#: In place of a satellite's id: the station itself.
STATION = ""
STATION_WORD = "station"
#: What happens to an alarm by itself; people acknowledge and shelve it.
EventKind: TypeAlias = Literal["triggered", "raised", "returned"]


class AlarmKey(NamedTuple):
    """What names an alarm, the same whenever history is interpreted again.

    ``parameter``: the value's name, the packet's, the link's, ...; ``seq``: the reception that
    triggered it, for ``silent`` the last one before the silence, for the station's faults the
    journal's number of the fault.
    """

    satellite: str
    rule: str
    parameter: str
    seq: int

    @property
    def text(self) -> str:
        """As commands and addresses have it, such as ``quetzal-1/limits/battery_voltage/1204``."""
        return f"{self.satellite or STATION_WORD}/{self.rule}/{self.parameter}/{self.seq}"

    @classmethod
    def of(cls, text: str) -> AlarmKey | None:
        """The key that :attr:`text` was made of, or None."""
        satellite, _, rest = text.partition("/")
        rule, _, rest = rest.partition("/")
        parameter, _, seq = rest.rpartition("/")
        if rule not in RULES or not seq.isdecimal() or not seq.isascii() or len(seq) > 18:
            return None
        return cls(STATION if rule in STATION_RULES else satellite, rule, parameter, int(seq))


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """Something that happened to an alarm at ``time_us``, by the reception ``seq``.

    ``raised``: from a warning to critical. ``limits``: (low, high) that ``value`` lies outside of,
    None: no numbers. ``detail``: what is wrong, where no value says it.
    """

    kind: EventKind
    key: AlarmKey
    severity: Severity
    seq: int
    time_us: int
    value: Scalar = None
    unit: str = ""
    limits: tuple[float, float] | None = None
    packet: str = ""
    detail: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm from its trigger to its return; ``returned_us`` None: it is active.

    ``severity``: its worst so far. ``raised_seq``, ``returned_seq``: by which reception. Value,
    limits and detail are those of the trigger, or of the raise to critical. Times in microseconds
    since 1970 UTC.
    """

    key: AlarmKey
    severity: Severity
    triggered_us: int
    raised_seq: int | None = None
    raised_us: int | None = None
    returned_seq: int | None = None
    returned_us: int | None = None
    value: Scalar = None
    unit: str = ""
    limits: tuple[float, float] | None = None
    packet: str = ""
    detail: str = ""
    simulated: bool = False

    @property
    def active(self) -> bool:
        """Whether what it watches is still wrong."""
        return self.returned_us is None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something of the station that went wrong (``wrong``), or that is right again.

    ``rule``: one of :data:`STATION_RULES`; ``subject``: which link, store, ...; ``id``: its number
    in the journal, 0 before that.
    """

    id: int
    at_us: int
    rule: str
    subject: str
    severity: Severity
    detail: str
    wrong: bool
