"""Which modes and framings the off-air recordings hold that the benchmark reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from decoders.modem import Mode

Way = tuple[Mode, str, Mapping[str, Any]]


def _fsk(baud: float, deviation_hz: float | None = None) -> Mode:
    return Mode("fsk", baud, deviation_hz)


def _bpsk(baud: float) -> Mode:
    return Mode("bpsk", baud, None, 1500.0 if baud <= 2400 else 12000.0)


_U482C = Mode("afsk", 4800.0, -1200.0, 3600.0)
_G3RUH = "hdlc-g3ruh"
RECORDINGS: dict[str, list[Way]] = {
    "aalto1": [(_fsk(9600, 3000), _G3RUH, {})],
    "tigrisat": [(_fsk(9600, 2400), _G3RUH, {})],
    "koyo": [(_fsk(9600, 2400), _G3RUH, {})],
    "irazu": [(_fsk(9600), _G3RUH, {})],
    "us01": [(_fsk(9600), _G3RUH, {})],
    "quetzal1": [(_fsk(4800), _G3RUH, {})],
    "upmsat_2": [(_fsk(1200, 600), "hdlc", {})],
    "ao27": [(Mode("afsk", 1240.0, 500.0, 1700.0), "hdlc", {})],
    "picsat_9k6": [(_bpsk(9600), _G3RUH, {})],
    "entrysat": [(_bpsk(9600), _G3RUH, {})],
    "kr01": [(_bpsk(1200), _G3RUH, {})],
    "pwsat2": [(_bpsk(9600), _G3RUH, {}), (_bpsk(1200), _G3RUH, {})],
    "itasat1": [(_bpsk(1200), "hdlc", {})],
    "delphini1": [(_fsk(9600), "ax100-golay", {})],
    "innosat_2": [(_fsk(4800), "ax100-golay", {})],
    "spooqy_1": [(_fsk(9600), "ax100-golay", {}), (_fsk(4800), "ax100-golay", {})],
    "vzlusat2": [(_fsk(9600), "ax100-golay", {}), (_fsk(4800, 1600), "ax100-golay", {})],
    "1kuns_pf": [(_fsk(9600), "ax100-golay", {}), (_fsk(1200), "ax100-golay", {})],
    "gomx_3": [(_fsk(19200), "ax100-rs", {})],
    "ca03_9k6": [(_fsk(9600), "ax100-rs", {})],
    "tw_1c": [(_fsk(4800), "ax100-rs", {})],
    "athenoxat_1": [(_U482C, "u482c", {})],
    "au02": [(_U482C, "u482c", {})],
    "cz02": [(_U482C, "u482c", {})],
    "dsat": [(_U482C, "u482c", {})],
    "gomx_1": [(_U482C, "u482c", {})],
    "by701": [
        (
            _bpsk(9600),
            "ccsds-concatenated",
            {"basis": "conventional", "size": 114, "precoding": "differential"},
        )
    ],
    "trisat": [
        (
            _fsk(9766),
            "ccsds-concatenated",
            {"basis": "dual", "size": 223, "convolutional": "/133,171"},
        )
    ],
    "astrocast_9k6": [
        (_fsk(9600, 4800), "ccsds-rs", {"basis": "dual", "interleave": 5, "size": 1115})
    ],
    "beesat_9": [(_fsk(4800, 1800), "mobitex-nx", {})],
    "ao73": [(Mode("dbpsk", 1200.0, None, 1500.0), "ao40", {})],
    "smog_p": [
        (_fsk(1250.0), "ao40-short", {}),
        (_fsk(1250.0), "ao40", {}),
        (_fsk(1250.0), "smog-signalling", {}),
        (_fsk(5000.0), "ao40-short", {}),
        (_fsk(5000.0), "ao40", {}),
        (_fsk(5000.0), "smog-signalling", {}),
    ],
    "snet_a": [(Mode("afsk", 1200.0, -600.0, 1500.0), "snet", {})],
    "lucky_7": [(_fsk(4800, 4800), "si446x", {})],
    "reaktor_hello_world": [(_fsk(9600), "reaktor", {})],
    "sat_3cat_1": [(_fsk(9600), "cc1101", {})],
    "aausat_4": [(_fsk(9600), "aausat4", {}), (_fsk(2400), "aausat4", {})],
    "ua01": [(_bpsk(9600), "ua01", {}), (_fsk(9600), "ua01", {})],
    "at03": [(_fsk(9600), "tt64", {})],
    "atl_1": [(_fsk(1250), "smog-ra", {"size": 128}), (_fsk(1250), "smog-signalling", {})],
    "sokrat": [(_fsk(4800), "mobitex", {})],
    "floripasat_1": [(_fsk(1200), "ngham", {}), (_fsk(2400), "ngham", {})],
    "fossasat2": [(_fsk(9600), "sx126x", {})],
}
