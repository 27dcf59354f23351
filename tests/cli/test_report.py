"""``groundstation report`` on a journal that a station could have left."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from decoders.encode import Encoder
from groundstation.catalog import SatelliteCatalog
from groundstation.cli.report import report
from groundstation.elements import ElementsCatalog
from groundstation.model import Reception, Site, from_us, to_us
from groundstation.orbit.omm_csv import to_omm_csv
from groundstation.orbit.passes import find_passes
from groundstation.orbit.pointing import doppler_hz, pointing
from groundstation.passes.account import Circumstances
from groundstation.passes.book import keep_pass
from groundstation.simulator.flight import NORAD, elements_for
from groundstation.storage.journal import JournalReader, JournalWriter
from tests.storage.interpreted import interpret

SITE = Site("School 5", 42.8746, 74.5698, 800.0)
BEGIN = datetime(2026, 8, 22, 6, tzinfo=UTC)
ELEMENTS = elements_for(SITE, BEGIN, 60.0, "Classroom-1 (simulated)")
PASS = find_passes(ELEMENTS, SITE, BEGIN, BEGIN + timedelta(hours=1), min_elevation_deg=5.0)[0]
CONFIG = """\
[site]
name = "School 5"
latitude_deg = 42.8746
longitude_deg = 74.5698
altitude_m = 800
min_elevation_deg = 5
timezone = "Asia/Bishkek"
"""
#: Frames each second, and half a minute without, as if somebody stood in the way.
HEARD_S = [s for s in range(40, 540, 1) if not 200 <= s < 230]


def frame(counter: int) -> bytes:
    values = {"uptime": counter, "counter": counter, "mode": "safe", "battery_voltage": 3.9}
    return Encoder(SatelliteCatalog().satellites["classroom-1"]).encode("beacon", values)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    ElementsCatalog(data / "elements").import_text(to_omm_csv([ELEMENTS]), "simulated")
    (data / "station.toml").write_text(CONFIG)
    assert PASS.aos
    aos_us = to_us(PASS.aos)
    encoded = frame(1)
    writer = JournalWriter(data)
    writer.append(
        [
            Reception(
                *(0, aos_us + s * 1_000_000, "tnc", encoded, "classroom-1"),
                simulated=True,
            )
            for s in HEARD_S
        ]
    )
    writer.append(
        [Reception(0, aos_us + 210_000_000, "tnc", b"\x00" * 9, error="bad", damaged=True)]
    )
    # Hours later: not of this pass.
    writer.append([Reception(0, aos_us + 9_000_000_000, "tnc", encoded, "classroom-1")])
    interpret(data)
    keep_pass(writer, PASS, ELEMENTS, facts())
    writer.close()
    return data


def facts() -> Circumstances:
    assert PASS.aos and PASS.los
    return Circumstances(
        *("classroom-1", "Classroom-1 (simulated)", SITE, 5.0, 437_500_000),
        simulated=True,
        watched=((PASS.aos, PASS.los),),
    )


def run(folder: Path, *words: str) -> str:
    result = CliRunner().invoke(report, [*words, "--data", str(folder)])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_account_holds_what_happened(folder: Path) -> None:
    found = json.loads(run(folder, "--format", "json"))
    heard = found["heard"]
    assert (heard["frames"], heard["bad_frames"]) == (len(HEARD_S), 1)
    assert heard["first"]["after_aos_s"] == pytest.approx(40, abs=0.01)
    (gap,) = heard["gaps"]
    assert gap["seconds"] == pytest.approx(31, abs=0.01)
    assert sum(row["frames"] for row in heard["by_elevation"]) == len(HEARD_S)
    assert sum(row["frames"] for row in heard["by_doppler"]) == len(HEARD_S)
    seconds = sum(row["seconds"] for row in heard["by_elevation"])
    assert seconds == pytest.approx(PASS.duration_s, abs=1)
    high = heard["by_elevation"][-1]
    assert high["frames_per_s"] == pytest.approx(1, abs=0.05)
    # Elevation and Doppler at the last frame, computed alone.
    last = heard["last"]
    there = pointing(ELEMENTS, SITE, datetime.fromisoformat(last["time"]))
    assert last["elevation_deg"] == pytest.approx(there.elevation_deg, abs=0.02)
    assert last["doppler_hz"] == pytest.approx(
        doppler_hz(there.range_rate_km_s, 437_500_000), abs=1
    )
    assert found["predicted"]["timing_error_s"] == pytest.approx(PASS.timing_error_s, rel=0.01)
    assert found["elements"]["epoch"].startswith("2026-08-22T06:00:00")
    assert found["simulated"] is True


def test_a_pass_of_a_satellite_without_a_definition(folder: Path, tmp_path: Path) -> None:
    """By its name: its frames are nobody's, and counted as that."""
    assert PASS.aos
    data = tmp_path / "data"
    css = replace(ELEMENTS, norad=48274, name="CSS (TIANHE)")
    ElementsCatalog(data / "elements").import_text(to_omm_csv([css]), "test")
    writer = JournalWriter(data)
    stranger = bytes.fromhex("82a0a4a64040609c60868298986103f0") + b">hello"
    writer.append([Reception(0, to_us(PASS.tca), "direwolf", stranger)])
    writer.close()
    interpret(data)
    (tmp_path / "station.toml").write_text(
        f"[site]\nlatitude_deg = {SITE.latitude_deg}\nlongitude_deg = {SITE.longitude_deg}\n"
        f"altitude_m = {SITE.altitude_m}\nmin_elevation_deg = 10\n"
        '[[satellites]]\nid = "CSS"\nfrequency_hz = 145_825_000\n'
    )
    which = f"CSS@{PASS.tca:%Y-%m-%dT%H:%M:%S}"
    words = (which, "-c", str(tmp_path / "station.toml"))
    found = json.loads(run(data, *words, "--format", "json"))
    assert (found["norad"], found["name"], found["satellite"]) == (48274, "CSS (TIANHE)", "48274")
    assert found["frequency_hz"] == 145_825_000
    assert (found["heard"]["frames"], found["heard"]["unknown_frames"]) == (0, 1)
    # No row for what is below the mask, where nothing was.
    assert found["heard"]["by_elevation"][0]["low_deg"] == 10
    text = run(data, *words)
    assert "this satellite has no definition: unknown frames may be its own" in text
    assert f"{PASS.tca:%H:%M:%S}" in text.splitlines()[-1]  # the frame itself is listed
    assert "Pass of CSS" in text
    page = run(data, *words, "--format", "html")
    assert "<html" in page
    assert "This satellite has no definition: unknown frames may be its own." in page
    assert "Nothing was heard" not in page
    near = CliRunner().invoke(report, ["CSS TIANE@2026-08-22T06:00", "--data", str(data)])
    assert near.output == "Error: nobody is known as 'CSS TIANE'; did you mean 'CSS (TIANHE)'?\n"


def test_frames_below_the_mask_are_in_the_table_and_in_every_count(
    folder: Path, tmp_path: Path
) -> None:
    assert PASS.aos and PASS.los
    folder = shutil.copytree(folder, tmp_path / "data")
    writer = JournalWriter(folder)
    early, late = to_us(PASS.aos) - 25_000_000, to_us(PASS.los) + 12_000_000
    for at_us in (early, early + 5_000_000, late):
        writer.append([Reception(0, at_us, "tnc", frame(7), "classroom-1")])
    writer.close()
    interpret(folder)
    writer = JournalWriter(folder)
    keep_pass(writer, PASS, ELEMENTS, facts())
    writer.close()
    heard = json.loads(run(folder, "--format", "json"))["heard"]
    count, length_s = len(HEARD_S) + 3, (PASS.duration_s or 0) + 25 + 12
    assert (heard["frames"], heard["outside_frames"]) == (count, 3)
    for table in ("by_elevation", "by_doppler"):
        assert sum(row["frames"] for row in heard[table]) == count
        assert sum(row["seconds"] for row in heard[table]) == pytest.approx(length_s, abs=1)
    assert heard["frames_per_s"] == pytest.approx(count / length_s, abs=1e-4)
    there = pointing(ELEMENTS, SITE, PASS.aos - timedelta(seconds=25))
    lowest = heard["by_elevation"][0]
    assert lowest["low_deg"] <= there.elevation_deg < 5.0
    text = run(folder)
    assert f"{count} frames ({count / length_s:.2f} a second)" in text


def test_frames_to_be_interpreted_are_no_strangers(folder: Path, tmp_path: Path) -> None:
    """The interpreter was behind when the account was made: nobody knows yet whose they are."""
    assert PASS.aos
    folder = shutil.copytree(folder, tmp_path / "data")
    writer = JournalWriter(folder)
    early_us = to_us(PASS.aos) + 20_000_000
    writer.append([Reception(0, early_us, "tnc", frame(7), "classroom-1")] * 3)
    keep_pass(writer, PASS, ELEMENTS, facts())
    writer.close()
    heard = json.loads(run(folder, "--format", "json"))["heard"]
    assert (heard["frames"], heard["unknown_frames"], heard["waiting_frames"]) == (
        *(len(HEARD_S), 0, 3),
    )
    assert "0 unknown, 3 not interpreted yet" in run(folder)
    page = run(folder, "--format", "html")
    assert page.count('<span class="quiet">being interpreted</span>') == 3
    assert "<dt>frames not interpreted yet</dt><dd>3</dd>" in page
    interpret(folder)
    again = json.loads(run(folder, "--format", "json", "--recompute"))["heard"]
    assert (again["frames"], again["waiting_frames"]) == (len(HEARD_S) + 3, 0)


def test_keeping_it_again_keeps_one(folder: Path) -> None:
    writer = JournalWriter(folder)
    later = find_passes(
        *(ELEMENTS, SITE, BEGIN - timedelta(seconds=7), BEGIN + timedelta(hours=2)),
        min_elevation_deg=5.0,
    )[0]
    keep_pass(writer, later, ELEMENTS, facts())
    writer.close()
    with JournalReader(folder) as reader:
        (only,) = reader.passes()
        assert only.report["heard"]["frames"] == len(HEARD_S)
        assert len(only.report["watched"]) == 1


def test_the_list(folder: Path) -> None:
    head, line = run(folder, "--list").splitlines()
    assert head.startswith("Pass ")
    key = line.split()[0]
    assert re.fullmatch(rf"{NORAD}-20260822T0\d{{5}}Z", key)
    assert f" {len(HEARD_S)} " in line
    assert "SIMULATED" in line
    brief = json.loads(run(folder, "--list", "--format", "json"))
    assert (brief["pass"], brief["frames"]) == (key, len(HEARD_S))
    assert run(folder, key) == run(folder) == run(folder, "classroom-1")


def test_text(folder: Path) -> None:
    text = run(folder)
    assert text.startswith("SIMULATED. Pass of Classroom-1 (simulated)")
    assert f"{len(HEARD_S)} frames" in text
    assert "gap of 31.0 s" in text
    assert "battery_voltage 3.9 V" in text


class Page(HTMLParser):
    """Tags in order, and whether all of them are closed."""

    VOID = ("meta", "circle", "path", "rect")

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.counts: dict[str, int] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.addresses += [str(v) for k, v in attrs if k in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize(
    ("code", "word"), [("en", "first frame"), ("ru", "первый кадр"), ("ky", "биринчи кадр")]
)
def test_the_page_needs_nothing_else(folder: Path, tmp_path: Path, code: str, word: str) -> None:
    path = tmp_path / "pass.html"
    result = CliRunner().invoke(report, ["--data", str(folder), "-o", str(path), "--lang", code])
    assert result.exit_code == 0, result.output
    text = path.read_text("utf-8")
    page = Page(text)
    assert page.open == []
    assert page.addresses == []
    assert "url(" not in text
    assert "@import" not in text
    assert "script" not in page.counts
    assert page.counts["svg"] > 2
    assert f'lang="{code}"' in text
    assert word in text
    assert 'class="simulated"' in text
    assert "3.9" in text or "3,9" in text
    assert text.count('<circle class="dot') >= 2 * len(HEARD_S)


def test_a_pass_that_nobody_followed_is_computed_from_the_journal(tmp_path: Path) -> None:
    """With the elements of its day, though newer ones have come since."""
    from dataclasses import replace

    newer = replace(ELEMENTS, epoch=ELEMENTS.epoch + timedelta(days=20), mean_anomaly_deg=10.0)
    catalog = ElementsCatalog(tmp_path / "elements")
    catalog.import_text(to_omm_csv([ELEMENTS]), "then")
    catalog.import_text(to_omm_csv([newer]), "later")
    (tmp_path / "station.toml").write_text(CONFIG)
    assert PASS.aos
    writer = JournalWriter(tmp_path)
    when_us = to_us(PASS.aos) + 100_000_000
    writer.append([Reception(0, when_us, "tnc", frame(7), "classroom-1")])
    writer.close()
    interpret(tmp_path)
    words = f"classroom-1@{from_us(when_us):%Y-%m-%dT%H:%M}"
    found = json.loads(run(tmp_path, words, "--format", "json"))
    assert found["elements"]["epoch"].startswith("2026-08-22")
    assert found["heard"]["frames"] == 1
    assert found["heard"]["first"]["after_aos_s"] == pytest.approx(100, abs=0.1)
    assert found["watched"] == []
    with JournalReader(tmp_path) as reader:
        assert reader.passes() == []  # asking writes nothing


def test_recompute_agrees_with_what_was_kept(folder: Path) -> None:
    kept = json.loads(run(folder, "--format", "json"))
    again = json.loads(run(folder, "--format", "json", "--recompute"))
    assert again["heard"]["frames"] == kept["heard"]["frames"]
    assert again["watched"] == kept["watched"]
    wide = json.loads(run(folder, "--format", "json", "--gap", "60"))
    assert wide["heard"]["gaps"] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["quetzal-1"], "no pass of quetzal-1 was kept in"),
        (["1-20260101T000000Z"], "no pass of 1-20260101T000000Z was kept in"),
        (["classroom-1@yesterday"], "'yesterday' is not a time such as 2026-08-22T06:30"),
        (["nobody@2026-08-22T06:00"], "nobody is known as 'nobody'"),
        (["quetzal-1@2026-08-22T06:00"], "there are no elements of quetzal-1 (NORAD "),
    ],
)
def test_what_is_not_there_is_one_sentence(folder: Path, words: list[str], sentence: str) -> None:
    result = CliRunner().invoke(report, [*words, "--data", str(folder)])
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_page_that_cannot_be_written(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "nowhere" / "pass.html"
    done = CliRunner().invoke(report, ["--data", str(folder), "-o", str(output)])
    assert done.exit_code == 2
    assert f"cannot write {output}: No such file or directory" in done.stderr


def test_a_folder_without_a_journal(tmp_path: Path) -> None:
    result = CliRunner().invoke(report, ["--data", str(tmp_path)])
    assert result.exit_code == 2
    assert "there is no journal" in result.output
