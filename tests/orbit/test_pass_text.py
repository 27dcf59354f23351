"""Passes as columns of text say to the last byte what they say one by one."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundstation.orbit.pass_text import COLUMNS, csv_lines, decimals, json_lines
from groundstation.orbit.passes import PassTable, find_all_passes
from tests.orbit.truth import BISHKEK, cases, elements_of, when

ISS = elements_of(cases("passes_consensus.json")[0])
START = when("2026-08-22T06:00:00.123456Z")


@pytest.fixture(scope="module")
def table() -> PassTable:
    """Low and high orbits, open ends, names that CSV and JSON have to quote."""
    names = ("plain", "with, comma", 'with "quotes"', "Ракета", "O'X")
    many = [
        replace(ISS, norad=number, name=name, raan_deg=float(number), mean_anomaly_deg=number / 7)
        for number, name in enumerate(names, 100)
    ]
    high = replace(ISS, norad=7, name="high", mean_motion_rev_day=1.0027, inclination_deg=3.0)
    old = replace(ISS, norad=8, name="old", epoch=ISS.epoch - timedelta(days=300))
    items = [*many, high, old]
    # The window begins and ends within passes of the first.
    first, *_, last = find_all_passes(items[:1], BISHKEK, START, START + timedelta(days=3))
    return find_all_passes(items, BISHKEK, first.tca, last.tca, min_elevation_deg=0).in_order()


def test_open_ends_are_among_them(table: PassTable) -> None:
    assert any(one.aos is None for one in table)
    assert any(one.los is None for one in table)
    assert len(table) > 50


def test_csv_is_what_each_pass_says(table: PassTable) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in table:
        row = one.as_json()
        row["sunlit"] = str(row["sunlit"]).lower()
        writer.writerow(row[name] for name in COLUMNS)
    assert "".join(f"{line}\n" for line in csv_lines(table)) == out.getvalue()


def test_json_is_what_each_pass_says(table: PassTable) -> None:
    one_by_one = [json.dumps(one.as_json(), ensure_ascii=False) for one in table]
    assert list(json_lines(table)) == one_by_one


def test_they_come_in_order_of_time(table: PassTable) -> None:
    keys = [(one.aos or one.tca, one.norad) for one in table]
    assert keys == sorted(keys)


def test_no_passes() -> None:
    nothing = find_all_passes([ISS], BISHKEK, START, START)
    assert list(csv_lines(nothing)) == [",".join(COLUMNS)]
    assert list(json_lines(nothing)) == []


@given(
    st.lists(st.floats(-1e12, 1e12) | st.floats(0, 360) | st.just(math.nan), min_size=1),
    st.integers(1, 4),
)
def test_decimals_are_rounded_as_python_rounds(values: list[float], digits: int) -> None:
    found = decimals(np.array(values), digits, "none")
    assert found == [
        "none" if math.isnan(value) else repr(round(value, digits)) for value in values
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(359.9996, "0.0"), (0.0005, "0.001"), (0.0015, "0.002"), (12.0, "12.0"), (0.5, "0.5")],
)
def test_azimuths_end_before_a_whole_turn(value: float, text: str) -> None:
    """0.0005 is a little more than a half as the machine has it, 0.0015 too."""
    assert repr(round(value, 3) % 360) == text
    assert decimals(np.array([value]), 3, turn=360) == [text]
