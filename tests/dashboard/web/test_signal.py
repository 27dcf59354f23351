"""The page of a burst: from the samples that the station kept to what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from dashboard.data.station_data import StationData
from dashboard.show.burst_steps import burst_steps
from dashboard.web.app import close_app, create_app
from decoders.modem import Mode
from decoders.modem.modulate import afsk_audio, bpsk_audio, fsk_audio
from groundstation.catalog import SatelliteCatalog
from groundstation.links.link import LinkEnded
from groundstation.listening import hearing
from groundstation.model import Reception, Site
from groundstation.settings import LinkConfig
from groundstation.storage.burst import FILE_NAME, Burst, BurstFacts, read_burst, write_burst
from groundstation.storage.journal import JournalWriter
from tests.sound import air

SITE = Site("Bishkek", 42.87, 74.57, 800.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station heard a beacon in a recording."""
    path = tmp_path_factory.mktemp("burst")
    (frame,) = frames = air.beacons(1)
    recording = path / "satnogs_1_2026-05-01T12-00-00.wav"
    air.write_wave(recording, air.audio(frames))
    link = LinkConfig("radio", f"wav://{recording}", satellite="classroom-1", simulated=True)
    said: list[str] = []
    catalog = SatelliteCatalog()
    open_port, ear, listening = hearing(
        *(path, link, SITE, catalog, tuple, lambda: 0, said.append), follows=False
    )
    assert listening.told() == "listens for FSK 9600 baud, hdlc-g3ruh (classroom-1)"
    port = open_port()
    arrivals = []
    with suppress(LinkEnded):
        while True:
            arrivals += ear.feed(port.read())
    arrivals += ear.flush()
    port.close()
    (arrival,) = arrivals
    assert arrival.item.data == frame and said == []
    writer = JournalWriter(path)
    writer.append([Reception(0, arrival.item.time_us or 0, "radio", frame, simulated=True)])
    writer.close()
    return path


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[FlaskClient]:
    app = create_app(StationData(folder))
    yield app.test_client()
    close_app(app)


def test_the_steps_end_where_the_modem_began(folder: Path, client: FlaskClient) -> None:
    """The symbols that are shown are those that the transmitter sent."""
    found = client.get("/api/v1/burst").get_json()["burst"]
    (frame,) = air.beacons(1)
    assert (found["frame"], found["seq"], found["simulated"]) == (frame.hex(), 1, True)
    assert found["way"] == "FSK 9600 baud, hdlc-g3ruh"
    sent = "".join(map(str, air.bits(frame)[air.FLAGS * 8 - 8 :][:120]))
    assert found["bits"][4:60] in sent
    assert len(found["symbols"]) == len(found["bits"]) == 64
    assert all(
        (symbol > 0) == (bit == "1")
        for symbol, bit in zip(found["symbols"], found["bits"], strict=True)
    )
    # The eye is open where the symbol is, and every trace is as long.
    assert {len(trace) for trace in found["eye"]} == {25}
    middle = np.abs([trace[12] for trace in found["eye"]])
    assert np.median(middle) > 0.6
    assert found["dots"] == []
    assert client.get("/learn/signal.json").get_json()["burst"] == found


@pytest.mark.parametrize("code", ["en", "ru", "ky"])
def test_the_page_says_it_without_a_script_too(client: FlaskClient, code: str) -> None:
    html = client.get(f"/learn/signal?lang={code}").get_data(as_text=True)
    (frame,) = air.beacons(1)
    assert frame.hex()[:256] in html
    assert 'href="/frames/1"' in html and 'class="mark simulated"' in html
    assert html.count("<canvas") == 6
    sound = client.get("/learn/signal.wav")
    assert (sound.status_code, sound.data[:4]) == (200, b"RIFF")


def test_a_station_that_heard_nothing(tmp_path: Path) -> None:
    app = create_app(StationData(tmp_path))
    client = app.test_client()
    assert client.get("/api/v1/burst").get_json() == {"burst": None}
    assert "groundstation demo --audio" in client.get("/learn/signal").get_data(as_text=True)
    assert client.get("/learn/signal.wav").status_code == 404
    for content in (b"", b"RIFF", b"x" * 1000):
        (tmp_path / FILE_NAME).write_bytes(content)
        answer = client.get("/api/v1/burst")
        assert answer.status_code == 503
        assert "it may be deleted" in answer.get_json()["error"]
    close_app(app)


@pytest.mark.parametrize(
    ("mode", "make"),
    [
        (Mode("afsk", 1200.0, -500.0, 1700.0), afsk_audio),
        (Mode("bpsk", 1200.0, None, 1500.0), bpsk_audio),
        (Mode("4fsk", 4800.0, 2400.0), partial(fsk_audio, scale=5000.0)),
    ],
)
def test_other_modulations(tmp_path: Path, mode: Mode, make: object) -> None:
    bits = np.random.default_rng(3).integers(0, 2, 700).astype(np.uint8)
    samples = make(bits, mode, 48_000) / 2  # type: ignore[operator]
    samples = samples + 0.01 * np.random.default_rng(4).standard_normal(len(samples))
    facts = BurstFacts(
        *("radio", "00", None, None, False, mode.modulation, mode.baud, mode.deviation_hz),
        *(mode.carrier_hz, "", round(100 * 48_000 / mode.baud), None, False),
    )
    write_burst(tmp_path, Burst(facts, 48_000, samples.astype(np.float32)))
    found = read_burst(tmp_path)
    assert found is not None and found.facts == facts
    steps = burst_steps(found)
    if mode.modulation == "bpsk":
        assert np.median(np.abs([i for i, _ in steps["dots"]])) > 0.8
        assert np.median(np.abs([q for _, q in steps["dots"]])) < 0.2
    else:
        sent = "".join(map(str, bits))
        assert steps["bits"][:48] in sent
        # Of four levels half are a third as high.
        least = 0.6 if steps["bits_per_symbol"] == 1 else 0.25
        assert np.median(np.abs([trace[12] for trace in steps["eye"]])) > least
