"""Framings by name, as a definition, ``station.toml`` and ``groundstation deframe`` call them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from decoders.errors import DefinitionError
from decoders.frame import Deframed, Deframer
from decoders.framing import ccsds as tm
from decoders.framing.aausat4 import aausat4
from decoders.framing.ao40 import ao40, ao40_short
from decoders.framing.ax5043 import ax5043
from decoders.framing.bytewise import CobsDeframer, LengthDeframer, LinesDeframer
from decoders.framing.cheap_radios import (
    cc1101,
    geoscan,
    reaktor,
    sanosat,
    si446x,
    smog_signalling,
    sx126x,
    syncword,
    tt64,
)
from decoders.framing.equisat import equisat
from decoders.framing.fx25 import astrocast_fx25, fx25
from decoders.framing.golay_radios import ax100_golay, ax100_rs, u482c
from decoders.framing.hdlc import hdlc, hdlc_g3ruh, opssat, ua01
from decoders.framing.il2p import il2p
from decoders.framing.kiss import KissDeframer, SlipDeframer
from decoders.framing.mobitex import mobitex, mobitex_nx
from decoders.framing.ngham import ngham
from decoders.framing.openlst import openlst
from decoders.framing.smog_ra import smog_ra
from decoders.framing.snet import snet
from decoders.framing.space_packets import SpacePacketDeframer
from decoders.framing.usp import usp
from decoders.suggest import nearest
from decoders.symbols import Symbols


class BlockDeframer(Deframer, Protocol):
    """A deframer that also takes one coded block by itself."""

    def decode_block(self, data: bytes) -> list[Deframed]:
        """What one block after its sync word gives."""
        ...


class BitDeframer(BlockDeframer, Protocol):
    """A deframer of bits: packed hard bits as bytes, or soft symbols as an array."""

    def feed(self, data: bytes | Symbols) -> list[Deframed]:
        """Take the next bits of the stream and return what is complete by now, in order."""
        ...


_D = TypeVar("_D", bound=BlockDeframer)

#: Name -> class or function whose keyword arguments are the framing's options.
BYTE_FRAMINGS: dict[str, Callable[..., BlockDeframer]] = {
    "kiss": KissDeframer,
    "slip": SlipDeframer,
    "cobs": CobsDeframer,
    "length": LengthDeframer,
    "lines": LinesDeframer,
    "space-packets": SpacePacketDeframer,
}
BIT_FRAMINGS: dict[str, Callable[..., BitDeframer]] = {
    "hdlc": hdlc,
    "hdlc-g3ruh": hdlc_g3ruh,
    "ua01": ua01,
    "opssat": opssat,
    "ax100-golay": ax100_golay,
    "ax100-rs": ax100_rs,
    "u482c": u482c,
    "usp": usp,
    "geoscan": geoscan,
    "mobitex": mobitex,
    "mobitex-nx": mobitex_nx,
    "ccsds": tm.ccsds,
    "ccsds-rs": tm.ccsds_rs,
    "ccsds-concatenated": tm.ccsds_concatenated,
    "ao40": ao40,
    "ao40-short": ao40_short,
    "aausat4": aausat4,
    "snet": snet,
    "ax5043": ax5043,
    "smog-ra": smog_ra,
    "smog-signalling": smog_signalling,
    "reaktor": reaktor,
    "cc1101": cc1101,
    "sx126x": sx126x,
    "si446x": si446x,
    "sanosat": sanosat,
    "fx25": fx25,
    "astrocast-fx25": astrocast_fx25,
    "il2p": il2p,
    "ngham": ngham,
    "openlst": openlst,
    "tt64": tt64,
    "syncword": syncword,
    "equisat": equisat,
}
FRAMINGS: dict[str, Callable[..., BlockDeframer]] = {**BYTE_FRAMINGS, **BIT_FRAMINGS}


def deframer(name: str, options: Mapping[str, Any] | None = None) -> BlockDeframer:
    """A new deframer; raises DefinitionError for an unknown name or option."""
    if name not in FRAMINGS:
        raise DefinitionError(f"there is no framing {name!r}; {nearest(name, FRAMINGS)}")
    return _make(name, FRAMINGS[name], options or {})


def bit_deframer(name: str, options: Mapping[str, Any] | None = None) -> BitDeframer:
    """As :func:`deframer`, for bits and soft symbols; also refuses framings of bytes."""
    if name in BYTE_FRAMINGS:
        raise DefinitionError(f"{name!r} is a framing of bytes, not of bits")
    if name not in BIT_FRAMINGS:
        raise DefinitionError(f"there is no framing {name!r}; {nearest(name, BIT_FRAMINGS)}")
    return _make(name, BIT_FRAMINGS[name], options or {})


def _make(name: str, make: Callable[..., _D], options: Mapping[str, Any]) -> _D:
    known = inspect.signature(make).parameters
    for option in options:
        if option not in known:
            raise DefinitionError(
                f"framing {name!r} has no option {option!r}; {nearest(option, known)}"
            )
    for option, parameter in known.items():
        if option not in options and parameter.default is inspect.Parameter.empty:
            raise DefinitionError(f"framing {name!r} needs the option {option!r}")
    try:
        return make(**options)
    except (TypeError, ValueError) as error:
        raise DefinitionError(f"framing {name!r} does not take these options: {error}") from error
