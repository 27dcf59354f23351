"""A station's folder after a busy year: a million frames, thousands of passes, notes, boards.

Made by the real writers; the times end when it is made. A minute or two of work, and 700 MB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from groundstation.model import FlownPass, Reception, iso
from groundstation.model.pass_report import PassReport
from groundstation.storage.audit import Actor
from groundstation.storage.boards import Boards
from groundstation.storage.notes import Notes
from tests.dashboard.station_folder import SATELLITE, StationFolder
from tests.dashboard.web.whole_station import BOARD, remember_burst

FRAMES = 1_000_000
DAYS, PASSES_A_DAY, NOTES, BOARDS = 365, 6, 2_000, 20
_DAY_US = 86_400 * 1_000_000
_BATCH = 20_000
#: Frames of the classroom satellite in a pass, 1.5 s apart; the rest are others', unknown, damaged.
_IN_A_PASS, _EVERY_US = 400, 1_500_000
#: Different frames, which come again and again.
_PATTERN = 4_000
#: Written last: a folder without it is not whole.
_WHOLE = "whole"


def classroom_store(folder: Path) -> Path:
    """The folder, made where it is not there yet."""
    if not (folder / _WHOLE).exists():
        station = StationFolder(folder)
        try:
            _fill(station)
        finally:
            station.close()
        (folder / _WHOLE).touch()
    return folder


def _fill(station: StationFolder) -> None:
    now_us = station.clock.now_us()
    station.launch(-100)
    found = _receptions(station, now_us - 600_000_000)
    while some := list(islice(found, _BATCH)):
        station.journal.append(some)
    station.receive()  # which has all of them interpreted
    station.fill(20)
    remember_burst(station)
    _fly_all(station)
    station.watch()
    notes, boards, actor = Notes(station.folder), Boards(station.folder), Actor("bench")
    for number in range(NOTES):
        at_us = now_us - number * DAYS * _DAY_US // NOTES
        seq = FRAMES - number if number % 2 else None
        notes.write(SATELLITE, at_us, seq, f"Note {number}", now_us, actor)
    for number in range(BOARDS):
        boards.add(replace(BOARD, name=f"Board {number}"), now_us, actor)


def _receptions(station: StationFolder, end_us: int) -> Iterator[Reception]:
    """FRAMES of them in order of time, in passes; between these come those of others."""
    ours = [station.frame_bytes(n * 5_000_000) for n in range(_PATTERN)]
    passes = DAYS * PASSES_A_DAY
    apart_us = DAYS * _DAY_US // passes
    between = FRAMES // passes - _IN_A_PASS
    others = _others(station)
    left = FRAMES - passes * (_IN_A_PASS + between)
    for number in range(passes):
        begin_us = end_us - (passes - number) * apart_us
        for place in range(_IN_A_PASS):
            raw = ours[(number * 37 + place) % _PATTERN]
            at_us = begin_us + place * _EVERY_US
            yield Reception(0, at_us, "tnc", raw, SATELLITE, simulated=True)
        for place in range(between + (number < left)):
            at_us = begin_us + 1_800_000_000 + place * 20_000_000
            yield replace(others[(number + place) % len(others)], received_us=at_us)


def _others(station: StationFolder) -> Sequence[Reception]:
    """Golden frames of real satellites, one of nobody, and damaged bytes."""
    catalog = station.catalog.satellites
    golden = [
        Reception(0, 0, "tnc", example.frame)
        for id in ("quetzal-1", "delfi-c3")
        for example in catalog[id].examples[:1]
    ]
    nobody = Reception(0, 0, "tnc", bytes.fromhex("96829a9a40e06096829a9a40e16103f068656c6c6f"))
    reason = "the check sequence is wrong"
    damaged = Reception(0, 0, "tnc", bytes(range(40, 90)), error=reason, damaged=True)
    return (*golden * 4, nobody, damaged)


def _fly_all(station: StationFolder) -> None:
    """The account of the pass that is on, and the same for each one of the year before."""
    last = station.fly()
    for number in range(1, DAYS * PASSES_A_DAY):
        station.journal.save_pass(_moved(last, number * _DAY_US // PASSES_A_DAY))


def _moved(flown: FlownPass, earlier_us: int) -> FlownPass:
    aos_us, los_us = flown.aos_us - earlier_us, flown.los_us - earlier_us
    predicted, span = flown.report["predicted"], flown.report["span"]
    report: PassReport = {
        **flown.report,
        "predicted": {**predicted, "aos": iso(aos_us), "los": iso(los_us)},
        "span": {"from_us": span["from_us"] - earlier_us, "to_us": span["to_us"] - earlier_us},
    }
    return replace(flown, aos_us=aos_us, los_us=los_us, report=report)
