"""From the journal to accounts of passes, and back into it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from groundstation.elements import ElementsCatalog
from groundstation.errors import StoreError
from groundstation.model import FlownPass, FrameRow, Sample, Site, to_us
from groundstation.orbit.elements import Elements
from groundstation.orbit.horizon import Horizon
from groundstation.orbit.passes import Pass, find_passes
from groundstation.passes.account import GAP_S, Circumstances, account, span_us
from groundstation.storage.frames import FrameReader
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.storage.telemetry.reader import TelemetryReader

#: A pass is looked for so long before and after a time within it.
_AROUND = timedelta(hours=12)


def flown_pass(
    folder: Path,
    one: Pass,
    elements: Elements,
    facts: Circumstances,
    *,
    gap_s: float = GAP_S,
) -> FlownPass:
    """The account of ``one`` from the journal in ``folder``. Raises StoreError, ElementsError."""
    begin_us, end_us = span_us(one)
    found = _between(folder, begin_us, end_us, facts.satellite)
    report = account(one, elements, facts, found, gap_s=gap_s)
    assert one.aos is not None  # span_us refuses a pass without it
    assert one.los is not None
    return FlownPass(one.norad, to_us(one.aos), to_us(one.los), facts.satellite, report)


def keep_pass(
    journal: JournalWriter, one: Pass, elements: Elements, facts: Circumstances
) -> FlownPass | None:
    """Write the account of ``one`` into the journal; what an earlier one knew is kept in it.

    Where nobody says that the station was there (``facts.watched`` empty), and nothing was heard,
    or an account exists, there is nothing to write. Raises StoreError, ElementsError.
    """
    folder = journal.path.parent
    known = earlier(folder, one)
    if not facts.watched and (known or not heard_anything(folder, one, facts.satellite)):
        return None
    if known is not None:
        facts = _with_earlier(facts, known)
    flown = flown_pass(folder, one, elements, facts)
    journal.save_pass(flown)
    return flown


def _with_earlier(facts: Circumstances, known: FlownPass) -> Circumstances:
    """What cannot be computed again: when the station was there, and what antenna and radio did."""
    spans = sorted([*facts.watched, *_watched(known)])
    joined: list[tuple[datetime, datetime]] = []
    for begin, end in spans:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    tracking = facts.tracking or known.report.get("tracking")
    return replace(facts, watched=tuple(joined), tracking=tracking)


def receptions_of(folder: Path, flown: FlownPass) -> list[FrameRow]:
    """The receptions that the account of ``flown`` speaks of. Raises StoreError."""
    span = flown.report["span"]
    return _between(folder, span["from_us"], span["to_us"], flown.satellite)


def values_of(
    telemetry: TelemetryReader, satellite: str, rows: Sequence[FrameRow]
) -> dict[int, list[Sample]]:
    """The values that came with the frames of a satellite, by reception. None without a store."""
    seqs = [row.seq for row in rows if row.satellite == satellite and row.error is None]
    try:
        return telemetry.samples(satellite, seqs)
    except StoreError:
        return {}


def heard_anything(folder: Path, one: Pass, satellite: str) -> bool:
    """Whether a frame of ``satellite`` came in during ``one``. Raises StoreError."""
    found = _between(folder, *span_us(one), satellite)
    return any(item.satellite == satellite for item in found)


def _between(folder: Path, start_us: int, end_us: int, satellite: str) -> list[FrameRow]:
    """What was heard here at that time: of the satellite and of nobody."""
    telemetry = TelemetryReader(folder)
    with closing(telemetry), FrameReader(JournalReader(folder), telemetry) as frames:
        found = frames.between(start_us, end_us, satellite)
    return [row for row in found if not row.imported]


def pass_at(
    elements: Elements,
    site: Site,
    when: datetime,
    mask_deg: float,
    horizon: Horizon | None = None,
) -> Pass | None:
    """The whole pass that is on at ``when`` (aware), else the nearest within twelve hours."""
    found = find_passes(
        *(elements, site, when - _AROUND, when + _AROUND),
        min_elevation_deg=mask_deg,
        horizon=horizon,
    )

    def apart(one: Pass) -> timedelta:
        assert one.aos is not None
        assert one.los is not None
        return max(one.aos - when, when - one.los, timedelta(0))

    return min((one for one in found if one.aos and one.los), key=apart, default=None)


def recomputed(
    folder: Path,
    satellite: str,
    norad: int,
    when: datetime,
    facts: Circumstances,
    horizon: Horizon | None = None,
    gap_s: float = GAP_S,
) -> FlownPass:
    """The pass of ``satellite`` at ``when``, with the elements of its day.

    Raises LookupError with one sentence where there is none, StoreError, ElementsError.
    """
    elements = ElementsCatalog(folder / "elements").for_norad(norad, at=when)
    if elements is None:
        raise LookupError(
            f"there are no elements of {satellite} (NORAD {norad}) in {folder / 'elements'}; "
            "get them with 'groundstation elements update' or 'groundstation elements import FILE'"
        )
    one = pass_at(elements, facts.site, when, facts.mask_deg, horizon)
    if one is None:
        raise LookupError(f"{satellite} did not come over within twelve hours of {when:%F %T} UTC")
    known = earlier(folder, one)
    if known is not None:
        facts = _with_earlier(facts, known)
    return flown_pass(folder, one, elements, facts, gap_s=gap_s)


def earlier(folder: Path, one: Pass) -> FlownPass | None:
    """The account of ``one`` that the journal keeps already, if any. Raises StoreError."""
    if one.aos is None or one.los is None:
        return None
    with JournalReader(folder) as journal:
        found = journal.flown(one.norad, to_us(one.aos), to_us(one.los))
    return found[-1] if found else None


def _watched(flown: FlownPass) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.fromisoformat(span["from"]), datetime.fromisoformat(span["to"]))
        for span in flown.report.get("watched", ())
    ]
