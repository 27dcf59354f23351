"""Which country lies below a place: capitals and seas, by an atlas."""

from __future__ import annotations

import pytest

from dashboard.data.countries import Below, below

#: Latitude and longitude of cities, to a tenth of a degree, as any atlas has them.
CITIES = {
    "KG": ((42.9, 74.6), (42.5, 72.2), (40.5, 72.8)),
    "KZ": ((51.1, 71.4), (43.2, 76.9), (47.1, 51.9)),
    "UZ": ((41.3, 69.2), (39.7, 67.0)),
    "TJ": ((38.6, 68.8),),
    "CN": ((39.9, 116.4), (43.8, 87.6), (29.7, 91.1)),
    "RU": ((55.8, 37.6), (55.0, 82.9), (62.0, 129.7), (66.8, 179.5), (67.0, -179.0), (54.7, 20.5)),
    "US": ((39.7, -105.0), (61.2, -149.9), (38.9, -77.0)),
    "CA": ((45.4, -75.7), (65.0, -110.0)),
    "BR": ((-15.8, -47.9),),
    "AR": ((-34.6, -58.4),),
    "ZA": ((-26.2, 28.0),),
    "LS": ((-29.6, 28.2),),
    "EG": ((30.0, 31.2),),
    "FR": ((48.9, 2.4),),
    "DE": ((52.5, 13.4),),
    "GB": ((51.5, -0.1),),
    "IN": ((28.6, 77.2),),
    "JP": ((35.7, 139.7),),
    "AU": ((-35.3, 149.1), (-25.0, 135.0)),
    "NZ": ((-41.3, 174.8),),
    "IS": ((64.1, -21.9),),
    "FJ": ((-17.8, 178.0),),
    "AQ": ((-80.0, 100.0), (-89.9, 10.0), (-90.0, 0.0)),
}
#: Far from every coast.
SEAS = (
    *(("pacific", 0.0, -150.0), ("pacific", 30.0, 180.0), ("pacific", -30.0, -120.0)),
    *(("atlantic", 30.0, -40.0), ("atlantic", -30.0, -15.0), ("indian", -30.0, 80.0)),
    *(("arctic", 89.9, 0.0), ("southern", -62.0, 20.0)),
    *(("", 42.0, 50.5), ("", 35.0, 18.0), ("", 43.0, 34.5), ("", 20.0, 38.0)),
)


@pytest.mark.parametrize(
    ("code", "place"), [(code, place) for code, places in CITIES.items() for place in places]
)
def test_a_city_is_in_its_country(code: str, place: tuple[float, float]) -> None:
    found = below(*place)
    assert code in found.countries, found
    assert found.ocean == ""


@pytest.mark.parametrize(("ocean", "latitude", "longitude"), SEAS)
def test_water_has_no_country(ocean: str, latitude: float, longitude: float) -> None:
    assert below(latitude, longitude) == Below((), sea=True, land=False, ocean=ocean)
    assert below(latitude, longitude + 360) == below(latitude, longitude)


def test_alone_where_no_border_is_near() -> None:
    assert below(48.0, 68.0) == Below(("KZ",), sea=False, land=True, ocean="")
    assert set(below(42.87, 74.57).countries) == {"KG", "KZ"}  # Bishkek lies by the border


@pytest.mark.parametrize("place", [(45.2, 34.2), (34.5, 76.5), (25.0, 121.5), (24.5, -13.5)])
def test_where_it_is_disputed_no_country_is_told(place: tuple[float, float]) -> None:
    assert below(*place).countries == ()
    assert below(*place).land
