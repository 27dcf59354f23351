"""The X-ray over HTTP: what is chosen is shown without a script, and bits turned over change what
the frame says, and nothing that is stored."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from decoders.coding.crc import crc
from groundstation.catalog import SatelliteCatalog
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader
from tests.dashboard.station_folder import StationFolder

#: The first bits of the battery voltage and of the packet's mark in the tests' beacons.
VOLTAGE, MARK = 200, 128


def text_of(page: str) -> str:
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def steps(page: str) -> dict[str, str]:
    """The steps that the page shows, by their kinds."""
    found = re.findall(r'<li data-step="(\w+)"><span[^>]*>[^<]*</span>(.*?)</li>', page)
    return {kind: text_of(content).strip() for kind, content in found}


def test_a_chosen_value_is_explained_without_a_script(
    station: StationFolder, client: FlaskClient
) -> None:
    seq = station.receive(panel_temperature=-19.5).seq
    shown = steps(client.get(f"/frames/{seq}?value=panel_temperature").text)
    assert shown["negative"] == "65,341 − 65,536 = −195"
    assert shown["calibration"] == "−195 / 10 = −19.5"
    assert shown["warning"] == "−40 ≤ −19.5 ≤ 80 inside"
    assert shown["sentence"] == "Panel temperature: −19.5 °C. It is within its limits."


@pytest.mark.parametrize(
    ("code", "type_words", "negative"),
    [
        ("ru", "16-битное целое число со знаком, старший байт первым", "65\xa0341 − 65\xa0536"),
        ("ky", "белгиси бар 16 биттик бүтүн сан, улуу байт биринчи", "65\xa0341 − 65\xa0536"),
    ],
)
def test_steps_are_written_as_the_language_writes(
    station: StationFolder, client: FlaskClient, code: str, type_words: str, negative: str
) -> None:
    seq = station.receive(panel_temperature=-19.5).seq
    page = client.get(f"/frames/{seq}?value=panel_temperature&lang={code}").text
    shown = steps(page)
    assert shown["type"] == type_words
    assert f"{negative} = −195".replace("\xa0", " ") == shown["negative"]
    assert shown["calibration"] == "−195 / 10 = −19,5"
    assert "below zero" not in page


def test_a_formula_names_the_values_by_their_labels(
    station: StationFolder, client: FlaskClient
) -> None:
    seq = station.receive(battery_voltage=4.012, battery_current=-207).seq
    page = client.get(f"/frames/{seq}?value=battery_power").text
    found = re.findall(r'data-step="formula"><span[^>]*>[^<]*</span><span[^>]*>(.*?)</span>', page)
    assert found == [
        "Battery voltage × Battery current / 1000",
        "4.012 × (−207) / 1000 = −0.830484",
    ]


def test_a_turned_bit_changes_value_verdict_and_check_value(client: FlaskClient) -> None:
    path = f"/api/v1/frames/5?flip={VOLTAGE}"
    before, after = client.get("/api/v1/frames/5").json, client.get(path).json
    assert before
    assert after
    was, now = (each["parameters"]["battery_voltage"] for each in (before, after))
    assert now["raw"] == was["raw"] + 32768
    assert (was["state"], now["state"]) == ("nominal", "critical")
    raw = bytes.fromhex(before["raw"])
    changed = raw[:25] + bytes([raw[25] ^ 0x80]) + raw[26:]
    assert bytes.fromhex(after["raw"]) == changed
    assert (before["flipped"], after["flipped"]) == ([], [VOLTAGE])
    (right,), (wrong,) = before["checks"], after["checks"]
    sent = crc("crc16-x25", raw).to_bytes(2, "little").hex()
    assert (right["held"], right["computed"], right["ok"]) == (sent, sent, True)
    computed = crc("crc16-x25", changed).to_bytes(2, "little").hex()
    assert (wrong["held"], wrong["computed"], wrong["ok"]) == (sent, computed, False)
    others = set(before["parameters"]) - {"battery_voltage", "battery_power"}
    for name in others:
        assert before["parameters"][name] == after["parameters"][name], name


def test_the_page_says_what_was_changed_and_what_it_was(
    station: StationFolder, client: FlaskClient
) -> None:
    seq = station.receive(battery_voltage=4.012).seq
    page = client.get(f"/frames/{seq}?value=battery_voltage&flip={VOLTAGE}").text
    text = text_of(page)
    assert "this is not what was received" in text
    assert "The check value is wrong" in text
    assert "36.780 V was 4.012 V" in text
    # The bit leads back, every other one further.
    back = f'id="bit-{VOLTAGE}" rel="nofollow" href="?value=battery_voltage"'
    assert back in page
    assert f'href="?flip={VOLTAGE},{VOLTAGE + 1}&amp;value=battery_voltage"' in page


def test_a_frame_that_is_turned_into_nobody_s_says_so(client: FlaskClient) -> None:
    """The mark of its packet is another one: nothing of it can be read, and the page says why."""
    found = client.get(f"/api/v1/frames/5?flip={MARK}").json
    assert found
    assert found["error"]
    assert found["parameters"] == {}
    page = client.get(f"/frames/5?value=battery_voltage&flip={MARK}").text
    assert "no packet" in text_of(page)
    assert 'href="?value=battery_voltage"' in page  # the way back


def test_nothing_is_stored(station: StationFolder, client: FlaskClient) -> None:
    before = client.get("/api/v1/frames/5").json
    client.get(f"/frames/5?value=mode&flip={VOLTAGE}")
    client.get(f"/api/v1/frames/5?flip={VOLTAGE}")
    assert client.get("/api/v1/frames/5").json == before
    with JournalReader(station.folder) as journal:
        assert journal.last_seq() == 23


def test_damaged_bytes_may_be_turned_too(client: FlaskClient) -> None:
    found = client.get("/api/v1/frames/21?flip=0").json
    assert found
    assert found["raw"].startswith("a8")
    assert (found["damaged"], found["checks"]) == (True, [])


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/v1/frames/5?flip=x", 400, "flip is 'x'"),
        ("/api/v1/frames/5?flip=1,,2", 400, "at most 64, counted from the frame's first"),
        (f"/api/v1/frames/5?flip={','.join(map(str, range(65)))}", 400, "at most 64, counted"),
        ("/api/v1/frames/5?flip=424", 404, "frame 5 has no bit 424, only 424"),
        ("/frames/5.csv?flip=1", 400, "leave flip out"),
        ("/frames/5?value=batery_voltage", 404, "did you mean 'battery_voltage'?"),
        ("/frames/5?flip=9999999999", 400, "at most 64 bits"),
    ],
)
def test_wrong_wishes_get_one_sentence(
    client: FlaskClient, path: str, status: int, words: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert words in unescape(answer.text)


def test_an_example_frame_of_a_definition_is_seen_through(client: FlaskClient) -> None:
    """Without any reception of it: a little-endian value of a satellite that flies."""
    satellite = SatelliteCatalog().satellites["delfi-c3"]
    path = "/satellites/delfi-c3/examples/1"
    record = client.get(f"/api/v1{path}").json
    assert record
    assert bytes.fromhex(record["raw"]) == satellite.examples[0].frame
    assert record["source"] == satellite.examples[0].source
    assert not {"seq", "received", "link"} & set(record)
    page = client.get(path)
    assert "was not received here" in page.text
    assert f'<a href="{path}">' in client.get("/satellites/delfi-c3").text
    turned = {
        name: value
        for name, value in record["parameters"].items()
        if any(step["kind"] == "swapped" for step in value["steps"])
    }
    for name, value in turned.items():
        first, length = value["bits"]
        data = bytes.fromhex(record["raw"])[first // 8 : (first + length) // 8]
        came, right = data.hex(" ").upper(), data[::-1].hex(" ").upper()
        assert steps(client.get(f"{path}?value={name}").text)["swapped"] == f"{came} → {right}"
    assert turned
    assert client.get(f"{path}?value=sequence_counter&flip=0").status_code == 200
    for wrong in ("0", "99"):
        answer = client.get(f"/api/v1/satellites/delfi-c3/examples/{wrong}")
        assert answer.status_code == 404


def test_bits_that_lie_apart_are_marked_alone(client: FlaskClient) -> None:
    """Twelve bits, the lowest byte first: six of a byte, and six of the one behind it."""
    page = client.get("/satellites/delfi-c3/examples/1?value=hk_boot_counter").text
    assert "12 bits" in text_of(page).replace("\xa0", " ")
    assert "<mark>110111</mark>10 10<mark>000100</mark>" in page
    assert page.count('class="bit"') == 12
    assert steps(page)["digits"] == "0001 0011 0111"


def test_every_value_of_every_example_has_its_page(
    station: StationFolder, client: FlaskClient
) -> None:
    """Every kind of row that the definitions know is explained, in a page of a fair size."""
    kinds: set[str] = set()
    for satellite in SatelliteCatalog().satellites.values():
        for example in satellite.examples[:1]:
            rows = {getattr(row, "kind", "derived") for row in satellite.rows().values()}
            if rows <= kinds:
                continue
            kinds |= rows
            seq = station.append(
                Reception(0, station.clock.now_us(), "tnc", example.frame, satellite.id)
            ).seq
            record = client.get(f"/api/v1/frames/{seq}?lang=ky").json
            assert record
            assert record["parameters"]
            for name, value in record["parameters"].items():
                assert value["steps"][-1]["kind"] == "sentence", (satellite.id, name)
            last = list(record["parameters"])[-1]
            page = client.get(f"/frames/{seq}?value={last}")
            assert page.status_code == 200
    assert kinds >= {"u", "i", "f", "bool", "ascii", "bytes", "derived"}


def test_of_many_values_the_last_are_folded_until_one_of_them_is_chosen(
    client: FlaskClient,
) -> None:
    path = "/satellites/delfi-c3/examples/1"
    seen, folded = client.get(path).text.split('<details class="further"')
    names = re.findall(r'<a class="part"[^>]*value=(\w+)"', seen + folded)
    last = re.findall(r'<a class="part"[^>]*value=(\w+)"', folded)
    assert folded.startswith("><summary>")
    assert f"{len(last)} more" in folded
    assert len(last) > 10
    assert f'<details class="further" open><summary>{len(last)} more' in (
        client.get(f"{path}?value={last[0]}").text
    )
    first = names[0]
    assert '<details class="further" open' not in client.get(f"{path}?value={first}").text
