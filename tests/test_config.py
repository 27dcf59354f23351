"""station.toml: defaults, every key, and one clear sentence for each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundstation.config import (
    AlarmsConfig,
    Config,
    DashboardConfig,
    HooksConfig,
    LinkConfig,
    NotifyConfig,
    SatelliteConfig,
    StorageConfig,
    TrackingConfig,
    load_config,
)
from groundstation.errors import ConfigError
from groundstation.model import Site

SITE = "[site]\nlatitude_deg = 42.5\nlongitude_deg = 72.2\n"


def load(folder: Path, text: str) -> Config:
    path = folder / "station.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def test_only_the_place_is_needed(tmp_path: Path) -> None:
    assert load(tmp_path, SITE) == Config(site=Site("Ground station", 42.5, 72.2, 0.0))


def test_every_key(tmp_path: Path) -> None:
    (tmp_path / "horizon.csv").write_text("0,5\n")
    config = load(
        tmp_path,
        """
        [site]
        name = "Мектеп 5, Талас"
        latitude_deg = 42.52
        longitude_deg = 72
        altitude_m = 1200
        min_elevation_deg = 10
        horizon = "horizon.csv"
        timezone = "Asia/Bishkek"
        [[links]]
        name = "tnc"
        url = "/dev/ttyUSB0?baud=9600"
        framing = "kiss"
        satellite = "quetzal-1"
        simulated = true
        options = { max_frame = 512 }
        [[links]]
        url = "tcp://127.0.0.1"
        [[satellites]]
        id = "quetzal-1"
        priority = 2
        [[satellites]]
        id = 25544
        frequency_hz = 145_825_000
        [storage]
        kind = "influx"
        url = "http://10.0.0.2:8086"
        bucket = "sat"
        org = "school"
        token_env = "INFLUX_TOKEN"
        [dashboard]
        host = "0.0.0.0"
        port = 8081
        language = "ky"
        [tracking]
        rotator = "127.0.0.1:4533"
        mount = "0-450"
        rig = "localhost:4532"
        azimuth_rate_deg_s = 6
        elevation_rate_deg_s = 3
        mode = "PKTUSB"
        passband_hz = 15000
        offset_hz = -120
        gap_s = 90
        [notify]
        urls_env = "GROUNDSTATION_NOTIFY"
        minutes_before = 15
        min_elevation_deg = 20
        language = "ru"
        [alarms]
        count = 3
        back = 4
        gap_minutes = 10
        missing_frames = 80
        silent_passes = 5
        silent_min_elevation_deg = 25
        fault_s = 90
        notify = "warning"
        [hooks]
        program = ["/home/pi/on-event.py", "--quiet"]
        timeout_s = 10
        """,
    )
    assert config == Config(
        site=Site("Мектеп 5, Талас", 42.52, 72.0, 1200.0),
        min_elevation_deg=10.0,
        horizon=tmp_path / "horizon.csv",
        timezone="Asia/Bishkek",
        links=(
            LinkConfig(
                "tnc", "/dev/ttyUSB0?baud=9600", "kiss", "quetzal-1", True, {"max_frame": 512}
            ),
            LinkConfig("link-2", "tcp://127.0.0.1"),
        ),
        satellites=(SatelliteConfig("quetzal-1", 2), SatelliteConfig("25544", 1, 145_825_000)),
        storage=StorageConfig("influx", "http://10.0.0.2:8086", "sat", "school", "INFLUX_TOKEN"),
        dashboard=DashboardConfig("0.0.0.0", 8081, "ky"),
        tracking=TrackingConfig(
            *("127.0.0.1:4533", "0-450", "localhost:4532", 6.0, 3.0, "PKTUSB", 15000, -120.0, 90.0)
        ),
        notify=NotifyConfig("GROUNDSTATION_NOTIFY", 15.0, 20.0, "ru"),
        alarms=AlarmsConfig(3, 4, 10.0, 80, 5, 25.0, 90.0, "warning"),
        hooks=HooksConfig(("/home/pi/on-event.py", "--quiet"), 10.0),
    )


LINK = '[[links]]\nurl = "COM3"\n'
MISTAKES = {
    "nobody counts to none": (
        SITE + "[alarms]\ncount = 0\n",
        ":5: alarms.count: 0 is not a whole number from 1 to 1000",
    ),
    "told at what": (
        SITE + '[alarms]\nnotify = "always"\n',
        ":5: alarms.notify: 'always' is not known; allowed: critical, never, warning",
    ),
    "a program somewhere": (
        SITE + '[hooks]\nprogram = "on-event.py"\n',
        ":5: hooks.program: 'on-event.py' is not a whole path such as '/home/pi/on-event.py'",
    ),
    "no site": ("", ": site: the key 'latitude_deg' is missing"),
    "swapped place": (
        "[site]\nlatitude_deg = 142.5\nlongitude_deg = 42.5\n",
        ":2: site.latitude_deg: 142.5 is not a number from -90 to 90",
    ),
    "number in quotes": (
        '[site]\nlatitude_deg = "42.5"\nlongitude_deg = 42.5\n',
        ":2: site.latitude_deg: '42.5' is not a number",
    ),
    "not a number": (
        "[site]\nlatitude_deg = nan\nlongitude_deg = 42.5\n",
        ":2: site.latitude_deg: nan is not a number from -90 to 90",
    ),
    "altitude in feet": (
        SITE + "altitude_m = 29000\n",
        ":4: site.altitude_m: 29000 is not a number from -500 to 9000",
    ),
    "misspelt key": (
        SITE + "altitud_m = 3\n",
        ":4: site.altitud_m: unknown key; did you mean 'altitude_m'?",
    ),
    "misspelt table": (SITE + "[dashbord]\n", ":4: dashbord: unknown key; did you mean "),
    "strange key": (
        SITE + "[dashboard]\ncolour = 1\n",
        ":5: dashboard.colour: unknown key; allowed: host, hosts, language, port",
    ),
    "not TOML": (SITE + "name = School\n", ":4: not valid TOML: Invalid value"),
    "one link, not an array": (
        SITE + '[links]\nurl = "COM3"\n',
        ":4: links: must be a list of tables, each written [[links]]",
    ),
    "key in the second link": (
        SITE + LINK + LINK + "baud = 9600\n",
        ":8: links.1.baud: unknown key; allowed: ",
    ),
    "link without url": (
        SITE + '[[links]]\nname = "tnc"\n',
        ":4: links.tnc: the key 'url' is missing",
    ),
    "a link's address without slashes": (
        SITE + '[[links]]\nname = "tnc"\nurl = "tcp:/radio:8001"\n',
        ":6: links.tnc.url: tcp:/radio:8001: two slashes are missing; write tcp://radio:8001",
    ),
    "a link's empty address": (
        SITE + '[[links]]\nurl = ""\n',
        ":5: links.0.url: (empty): expected a device or an address, such as /dev/ttyUSB0",
    ),
    "a setting of a link's address": (
        SITE + '[[links]]\nurl = "/dev/ttyUSB0?baut=9600"\n',
        ":5: links.0.url: /dev/ttyUSB0?baut=9600: unknown setting 'baut': did you mean 'baud'?",
    ),
    "two links of one name": (
        SITE + (LINK + 'name = "a"\n') * 2,
        ":9: links.a.name: 'a': each link needs a name of its own",
    ),
    "unknown framing": (
        SITE + LINK + 'framing = "kis"\n',
        ":6: links.0.framing: 'kis' is not known; did you mean 'kiss'?",
    ),
    "unknown framing option": (
        SITE + LINK + "options = { size = 3 }\n",
        ":6: links.0.options: framing 'kiss' has no option 'size'",
    ),
    "storage kind": (
        SITE + '[storage]\nkind = "influxdb"\n',
        ":5: storage.kind: 'influxdb' is not known; did you mean 'influx'?",
    ),
    "the token itself": (
        SITE + '[storage]\ntoken_env = "abc-123=="\n',
        ":5: storage.token_env: 'abc-123==' is not the name of an environment variable",
    ),
    "storage url": (
        SITE + '[storage]\nurl = "127.0.0.1:8086"\n',
        ":5: storage.url: '127.0.0.1:8086' is not an address such as",
    ),
    "port": (
        SITE + "[dashboard]\nport = 80800\n",
        ":5: dashboard.port: 80800 is not a whole number from 1 to 65535",
    ),
    "language": (
        SITE + '[dashboard]\nlanguage = "kg"\n',
        ":5: dashboard.language: 'kg' is not known; ",
    ),
    "time zone": (
        SITE + 'timezone = "Asia/Bishkec"\n',
        ":4: site.timezone: 'Asia/Bishkec' is not the name of a time zone such as 'Asia/Bishkek'",
    ),
    "horizon": (SITE + 'horizon = "hills.csv"\n', ":4: site.horizon: 'hills.csv': there is"),
    "rotator": (
        SITE + '[tracking]\nrotator = "4533"\n',
        ":5: tracking.rotator: '4533' is not host:port such as '127.0.0.1:4533'",
    ),
    "mount": (
        SITE + '[tracking]\nmount = "0-90"\n',
        ":5: tracking.mount: the mount '0-90' must span at least a whole turn",
    ),
    "a frequency in MHz": (
        SITE + '[[satellites]]\nid = "ISS"\nfrequency_hz = 145.825\n',
        ":6: satellites.0.frequency_hz: 145.825 is no frequency of a radio in Hz; 145.825 MHz is",
    ),
    "a satellite without a name": (
        SITE + '[[satellites]]\nid = " "\n',
        ":5: satellites.0.id: it is empty: write an id, a NORAD number or a name",
    ),
    "mode": (
        SITE + '[tracking]\nmode = "FM 0"\n',
        ":5: tracking.mode: 'FM 0' is not the name of a mode such as 'FM'",
    ),
    "the address itself": (
        SITE + '[notify]\nurls_env = "tgram://1:abc/2"\n',
        ":5: notify.urls_env: 'tgram://1:abc/2' is not the name of an environment",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_sentence_with_its_place(tmp_path: Path, name: str) -> None:
    text, expected = MISTAKES[name]
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'station.toml'}{expected}")
    others = 1 if name == "no site" else 0
    assert str(caught.value).count("\n") == others


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(
            tmp_path,
            "[site]\nlatitude_deg = 142\ntimezone = 1\n"
            '[[links]]\nurl = "COM3:9600"\nframin = "kiss"\n'
            '[storage]\nkind = "influxdb"\n[dashboard]\nport = 0\n',
        )
    lines = str(caught.value).replace(f"{tmp_path}/", "").split("\n")
    assert [line.partition(": ")[0] for line in lines] == [
        "station.toml:1",
        "station.toml:2",
        "station.toml:3",
        "station.toml:5",
        "station.toml:6",
        "station.toml:8",
        "station.toml:10",
    ]


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"station\.toml was not found; write one"):
        load_config(tmp_path / "station.toml")
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_config(tmp_path)


def test_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_bytes('[site]\nname = "Мектеп"\n'.encode("cp1251"))
    with pytest.raises(ConfigError, match=r"station\.toml is not UTF-8 text; save it as UTF-8"):
        load_config(path)


def test_saved_by_a_windows_editor(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SITE.replace("\n", "\r\n").encode())
    assert load_config(path).site.latitude_deg == 42.5
