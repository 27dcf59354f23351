"""Orbit mean-elements messages in four notations."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from groundstation.errors import ElementsError
from groundstation.orbit.elements import newest, parse_elements, read_elements, to_omm_csv
from groundstation.orbit.omm import parse_epoch
from tests.orbit.truth import cases, load

FACTS = load("alpha5_omm.json")
HEADER = FACTS["real_rows"]["header"]
ROWS = FACTS["real_rows"]["rows"]
FIELDS = dict(zip(HEADER.split(","), ROWS[0].split(","), strict=True))


def as_csv(fields):
    return ",".join(fields) + "\n" + ",".join(fields.values()) + "\n"


def as_json(fields):
    return json.dumps([fields])


def as_kvn(fields):
    head = "CCSDS_OMM_VERS = 2.0\nCOMMENT made by hand\n"
    return head + "".join(f"{key} = {value}\n" for key, value in fields.items())


def as_xml(fields):
    body = "".join(f"<{key}>{value}</{key}>" for key, value in fields.items())
    return (
        f"<?xml version='1.0'?><ndm><omm id='x'><body><segment>{body}</segment></body></omm></ndm>"
    )


NOTATIONS = {"csv": as_csv, "json": as_json, "kvn": as_kvn, "xml": as_xml}


def test_real_rows():
    found = parse_elements("\n".join([HEADER, *ROWS]), source="active.csv")
    assert [item.norad for item in found] == [100000, 100001, 900]
    assert found[0].name == "SARAMAGO"
    assert found[0].eccentricity == 0.00093868
    assert found[0].bstar_per_earth_radius == 0.35009286e-3
    assert found[0].epoch == datetime(2026, 8, 22, 3, 16, 8, 605344, UTC)


@pytest.mark.parametrize("notation", NOTATIONS)
def test_notations_say_the_same(notation):
    assert parse_elements(NOTATIONS[notation](FIELDS)) == parse_elements(as_csv(FIELDS))


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("norad", FACTS["omm_catalog_numbers_must_work"])
def test_catalogue_numbers_of_nine_digits(notation, norad):
    text = NOTATIONS[notation]({**FIELDS, "NORAD_CAT_ID": str(norad)})
    assert parse_elements(text)[0].norad == norad


@pytest.mark.parametrize("epoch", FACTS["omm_epoch_variants_to_accept"])
def test_epochs(epoch):
    found = parse_epoch(epoch)
    assert found.replace(microsecond=0) == datetime(2026, 8, 22, 3, 16, 8, tzinfo=UTC)
    assert found.microsecond in (0, 605000, 605344)


@pytest.mark.parametrize(
    "epoch",
    ["", "2026-08-22", "22.08.2026 03:16", "2026-13-01T00:00:00", "2026-02-30T00:00:00",
     "2026-366T00:00:00", "2026-08-22T24:00:00", "2026-08-22T03:16:08+06:00"],
)  # fmt: skip
def test_epochs_that_do_not_exist(epoch):
    with pytest.raises(ElementsError):
        parse_epoch(epoch)


def test_leap_second():
    assert parse_epoch("2016-12-31T23:59:60Z") == datetime(2017, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("field", FACTS["omm_optional_fields"])
def test_optional_fields(notation, field):
    fields = {key: value for key, value in FIELDS.items() if key != field}
    assert len(parse_elements(NOTATIONS[notation](fields))) == 1


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("field", FACTS["omm_required"])
def test_required_fields(notation, field):
    fields = {key: value for key, value in FIELDS.items() if key != field}
    with pytest.raises(ElementsError):
        parse_elements(NOTATIONS[notation](fields))


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ECCENTRICITY", "-0.1"),
        ("ECCENTRICITY", "1.0"),
        ("MEAN_MOTION", "0"),
        ("MEAN_MOTION", "-15.2"),
        ("TIME_SYSTEM", "TAI"),
        ("REF_FRAME", "EME2000"),
        ("MEAN_ELEMENT_THEORY", "SGP4-XP"),
        ("EPHEMERIS_TYPE", "4"),
        ("INCLINATION", "NaN"),
        ("BSTAR", "Infinity"),
        ("MEAN_ANOMALY", "12,5 deg"),
        ("NORAD_CAT_ID", "1234567890"),
        ("NORAD_CAT_ID", "-5"),
    ],
)
def test_rejects(notation, field, value):
    text = NOTATIONS[notation]({**FIELDS, field: f'"{value}"' if notation == "csv" else value})
    with pytest.raises(ElementsError) as caught:
        parse_elements(text, source="bad")
    assert "bad" in str(caught.value)


def test_row_with_missing_columns_names_its_line():
    text = "\n".join([HEADER, ROWS[0], "ONLY,THREE,CELLS", ROWS[1]])
    found = read_elements(text, source="active.csv")
    assert len(found.elements) == 2
    assert str(found.errors[0]) == (
        "active.csv:3: the row has 3 columns, the first row 17: 'ONLY,THREE,CELLS'"
    )


@pytest.mark.parametrize(
    "text",
    ["{", "[1, 2]", '{"a": NaN}', "<html>403</html>", "<omm>", "<ndm></ndm>", "NORAD_CAT_ID,EPOCH",
     "CCSDS_OMM_VERS = 2.0", '<!DOCTYPE x [<!ENTITY a "b">]><ndm>&a;</ndm>', "[]"],
)  # fmt: skip
def test_broken_documents(text):
    with pytest.raises(ElementsError) as caught:
        parse_elements(text, source="file")
    assert "file" in str(caught.value)


def test_csv_is_read_back_as_it_was():
    items = [parse_elements("\n".join(case["tle"]))[0] for case in cases("passes_consensus.json")]
    items += parse_elements("\n".join([HEADER, *ROWS]))
    assert parse_elements(to_omm_csv(items)) == items


def test_newest_of_duplicates_wins():
    old = {**FIELDS, "EPOCH": "2026-08-01T00:00:00"}
    text = as_csv(FIELDS) + ",".join(old.values()) + "\n"
    assert newest(parse_elements(text))[100000].epoch.day == 22


def test_json_of_satnogs_db():
    """Its API gives TLE lines as fields of a record."""
    one, two = cases("passes_consensus.json")[0]["tle"]
    records = [{"tle0": "0 ISS", "tle1": one, "tle2": two, "norad_cat_id": 25544}]
    (item,) = parse_elements(json.dumps(records))
    assert (item.name, item.norad) == ("ISS", 25544)
    records[0]["tle2"] = two[:-1] + "0"
    with pytest.raises(ElementsError, match="checksum"):
        parse_elements(json.dumps(records))


_ROW = {
    "OBJECT_NAME": "A", "OBJECT_ID": "1998-067A", "EPOCH": "2026-08-22T03:16:08.605344",
    "MEAN_MOTION": "15.49", "ECCENTRICITY": ".0004", "INCLINATION": "51.6", "RA_OF_ASC_NODE": "1",
    "ARG_OF_PERICENTER": "2.", "MEAN_ANOMALY": "3", "NORAD_CAT_ID": "7", "BSTAR": "-.1E-3",
}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("OBJECT_NAME", ""),
        ("OBJECT_NAME", "B, C"),
        ("OBJECT_ID", " "),
        ("EPOCH", "2026-08-22T03:16:08"),
        ("EPOCH", "2026-234T03:16:08.605344Z"),
        ("EPOCH", "2026-08-22 03:16:60"),
        ("EPOCH", "20260822T031608"),
        ("EPOCH", "2026-08-22T03"),
        ("EPOCH", "2026-08-22T03:16:08.6053441"),
        ("EPOCH", "2026-08-22T03:16:08\n2026-08-22T03:16:08"),
        ("MEAN_MOTION", " 15.5 "),
        ("MEAN_MOTION", "nan"),
        ("MEAN_MOTION", "1_5"),
        ("MEAN_MOTION", "١٥"),
        ("MEAN_MOTION", ""),
        ("MEAN_MOTION", "99"),
        ("BSTAR", "1e999"),
        ("BSTAR", "e5"),
        ("NORAD_CAT_ID", "+7"),
        ("NORAD_CAT_ID", "7.0"),
        ("NORAD_CAT_ID", ""),
        ("NORAD_CAT_ID", "9" * 30),
        ("INCLINATION", "181"),
    ],
)
def test_a_table_by_columns_and_by_rows_is_the_same(column: str, cell: str) -> None:
    """One cell that is out of the ordinary, in the second of three rows."""
    rows = [_ROW, {**_ROW, column: cell}, _ROW]
    by_columns = read_elements(_table(rows), source="f")
    # A table that names a time system is read row by row.
    by_rows = read_elements(_table([{**row, "TIME_SYSTEM": "UTC"} for row in rows]), source="f")
    assert by_columns.elements == by_rows.elements
    assert len(by_columns.elements) >= 2
    assert [error.problem for error in by_columns.errors] == [
        error.problem for error in by_rows.errors
    ]


def _table(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
