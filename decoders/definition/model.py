"""A satellite definition as frozen data: what :mod:`decoders.definition.parse` makes of TOML."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from decoders.definition.alarm import Alarm
from decoders.definition.calibration import Calibration
from decoders.definition.expression import Expression
from decoders.definition.limits import Limits
from decoders.definition.translate import Vocabulary


def in_rows(name: str, rows: Container[str]) -> str | None:
    """``name`` as ``rows`` know it: some of the numbers in ``gyro_0`` or ``cell_3_temp_1`` may be
    those of repeated rows, which carry none; None when there is no such row."""
    if name in rows:
        return name
    for match in re.finditer(r"_\d+(?=_|$)", name):
        found = in_rows(name[: match.start()] + name[match.end() :], rows)
        if found is not None:
            return found
    return None


def in_language(texts: Mapping[str, str], language: str, default: str) -> str:
    """The text in ``language``, else English, else ``default``."""
    return texts.get(language) or texts.get("en") or default


@dataclass(frozen=True, slots=True)
class Downlink:
    """One transmitter. ``options`` are the framing's parameters (sync, interleave, ...).

    ``deviation_hz`` and ``carrier_hz``: as :class:`decoders.modem.mode.Mode` has them, None: as is
    usual for the modulation, baud rate and framing.
    """

    name: str
    frequency_hz: int | None = None
    modulation: str = ""
    baud: float | None = None
    framing: str = ""
    layers: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    deviation_hz: float | None = None
    carrier_hz: float | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """Definition of one quantity.

    ``kind`` is one of u i f bool ascii bytes bcd time, or skip for a gap; ``bits`` its length (0:
    the rest of the packet, or given by ``size_from``, in bytes, or by ``until``, the bytes that
    end a text and are part of its raw value; a text with a size may end before it). ``encoding``:
    Python's name of how characters are written, empty: one byte each. ``endian`` is big or little,
    ``bit_order`` msb or lsb. ``when``, ``count_from`` and ``size_from`` use raw values.
    ``at``: bit offset from the start of the packet (or of its group), None: right after the
    row before.
    ``sentinel``: raw values that mean 'no value'. ``const``: the only raw value that matches.
    ``quantity``: a key of :data:`decoders.quantities.QUANTITIES`, or empty. ``unproved``: no
    independent truth says that this row is right. ``vocabulary``: translates its words.
    """

    name: str
    kind: str
    bits: int
    endian: str = "big"
    bit_order: str = "msb"
    at: int | None = None
    calibration: Calibration | None = None
    unit: str = ""
    limits: Limits | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    docs: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    display: str = ""
    quantity: str = ""
    unproved: bool = False
    when: Expression | None = None
    size_from: Expression | None = None
    until: bytes = b""
    encoding: str = ""
    const: int | str | None = None
    sentinel: tuple[int | float, ...] = ()
    epoch: str = ""
    crc: str = ""
    alarm: Alarm | None = None
    vocabulary: Vocabulary | None = field(default=None, compare=False, repr=False)

    def label(self, language: str = "en") -> str:
        """The label in ``language``, else English, else the name in words."""
        return in_language(self.labels, language, self.name.replace("_", " "))

    def doc(self, language: str = "en") -> str:
        """The explanation in ``language``, else English, else empty."""
        return in_language(self.docs, language, "")

    def word(self, word: str, language: str = "en") -> str:
        """A word of ``enum`` or ``flags`` in ``language``, else as it stands in the definition."""
        return (self.vocabulary and self.vocabulary.word(word, language)) or word


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that repeat or appear together. ``name`` prefixes theirs: ``name_0_row``.

    ``bits``: the length that one repetition takes when its rows do not fill it, 0: as they come.
    """

    name: str
    items: tuple[Item, ...]
    at: int | None = None
    bits: int = 0
    count: int | None = None
    count_from: Expression | None = None
    to_end: bool = False
    when: Expression | None = None


Item: TypeAlias = Parameter | Group


def in_order(items: tuple[Item, ...]) -> Iterator[Item]:
    """Every row and group in the order in which they are read."""
    for item in items:
        yield item
        if isinstance(item, Group):
            yield from in_order(item.items)


def controls(item: Item) -> frozenset[str]:
    """Names that the condition, count or size of the item itself uses, not of rows inside it."""
    size = item.count_from if isinstance(item, Group) else item.size_from
    return frozenset().union(*(each.names for each in (item.when, size) if each is not None))


@dataclass(frozen=True, slots=True)
class Derived:
    """A value computed from other engineering values of the same packet."""

    name: str
    expression: Expression
    unit: str = ""
    limits: Limits | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    docs: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    display: str = ""
    quantity: str = ""
    unproved: bool = False
    alarm: Alarm | None = None

    def label(self, language: str = "en") -> str:
        """The label in ``language``, else English, else the name in words."""
        return in_language(self.labels, language, self.name.replace("_", " "))

    def doc(self, language: str = "en") -> str:
        """The explanation in ``language``, else English, else empty."""
        return in_language(self.docs, language, "")


@dataclass(frozen=True, slots=True)
class Match:
    """When a packet layout applies; every rule given must hold.

    ``prefix``: bytes that the packet starts with; its rows begin after them. ``masked``: (offset,
    mask, value) of single bytes, a negative offset counting from the end. ``length``: allowed
    packet lengths in bytes, empty: any. ``minimum_length``: at least that many. ``fields``: header
    fields of the peeled layers, such as ``{"csp.source": 1, "space-packet.apid": 300}``.
    ``valid_from_us``, ``valid_until_us``: the layout is that of frames received from then on, and
    before then; microseconds since 1970 UTC.
    """

    prefix: bytes = b""
    masked: tuple[tuple[int, int, int], ...] = ()
    length: tuple[int, ...] = ()
    minimum_length: int = 0
    fields: Mapping[str, int | str] = field(default_factory=dict)
    valid_from_us: int | None = None
    valid_until_us: int | None = None


@dataclass(frozen=True, slots=True)
class Spans:
    """A packet that is one part of something longer; all names are parameters of the packet.

    ``packet``: the layout of the joined bytes. ``data``: the bytes of this part. ``index``: which
    part it is, counted from ``first``. ``count``: how many there are. ``set``: tells what belongs
    together, or empty.
    """

    packet: str
    data: str
    index: str
    count: int | str
    set: str = ""
    first: int = 0


@dataclass(frozen=True, slots=True)
class PacketLayout:
    """Definition of one packet: when it applies and what its bits mean.

    ``controls``: names that conditions, counts and sizes use. ``unproved``: as of all its rows.
    ``glued``: what lies behind its rows in the same payload is a further packet.
    """

    name: str
    match: Match
    items: tuple[Item, ...]
    derived: tuple[Derived, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[str, ...] | None = None
    undescribed: str = ""
    spans: Spans | None = None
    unproved: bool = False
    glued: bool = False
    controls: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Work out once what every packet would ask for."""
        names = frozenset().union(*(controls(item) for item in in_order(self.items)))
        object.__setattr__(self, "controls", names)

    def label(self, language: str = "en") -> str:
        """The label in ``language``, else English, else the name in words."""
        return in_language(self.labels, language, self.name.replace("_", " "))

    def rows(self) -> dict[str, Parameter | Derived]:
        """Every parameter and derived value by name, in order.

        Rows of groups carry the group's name as a prefix, repeated ones no number.
        """
        return {**dict(_rows("", self.items)), **{row.name: row for row in self.derived}}

    def unproved_rows(self) -> list[str]:
        """Names of the rows that no independent truth says are right."""
        return [name for name, row in self.rows().items() if self.unproved or row.unproved]


@dataclass(frozen=True, slots=True)
class Example:
    """A golden frame: ``frame`` decodes as ``packet`` with the values ``expect``."""

    frame: bytes
    packet: str
    expect: Mapping[str, Any]
    source: str


@dataclass(frozen=True, slots=True)
class Satellite:
    """One definition file. ``id`` is its file name without ``.toml``."""

    id: str
    name: str
    norad: int | None = None
    callsigns: tuple[str, ...] = ()
    source: str = ""
    version: str = ""
    simulated: bool = False
    csp_addresses: tuple[int, ...] = ()
    downlinks: tuple[Downlink, ...] = ()
    packets: tuple[PacketLayout, ...] = ()
    examples: tuple[Example, ...] = ()
    group_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def frequency_hz(self) -> float | None:
        """Where it sends: its first downlink that has a frequency."""
        return next((link.frequency_hz for link in self.downlinks if link.frequency_hz), None)

    def packet(self, name: str | None) -> PacketLayout | None:
        """The packet of that name, or None."""
        return next((packet for packet in self.packets if packet.name == name), None)

    def group_label(self, group: str, language: str = "en") -> str:
        """The group's label in ``language``, else English, else its name in words."""
        return in_language(self.group_labels.get(group, {}), language, group.replace("_", " "))

    def row(self, name: str) -> Parameter | Derived | None:
        """The row of a value's name, such as ``gyro_0`` of a repeated row ``gyro``."""
        rows = self.rows()
        found = in_rows(name, rows)
        return rows[found] if found is not None else None

    def rows(self) -> dict[str, Parameter | Derived]:
        """Every parameter and derived value by name, in the order of the file.

        Rows of groups carry the group's name as a prefix, repeated ones no number.
        """
        found: dict[str, Parameter | Derived] = {}
        for packet in self.packets:
            for name, row in packet.rows().items():
                found.setdefault(name, row)
        return found


def _rows(prefix: str, items: tuple[Item, ...]) -> list[tuple[str, Parameter]]:
    rows: list[tuple[str, Parameter]] = []
    for item in items:
        if isinstance(item, Parameter):
            if item.kind != "skip":
                rows.append(((prefix + item.name).rstrip("_"), item))
        else:
            rows.extend(_rows(f"{prefix}{item.name}_" if item.name else prefix, item.items))
    return rows
