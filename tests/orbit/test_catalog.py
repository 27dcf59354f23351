"""The elements folder: newest wins, history stays, broken files hurt nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from groundstation.elements import ElementsCatalog
from groundstation.errors import ElementsFolderError
from groundstation.naming import named
from groundstation.orbit.elements import parse_elements, to_omm_csv, to_tle_lines
from tests.orbit.truth import cases, elements_of

ISS = replace(elements_of(cases("passes_consensus.json")[0]), name="ISS (ZARYA)")


def later(days, item=ISS):
    return replace(item, epoch=item.epoch + timedelta(days=days))


def test_an_empty_folder_is_no_error(tmp_path):
    catalog = ElementsCatalog(tmp_path / "not there")
    assert catalog.all() == []
    assert catalog.for_norad(25544) is None
    assert catalog.problems == ()


def test_newest_wins_in_any_order(tmp_path):
    catalog = ElementsCatalog(tmp_path)
    assert catalog.import_text(to_omm_csv([ISS]), "first").added == 1
    assert catalog.import_text(to_omm_csv([later(2)]), "second").updated == 1
    assert catalog.import_text(to_omm_csv([later(1)]), "third").older == 1
    assert catalog.import_text(to_omm_csv([later(2)]), "again").unchanged == 1
    for one in (catalog, ElementsCatalog(tmp_path)):
        assert [item.epoch for item in one.all()] == [later(2).epoch]


def test_an_old_pass_gets_the_elements_of_its_day(tmp_path):
    catalog = ElementsCatalog(tmp_path)
    for days in (0, 20, 40, 30):
        catalog.import_text(to_omm_csv([later(days)]), "file")
    for days in (0, 20, 30, 40):
        found = ElementsCatalog(tmp_path).for_norad(25544, at=later(days).epoch + timedelta(days=3))
        assert found.epoch == later(days).epoch


def test_tle_and_omm_of_one_object_merge(tmp_path):
    catalog = ElementsCatalog(tmp_path)
    catalog.import_text("\n".join(to_tle_lines(ISS)), "x.tle")
    catalog.import_text(to_omm_csv([later(1)]), "x.csv")
    assert len(catalog.all()) == 1
    assert catalog.for_norad(25544) == replace(later(1), source="x.csv")


def test_a_file_put_into_the_folder_is_read_and_noticed(tmp_path):
    catalog = ElementsCatalog(tmp_path)
    assert catalog.all() == []
    (tmp_path / "usb-stick.tle").write_text("ISS\n" + "\n".join(to_tle_lines(ISS)))
    (tmp_path / "README").write_text("not elements")
    assert catalog.for_norad(25544).name == "ISS"
    (tmp_path / "usb-stick.tle").unlink()
    assert catalog.all() == []


def test_a_broken_file_is_named_and_the_rest_stays(tmp_path):
    catalog = ElementsCatalog(tmp_path)
    catalog.import_text(to_omm_csv([ISS]), "good")
    (tmp_path / "bad.tle").write_text("\n".join(to_tle_lines(ISS)).replace("15.4", "15.5"))
    (tmp_path / "worse.json").write_bytes(b"\xff\xfe\x00")
    assert len(catalog.all()) == 1
    first, second = catalog.problems
    assert "bad.tle:2: the checksum" in first
    assert "worse.json" in second


def test_the_good_half_of_a_text_is_kept(tmp_path):
    lines = to_omm_csv([ISS, replace(ISS, norad=2)]).splitlines()
    lines.insert(2, "only,three,cells")
    done = ElementsCatalog(tmp_path).import_text("\n".join(lines), "half.csv")
    assert done.added == 2
    assert "half.csv:3" in done.problems[0]
    assert len(ElementsCatalog(tmp_path).all()) == 2


def test_a_folder_that_cannot_be_written(tmp_path):
    blocker = tmp_path / "elements"
    blocker.write_text("a file where the folder should be")
    with pytest.raises(ElementsFolderError, match="--data"):
        ElementsCatalog(blocker).import_text(to_omm_csv([ISS]), "x")


def test_current_file_is_readable_by_people_and_programs(tmp_path):
    ElementsCatalog(tmp_path).import_text(to_omm_csv([ISS]), "x")
    text = (tmp_path / "current.csv").read_text()
    assert text.startswith("OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION")
    assert "ISS (ZARYA),1998-067A,2026-08-22T01:10:41" in text
    assert parse_elements(text)[0].norad == 25544


def test_names():
    names = ("SWISSCUBE", "ISS (NAUKA)", "ISS (ZARYA)", "ISS OBJECT YK")
    known = [replace(ISS, name=name, norad=90_000 - n) for n, name in enumerate(names)]
    # Two parts that fly as one: the first of them; what only has the word in its name is another.
    assert [item.name for item in named("iss", known)] == ["ISS (ZARYA)"]
    free = [*known[:2], replace(known[2], mean_anomaly_deg=1.0)]
    assert [item.name for item in named("iss", free)] == ["ISS (ZARYA)", "ISS (NAUKA)"]
    assert [item.name for item in named("ISS OBJECT", known)] == ["ISS OBJECT YK"]
    assert [item.name for item in named("Iss (Zarya)", known)] == ["ISS (ZARYA)"]
    assert [item.name for item in named("cube", known)] == ["SWISSCUBE"]
    assert named("noaa", known) == []
