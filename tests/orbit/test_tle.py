"""The strict reader of two-line elements, and writing them back."""

import pytest

from groundstation.errors import ElementsError
from groundstation.orbit.elements import parse_elements, read_elements, to_tle_lines
from groundstation.orbit.tle import alpha5_to_norad, checksum, norad_to_alpha5
from tests.orbit.truth import cases, load

ONE, TWO = load("tle_validation.json")["base"]
BASE = f"{ONE}\n{TWO}\n"


def with_checksum(line: str) -> str:
    return line[:68] + str(checksum(line))


MUST_REJECT = {
    "bad_checksum": f"{ONE[:68]}0\n{TWO}",
    "swapped_lines": f"{TWO}\n{ONE}",
    "mismatched_satnum": f"{ONE}\n{with_checksum(TWO.replace('25544', '25545'))}",
    "truncated": f"{ONE[:50]}\n{TWO[:50]}",
    "unicode_minus": BASE.replace("31745-4", "31745−4"),
    "tabs": BASE.replace("  ", "\t"),
    "nan_fields": f"{ONE}\n{with_checksum(TWO.replace('295.8524', 'nan     '))}",
    "one_line_only": ONE,
    "html_page": "<html><body>403 Forbidden</body></html>",
    "stray_column": f"{with_checksum(ONE[:17] + 'x' + ONE[18:])}\n{TWO}",
    "longer_lines": f"{ONE}7\n{TWO}",
    "alpha5_small_letter": BASE.replace("25544", "t5544"),
    "comma_decimals": BASE.replace("295.8524", "295,8524"),
    "day_367": f"{with_checksum(ONE.replace('18184.', '18367.'))}\n{TWO}",
    "empty": "",
    "binary": "\x00\x01\x02",
}


@pytest.mark.parametrize("kind", MUST_REJECT)
def test_rejects(kind):
    with pytest.raises(ElementsError) as caught:
        parse_elements(MUST_REJECT[kind], source="upload.tle")
    assert "upload.tle" in str(caught.value)
    assert len(str(caught.value)) < 250


def test_every_listed_kind_is_tried():
    # Indented lines are read since bulletins and mails have them.
    listed = set(load("tle_validation.json")["must_reject"]) - {"ecc_ge_1", "leading_space"}
    assert listed <= set(MUST_REJECT)
    assert set(load("tle_validation.json")["must_accept"]) <= set(MUST_ACCEPT)


def small(text: str) -> str:
    return text.replace("25544", "    5")


MUST_ACCEPT = {
    "leading_space": f" {ONE}\n {TWO}",
    "quoted": f"> {ONE}\n> {TWO}",
    "quoted_twice": f">> {ONE}\r\n>> {TWO}",
    "in_a_page": f"<pre>{ONE}\n{TWO}</pre>",
    "with_a_tag_behind": f"{ONE}</pre>\n{TWO}<br>",
    "crlf": BASE.replace("\n", "\r\n"),
    "no_name_line": BASE,
    "name_with_0_prefix": "0 ISS (ZARYA)\n" + BASE,
    "name_line": "ISS (ZARYA)\n" + BASE,
    "trailing_blanks": BASE.replace("\n", "   \n"),
    "leading_bom": "\ufeff" + BASE,
    "satnum_space_padded": "\n".join(with_checksum(small(line)) for line in (ONE, TWO)),
    "missing_checksum": f"{ONE[:68]}\n{TWO[:68]}",
    "lowercase_class": BASE.replace("25544U", "25544u"),
    "plus_signs": (
        "1 43125U 18004Q   18251.42128650 +.00001666 +00000-0 +73564-4 0  9991\n"
        "2 43125 097.5269 314.3317 0010735 157.6344 202.5362 15.23132245036381"
    ),
    "zero_padded_angles": (
        "1 43125U 18004Q   18251.42128650 +.00001666 +00000-0 +73564-4 0  9991\n"
        "2 43125 097.5269 314.3317 0010735 157.6344 202.5362 15.23132245036381"
    ),
    "blank_epoch_day_pad": "\n".join(
        (with_checksum(ONE.replace("18184.80969102", "26  5.12345678")), TWO)
    ),
}


@pytest.mark.parametrize("kind", MUST_ACCEPT)
def test_accepts(kind):
    found = read_elements(MUST_ACCEPT[kind])
    assert found.errors == []
    assert len(found.elements) == 1
    assert bool(found.warnings) == (kind == "missing_checksum")


def test_what_is_read():
    item = parse_elements("0 ISS (ZARYA)\n" + BASE, source="x")[0]
    assert (item.name, item.norad, item.object_id) == ("ISS (ZARYA)", 25544, "1998-067A")
    assert item.epoch.isoformat() == "2018-07-03T19:25:57.304128+00:00"
    assert item.bstar_per_earth_radius == 0.31745e-4
    assert item.eccentricity == 0.0003435
    assert item.mean_motion_rev_day == 15.54005638
    assert item.revolution_at_epoch == 12110
    assert item.source == "x"


@pytest.mark.parametrize(("year", "full"), [("57", 1957), ("99", 1999), ("00", 2000), ("56", 2056)])
def test_epoch_year_rule(year, full):
    text = f"{with_checksum(ONE.replace(' 18184', f' {year}184'))}\n{TWO}"
    assert parse_elements(text)[0].epoch.year == full


def test_a_broken_set_does_not_hide_the_others():
    bad = BASE.replace("295.8524", "295.8525")
    found = read_elements(f"FIRST\n{BASE}BROKEN\n{bad}THIRD\n{BASE}", source="three.tle")
    assert [item.name for item in found.elements] == ["FIRST", "THIRD"]
    assert str(found.errors[0]).startswith("three.tle:6: the checksum is '6'")


def test_a_name_may_begin_like_a_line():
    assert parse_elements("1 KUNS-PF\n" + BASE)[0].name == "1 KUNS-PF"


def test_alpha5():
    facts = load("alpha5_omm.json")
    for text, norad in facts["alpha5"]:
        assert alpha5_to_norad(text) == (5 if isinstance(norad, str) else norad)
    for text, norad in facts["alpha5"][2:]:
        assert norad_to_alpha5(norad) == text
    for text in facts["alpha5_reject"]:
        with pytest.raises(ElementsError):
            alpha5_to_norad(text)
    for norad in facts["encode_reject"]:
        with pytest.raises(ElementsError):
            norad_to_alpha5(norad)


def test_written_lines_are_the_ones_that_were_read():
    same = 0
    for case in cases("passes_consensus.json"):
        lines = to_tle_lines(parse_elements("\n".join(case["tle"]))[0])
        # "00000+0" and "00000-0" both write zero: their checksums differ.
        expected = [line.replace("00000+0", "00000-0")[:68] for line in case["tle"]]
        assert [line[:68] for line in lines] == expected
        assert all(line[68] == str(checksum(line)) for line in lines)
        same += 1
    assert same > 10


def test_nine_digits_do_not_fit_into_a_tle():
    item = parse_elements(BASE)[0]
    with pytest.raises(ElementsError, match="799501299"):
        to_tle_lines(type(item)(**{**as_dict(item), "norad": 799501299}))


def as_dict(item):
    return {name: getattr(item, name) for name in item.__dataclass_fields__}
