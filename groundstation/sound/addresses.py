"""Addresses of links that bring sound or IQ; :mod:`groundstation.link_url` reads them all."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, TypeVar
from urllib.parse import parse_qsl, urlsplit

from decoders.suggest import nearest
from groundstation.errors import LinkUrlError, SoundError
from groundstation.link_slips import no_file
from groundstation.sound.recording import Told
from groundstation.sound.stream import FORMATS, RATES_HZ, Sound

#: Where Gqrx sends its audio, and how: 16 bits, 48000 a second, one channel.
GQRX_PORT = 7355
#: Where rtl_tcp listens; the rates that an RTL2832 gives without loss, and one of which 48000 is
#: a fifth: enough for every downlink and its Doppler.
RTL_TCP_PORT = 1234
RTL_RATES_HZ = ((225_001, 300_000), (900_001, 3_200_000))
RTL_RATE_HZ = 240_000
_YES, _NO = ("1", "on", "yes", "true"), ("0", "off", "no", "false")


@dataclass(frozen=True, slots=True)
class SoundFileAddress:
    """A recording; ``speed``: how many times as fast as it was, None: at once."""

    path: Path
    told: Told = field(default_factory=Told)
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class StdinAddress:
    """Raw samples on standard input."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class UdpAddress:
    """Raw samples that somebody sends to this computer; ``host`` empty: to any of its addresses."""

    host: str
    port: int
    sound: Sound


@dataclass(frozen=True, slots=True)
class SoundCardAddress:
    """A sound card's input; ``device``: a number or a part of its name, empty: the usual one."""

    device: str
    sound: Sound


@dataclass(frozen=True, slots=True)
class RtlTcpAddress:
    """An RTL-SDR behind rtl_tcp.

    ``frequency_hz``: where to listen, None: where the satellite of the pass is heard. ``gain_db``
    None: automatic. ``ppm``: the error of its clock.
    """

    host: str
    port: int
    rate_hz: int
    frequency_hz: float | None = None
    gain_db: float | None = None
    ppm: int = 0


SoundAddress: TypeAlias = (
    SoundFileAddress | StdinAddress | UdpAddress | SoundCardAddress | RtlTcpAddress
)


def sound_file_address(url: str) -> SoundFileAddress:
    """``wav://pass.wav``, ``wav://satnogs_1234_2024-01-01T00-00-00.ogg?speed=1``."""
    name, settings = _parts(url, ("speed", "iq", "rate", "format", "channels"))
    if not name:
        raise LinkUrlError(f"{url}: expected a file, such as wav://recording.wav")
    path = Path(name).expanduser()
    if hint := no_file(path, ((stat.S_ISDIR, "a folder"),)):
        raise LinkUrlError(f"{url}: {hint.removesuffix(', no port')}, no recording")
    raw = _sound(url, settings, live=False) if "rate" in settings else None
    iq = _flag(url, "iq", settings["iq"]) if "iq" in settings else None
    speed = _number(url, "speed", settings, 0.01, 1e6) if "speed" in settings else None
    return SoundFileAddress(path, Told(raw, iq), speed)


def stdin_address(url: str) -> StdinAddress:
    """``stdin://?rate=48000&format=s16le``; ``iq=1`` for two channels that are I and Q."""
    name, settings = _parts(url, _RAW)
    if name:
        raise LinkUrlError(f"{url}: expected settings only, such as stdin://?rate=48000")
    return StdinAddress(_sound(url, settings))


def udp_address(url: str) -> UdpAddress:
    """``udp://:7355``: what Gqrx sends; other programs with the settings of ``stdin://``."""
    name, settings = _parts(url, _RAW)
    host, port = _place(url, name, GQRX_PORT)
    return UdpAddress(host, port, _sound(url, settings))


def sound_card_address(url: str) -> SoundCardAddress:
    """``audio://`` or ``audio://USB``, with ``?rate=48000&channels=1&highpass=20``."""
    name, settings = _parts(url, ("rate", "channels", "highpass", "scale"))
    sound = _sound(url, settings)
    return SoundCardAddress(name, sound)


def rtl_tcp_address(url: str) -> RtlTcpAddress:
    """``rtl_tcp://127.0.0.1:1234`` with ``?gain=40&ppm=1&rate=240000&frequency=437500000``."""
    name, settings = _parts(url, ("rate", "gain", "ppm", "frequency"))
    host, port = _place(url, name, RTL_TCP_PORT)
    if not host:
        raise LinkUrlError(f"{url}: expected a host, such as rtl_tcp://127.0.0.1:{RTL_TCP_PORT}")
    rate_hz = int(_number(url, "rate", {"rate": str(RTL_RATE_HZ)} | settings, 1, 1e9))
    if not any(low <= rate_hz <= high for low, high in RTL_RATES_HZ):
        raise LinkUrlError(
            f"{url}: rate={rate_hz}: an RTL-SDR gives 225001 to 300000 or 900001 to 3200000"
        )
    frequency_hz = gain_db = None
    if "frequency" in settings:
        frequency_hz = _number(url, "frequency", settings, 1e5, 1e10)
    if settings.get("gain", "auto") != "auto":
        gain_db = _number(url, "gain", settings, 0, 100)
    ppm = int(_number(url, "ppm", {"ppm": "0"} | settings, -1000, 1000))
    return RtlTcpAddress(host, port, rate_hz, frequency_hz, gain_db, ppm)


#: Scheme -> what reads the address.
SOUND_SCHEMES: Mapping[str, Callable[[str], SoundAddress]] = {
    "audio": sound_card_address,
    "rtl_tcp": rtl_tcp_address,
    "stdin": stdin_address,
    "udp": udp_address,
    "wav": sound_file_address,
}
_RAW = ("rate", "format", "channels", "iq", "highpass", "scale")


def sound_address(url: str) -> SoundAddress:
    """What ``url``, which :func:`is_sound_url`, names; raises LinkUrlError."""
    return SOUND_SCHEMES[url.partition("://")[0].lower()](url)


def is_sound_url(url: str) -> bool:
    """Whether an address is that of a link of sound."""
    return url.partition("://")[0].lower() in SOUND_SCHEMES


def _parts(url: str, known: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """What stands before the settings, and the settings; LinkUrlError for one that is not
    known."""
    name, _, query = url.partition("://")[2].partition("?")
    settings: dict[str, str] = {}
    for key, word in parse_qsl(query, keep_blank_values=True):
        if key not in known:
            raise LinkUrlError(f"{url}: unknown setting {key!r}; {nearest(key, known)}")
        if key in settings:
            raise LinkUrlError(f"{url}: {key} is set twice")
        settings[key] = word
    return name, settings


def _sound(url: str, settings: Mapping[str, str], *, live: bool = True) -> Sound:
    form = settings.get("format", "s16le")
    if form not in FORMATS:
        raise LinkUrlError(f"{url}: format={form}: {nearest(form, FORMATS)}")
    iq = _flag(url, "iq", settings.get("iq", "0"))
    given = {"rate": "48000", "channels": "2" if iq else "1", **settings}
    rate_hz = _number(url, "rate", given, *RATES_HZ)
    channels = int(_number(url, "channels", given, 1, 32))
    highpass_hz = _number(url, "highpass", given, 0, 1000) if "highpass" in given else None
    scale = _number(url, "scale", given, 1, 1e6) if "scale" in given else None
    try:
        return Sound(rate_hz, form, channels, iq, scale, highpass_hz or None, live=live)
    except SoundError as error:
        raise LinkUrlError(f"{url}: {error}") from None


_N = TypeVar("_N", int, float)


def _number(url: str, key: str, settings: Mapping[str, str], low: _N, high: _N) -> float:
    try:
        number = float(settings[key])
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        raise LinkUrlError(
            f"{url}: {key}={settings[key]}: expected a number from {low:g} to {high:g}"
        )
    return number


def _flag(url: str, key: str, word: str) -> bool:
    if word not in _YES + _NO:
        raise LinkUrlError(f"{url}: {key}={word}: expected 1 or 0")
    return word in _YES


def _place(url: str, name: str, port: int) -> tuple[str, int]:
    """A host, perhaps empty, and a port."""
    try:
        parts = urlsplit(f"//{name}")
        found = parts.hostname or "", parts.port or port
        beyond = parts.path.strip("/") or parts.fragment or "@" in name or name.endswith(":")
    except ValueError:
        beyond = "a port that is none"
    if beyond or " " in name:
        example = f"{url.partition('://')[0].lower()}://127.0.0.1:{port}"
        raise LinkUrlError(f"{url}: expected a host and a port, such as {example}")
    return found
