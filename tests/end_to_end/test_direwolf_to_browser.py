"""From audio to the eye: Direwolf hears it, the station keeps it, Chromium shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.dashboard.web.browser import Browser, driver  # noqa: F401 - a fixture
from tests.end_to_end.direwolf import direwolf, frames_in, make_wav
from tests.end_to_end.test_direwolf import on_air
from tests.end_to_end.test_station_with_dashboard import ask
from tests.links.devices import wait_until
from tests.peers import free_port
from tests.station.frames import SATELLITE
from tests.station.running import running, wait_for_frames, write_config


@pytest.mark.parametrize("baud", [1200, 9600])
def test_every_frame_is_seen(tmp_path: Path, driver: Chrome, baud: int) -> None:  # noqa: F811
    wav = make_wav(tmp_path / "pass.wav", on_air(500, 12), baud)
    expected = frames_in(wav, baud)
    assert len(expected) == 15
    port = free_port()
    with direwolf(tmp_path, baud) as tnc:
        write_config(tmp_path, tnc.url)
        with running(tmp_path, "--port", str(port)) as station:
            station.wait_open()
            wait_until(lambda: ask(port, "/api/v1/status"), what="the dashboard")
            page = Browser(driver, f"http://127.0.0.1:{port}")
            page.open("/frames")
            tnc.play(wav)
            wait_for_frames(station.data, expected)
            # Live, without a reload; then each frame's own page shows its bytes.
            page.wait(f"return document.querySelectorAll('a[href$=\"/frames/{15}\"]').length > 0")
            for seq, frame in enumerate(expected, 1):
                page.open(f"/frames/{seq}")
                shown = page.run(
                    "return [...document.querySelectorAll('.byte')].map(e => e.innerText).join('')"
                )
                assert bytes.fromhex(shown) == frame
            page.open(f"/satellites/{SATELLITE}")
            page.wait("return document.body.innerText.includes('511')")  # the last uptime
            assert page.complaints() == []
