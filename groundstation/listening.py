"""What a link of sound listens for, and where: its setting, or the passes that are on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from groundstation.catalog import SatelliteCatalog
from groundstation.errors import ElementsError, StoreError
from groundstation.links.registry import SoundPort, sound_opener
from groundstation.model import Site
from groundstation.settings import LinkConfig
from groundstation.sound.addresses import sound_address
from groundstation.sound.doppler import Doppler
from groundstation.sound.ear import Caught, Ear
from groundstation.sound.voices import Voice, voices, why_none
from groundstation.storage.burst import MARGIN_S, MOST_S, Burst, BurstFacts, write_burst
from groundstation.unbroken import unbroken

if TYPE_CHECKING:
    from decoders.sketch import Sketch
    from groundstation.tracking.planner import PlannedPass

#: Two downlinks that are further apart are not in the same audio.
_NEAR_HZ = 50_000.0
#: So many ways of sending are told.
_TOLD = 3
#: Between two bursts that are kept, seconds.
_PAUSE_S = 1.0


class Listening:
    """For one link. ``heard``: the passes that can be listened to now. ``follows``: whether the
    station follows any satellite."""

    def __init__(
        self,
        link: LinkConfig,
        site: Site,
        catalog: SatelliteCatalog,
        heard: Callable[[], Sequence[PlannedPass]],
        now_us: Callable[[], int],
        say: Callable[[str], None],
        *,
        follows: bool,
    ):
        self._ids, self._site, self._catalog = link.listened, site, catalog
        self._follows = follows
        self._heard, self._now_us, self._say = heard, now_us, say
        self._known: tuple[object, tuple[Voice, ...]] = ((), ())
        self._doppler: tuple[object, Doppler] | None = None
        self._told: set[str] = set()

    def wanted(self) -> tuple[Voice, ...]:
        """How those send that are listened for now."""
        if self._ids:
            return self._of([(id, None) for id in self._ids])
        return self._of([(one.wanted.id, one.wanted.frequency_hz) for one in self._heard()])

    def _of(self, chosen: Sequence[tuple[str, float | None]]) -> tuple[Voice, ...]:
        known = [(self._catalog.index.get(id), hz) for id, hz in chosen]
        key = [(id(sketch), hz) for sketch, hz in known]
        if key != self._known[0]:
            self._known = key, self._voices([(each, hz) for each, hz in known if each])
        return self._known[1]

    def _voices(self, chosen: Sequence[tuple[Sketch, float | None]]) -> tuple[Voice, ...]:
        found: list[Voice] = []
        for sketch, frequency_hz in chosen:
            mine = voices([sketch])
            if not mine:
                self._tell(why_none(sketch))
            found += _near(mine, frequency_hz)
        return tuple(found)

    def told(self) -> str:
        """What is listened for now, or why nothing is, a sentence that is known in all languages:
        :mod:`groundstation.words.reasons`."""
        if wanted := self.wanted():
            return f"listens for {_ways(wanted)}"
        if self._ids:
            known = [self._catalog.index.get(id) for id in self._ids]
            return next((why_none(each) for each in known if each), "listens for nothing")
        if self._follows:
            return "listens for nothing now: no pass of a satellite that the station follows is on"
        return (
            "listens for nothing: name satellites in [[satellites]], or give this link one: "
            'satellite = "..."'
        )

    def received_hz(self, voice: Voice, frequency_hz: float) -> float:
        """Where ``frequency_hz`` of a voice is heard now: with Doppler, where its pass is on."""
        one = next((each for each in self._heard() if each.wanted.id in voice.satellites), None)
        if one is None:
            return frequency_hz
        if self._doppler is None or self._doppler[0] != one.elements:
            self._doppler = one.elements, Doppler(one.elements, self._site)
        try:
            return self._doppler[1].received_hz(frequency_hz, self._now_us())
        except ElementsError as error:
            self._tell(str(error))
            return frequency_hz

    def tuned_hz(self) -> float | None:
        """Where a receiver that can be tuned is put: on the first that is listened for."""
        frequencies = (voice.frequency_hz for voice in self.wanted())
        return next((each for each in frequencies if each is not None), None)

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._say(sentence)


class BurstKeeper:
    """Keeps the last burst of a link in the data folder, for those who learn.

    ``say``: for the operator. A second after the last one the next is kept.
    """

    def __init__(self, folder: Path, link: LinkConfig, say: Callable[[str], None]):
        self._folder, self._link, self._say = folder, link, unbroken(say)
        self._due_s = 0.0
        self._told = False

    def __call__(self, caught: Caught) -> None:
        """Keep it."""
        if time.monotonic() < self._due_s:
            return
        self._due_s = time.monotonic() + _PAUSE_S
        try:
            write_burst(self._folder, self._burst(caught))
        except StoreError as error:
            if not self._told:
                self._say(f"the last burst is not kept: {error}")
            self._told = True

    def _burst(self, caught: Caught) -> Burst:
        arrival, mode = caught.arrival, caught.voice.mode
        length = 10 * (len(arrival.item.data) + 16) / mode.bit_rate
        first = max(0, caught.sample - round(MARGIN_S * caught.rate_hz))
        last = caught.sample + round(min(length + MARGIN_S, MOST_S) * caught.rate_hz)
        facts = BurstFacts(
            link=self._link.name,
            frame=arrival.item.data.hex(),
            received_us=arrival.item.time_us,
            satellite=arrival.supposed or self._link.satellite,
            simulated=self._link.simulated,
            modulation=mode.modulation,
            baud=mode.baud,
            deviation_hz=mode.deviation_hz,
            carrier_hz=mode.carrier_hz,
            way=arrival.way,
            sample=caught.sample - first,
            scale=caught.scale,
            iq=caught.iq,
        )
        return Burst(facts, round(caught.rate_hz), caught.samples[first:last])


def _ways(wanted: Sequence[Voice]) -> str:
    some = [f"{voice} ({', '.join(voice.satellites[:3])})" for voice in wanted[:_TOLD]]
    return "; ".join(some) + ("; ..." if len(wanted) > _TOLD else "")


def hearing(
    folder: Path,
    link: LinkConfig,
    site: Site,
    catalog: SatelliteCatalog,
    heard: Callable[[], Sequence[PlannedPass]],
    now_us: Callable[[], int],
    say: Callable[[str], None],
    *,
    follows: bool,
) -> tuple[Callable[[], SoundPort], Ear, Listening]:
    """What opens a link of sound, what hears frames in it, and what that listens for. Raises
    LinkUrlError."""
    listening = Listening(link, site, catalog, heard, now_us, say, follows=follows)
    keep = BurstKeeper(folder, link, say)
    ear = Ear(listening.wanted, now_us, received_hz=listening.received_hz, keep=keep, say=say)
    open_source = sound_opener(sound_address(link.url), listening.tuned_hz)

    def open_port() -> SoundPort:
        port = open_source()
        ear.begin(port)
        return port

    return open_port, ear, listening


def _near(found: Sequence[Voice], frequency_hz: float | None) -> Sequence[Voice]:
    """Those on the frequency that the station is on, if any are; all of them where nobody says."""
    if frequency_hz is None:
        return found
    near = [each for each in found if abs((each.frequency_hz or 0) - frequency_hz) <= _NEAR_HZ]
    return near or [replace(each, frequency_hz=frequency_hz) for each in found]
