"""The calendar: what RFC 5545 demands, and what a phone does with it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from groundstation.model import Site
from groundstation.orbit.calendar import fold, to_ical
from groundstation.orbit.passes import find_passes
from groundstation.orbit.revolution import revolution_of_month
from groundstation.words.language import in_language
from tests.orbit.truth import BISHKEK, cases, elements_of, when

ISS = elements_of(cases("passes_consensus.json")[0])
START = when("2026-08-22T06:00:00Z")
WINDOW = (START, START + timedelta(days=2))
MADE = datetime(2026, 8, 22, 5, tzinfo=UTC)


def events_of(text):
    """Unfolded lines of each event; of two of one name (the alarm's) the first."""
    lines = text.replace("\r\n ", "").split("\r\n")
    events = "\n".join(lines).split("BEGIN:VEVENT\n")[1:]
    rows = [[line.partition(":")[::2] for line in event.splitlines()] for event in events]
    return [dict(reversed(pairs)) for pairs in rows]


def calendar(item=ISS, site=BISHKEK, **options):
    found = find_passes(item, site, *WINDOW)
    orbits = {n: revolution_of_month(item, one.tca) for n, one in enumerate(found)}
    return to_ical(found, site, made=MADE, window=WINDOW, orbits=orbits, **options)


def test_form():
    text = calendar(site=Site("Мектеп №5, Талас; жогорку класс", 42.52, 72.24, 1200))
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no letter is torn
    assert "Мектеп №5\\, Талас\\; жогорку класс" in text.replace("\r\n ", "")


def test_times_are_the_truth():
    events = events_of(calendar())
    expected = cases("passes_consensus.json")[0]["expected_passes"]
    assert len(events) == len(expected)
    for event, fact in zip(events, expected, strict=True):
        begin = datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        assert abs((begin - when(fact["aos"])).total_seconds()) <= 1.1
        assert event["DTSTAMP"] == "20260822T050000Z"
        assert event["TRIGGER"] == "-PT10M"


def test_uids_are_unique_and_survive_newer_elements():
    from dataclasses import replace

    old = [event["UID"] for event in events_of(calendar())]
    assert len(set(old)) == len(old)
    moved = replace(ISS, mean_anomaly_deg=ISS.mean_anomaly_deg + 0.5)  # eight seconds
    new = events_of(calendar(moved, sequence=7))
    assert [event["UID"] for event in new] == old
    assert {event["SEQUENCE"] for event in new} == {"7"}
    assert new[0]["DTSTART"] != events_of(calendar())[0]["DTSTART"]


def test_uids_do_not_hang_on_the_number_that_elements_carry():
    from dataclasses import replace

    old = [event["UID"] for event in events_of(calendar())]
    for number in (0, 3, 99_999):
        other = calendar(replace(ISS, revolution_at_epoch=number))
        assert [event["UID"] for event in events_of(other)] == old


def test_without_alarm_and_with_open_ends():
    start = when("2026-08-22T21:30:00Z")
    window = (start, start + timedelta(minutes=2))
    found = find_passes(ISS, BISHKEK, *window)
    (event,) = events_of(to_ical(found, BISHKEK, made=MADE, window=window, alarm_min=None))
    assert event["DTSTART"] == "20260822T213000Z"
    assert event["DTEND"] == "20260822T213200Z"
    assert "TRIGGER" not in event
    assert "look" not in event["DESCRIPTION"]


def test_pieces_of_one_passage_differ():
    found = find_passes(ISS, BISHKEK, *WINDOW)[:1] * 2
    uids = [e["UID"] for e in events_of(to_ical(found, BISHKEK, made=MADE, window=WINDOW))]
    assert uids[1] == uids[0].replace("@", "-2@")


@pytest.mark.parametrize("text", ["a" * 200, "ё" * 100, "€" * 99, "😀" * 60, "", "a" * 75])
def test_folding_can_be_undone(text):
    folded = fold(text)
    assert folded.replace("\r\n ", "") == text
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_description_in_local_words_and_time(language):
    text = calendar(words=in_language(language), zone=ZoneInfo("Asia/Bishkek"))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    event = events_of(text)[0]
    words = {"ru": "В 03:28 смотрите на юго-запад.", "ky": "03:28: түштүк-батышты караңыз."}
    assert event["DESCRIPTION"].startswith(words[language])
    assert event["DTSTART"] == "20260822T212859Z"
