"""Elements as people have them: bulletins, mails, pages, other encodings and spellings; and files
that were made to hurt. The small files are after public reports of what they broke."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundstation.errors import ElementsError
from groundstation.orbit.elements import (
    MOST_TOLD,
    Elements,
    ElementsText,
    apart,
    read_elements,
    text_of,
    to_omm_csv,
    to_tle_lines,
    told,
)
from tests.orbit.truth import cases, elements_of

FILES = Path(__file__).parents[1] / "data" / "elements"
ISS = elements_of(cases("passes_consensus.json")[0])
ONE, TWO = to_tle_lines(ISS)


def of_file(name: str) -> ElementsText:
    return read_elements(text_of((FILES / name).read_bytes()), source=name)


def the_one(found: ElementsText) -> Elements:
    assert found.errors == []
    (item,) = found.elements
    return item


def test_a_bulletin() -> None:
    found = of_file("amsat.txt")
    item = the_one(found)
    assert (item.name, item.norad, item.mean_anomaly_deg) == ("ISS", 25544, 25.2906)
    assert found.warnings == ["amsat.txt: 12 other lines were passed over"]


def test_utf16_and_a_blank_line_before_the_declaration() -> None:
    assert the_one(of_file("utf16.tle")).name == "ISS (ZARYA)"
    assert the_one(of_file("ns_blank.xml")).name == "ISS & CO"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_a_name_in_any_encoding(encoding: str) -> None:
    data = f"ÑANDÚ-1\r\n{ONE}\r\n{TWO}\r\n".encode(encoding)
    item = the_one(read_elements(text_of(data)))
    assert (item.name, item.norad) == ("ÑANDÚ-1", 25544)


@pytest.mark.parametrize(
    "record",
    [
        {"name": "ISS", "line1": ONE, "line2": TWO},
        {"info": {"satname": "ISS", "satid": 25544}, "tle": f"{ONE}\r\n{TWO}"},
        {"tle0": "0 ISS", "tle1": ONE, "tle2": TWO},
        {"member": [{"name": "ISS", "line1": ONE, "line2": TWO}]},
    ],
)
def test_json_with_two_lines_in_it(record: object) -> None:
    item = the_one(read_elements(json.dumps(record)))
    assert (item.name, item.norad) == ("ISS", 25544)


def test_a_csv_with_lower_case_headers() -> None:
    head, _, rest = to_omm_csv([ISS]).partition("\n")
    assert the_one(read_elements(f"{head.lower()}\n{rest}")).norad == 25544


def test_a_checksum_that_is_wrong_stays_refused() -> None:
    wrong = TWO[:-1] + str((int(TWO[-1]) + 1) % 10)
    found = read_elements(f"prose\n> {ONE}\n> {wrong}\n", source="mail")
    assert found.elements == []
    assert str(found.errors[0]).startswith("mail:3: the checksum is")


def test_the_name_is_the_line_above() -> None:
    far = read_elements(f"a sentence about it\n\n{ONE}\n{TWO}\n")
    assert far.elements[0].name == "25544"
    spaced = read_elements(f"ISS\n\n{ONE}\n\n{TWO}\n")
    assert spaced.elements[0].name == "ISS"


def test_objects_under_one_number_are_told_apart_by_name() -> None:
    found = of_file("samenum.tle")
    assert [item.name for item in apart(found.elements)] == ["SAT-A", "SAT-B", "SAT-C"]
    renamed = [ISS, Elements(**{**_plain(ISS), "name": "ISS (ZARYA)"})]
    assert [item.name for item in apart(renamed)] == ["ISS (ZARYA)"]


def _plain(item: Elements) -> dict[str, object]:
    return {name: getattr(item, name) for name in item.__dataclass_fields__}


HURTING = {
    "blanks in KVN": "CCSDS_OMM_VERS = 2.0\nOBJECT_NAME = A" + " " * 100_000 + "[\nEPOCH = 1\n",
    "brackets in KVN": "CCSDS_OMM_VERS = 2.0\nOBJECT_NAME = " + "[" * 100_000 + "]\nEPOCH = 1\n",
    "digits in JSON": '[{"NORAD_CAT_ID": %s}]' % ("1" * 1_000_000),
    "a number as text": '[{"NORAD_CAT_ID": "%s", "EPOCH": "x"}]' % ("1" * 1_000_000),
    "set number": json.dumps([{"ELEMENT_SET_NO": "1" * 5000, "NORAD_CAT_ID": "1"}]),
    "digits in CSV": to_omm_csv([ISS]).replace("25544", "1" * 100_000),
    "digits in XML": f"<ndm><omm><NORAD_CAT_ID>{'1' * 1_000_000}</NORAD_CAT_ID></omm></ndm>",
    "rows": to_omm_csv([ISS]).splitlines()[0] + "\n" + "x,y\n" * 100_000,
    "garbage": "garbage in a line\n" * 300_000,
    "lines one": (ONE + "\n") * 50_000,
    "half a character": "<ndm><omm><OBJECT_NAME>\ud800</OBJECT_NAME></omm></ndm>",
    "deep": "[" * 100_000,
    "tags": "<a" * 200_000,
    "a page": "<html>" + "<p>1 </p>" * 100_000,
}


@pytest.mark.parametrize("kind", HURTING)
def test_files_that_hurt_are_refused_in_few_words(kind: str) -> None:
    found = read_elements(HURTING[kind], source="hurting")
    assert found.elements == []
    assert found.errors
    assert all(isinstance(error, ElementsError) and len(str(error)) < 400 for error in found.errors)
    assert len(told(found.errors)) <= MOST_TOLD + 1


@pytest.mark.parametrize("year", ["0001", "1956", "2101", "9999"])
def test_an_epoch_of_no_satellite_is_refused(year: str) -> None:
    text = to_omm_csv([ISS]).replace(f"{ISS.epoch:%Y}-", f"{year}-")
    found = read_elements(text)
    assert found.elements == []
    assert "year" in str(found.errors[0])
