"""How a transmitter modulates, as the demodulator needs it."""

from __future__ import annotations

from dataclasses import dataclass

from decoders.definition.model import Downlink
from decoders.errors import DefinitionError

#: Name in a definition, in lower case -> what the demodulator calls it. All of constant envelope
#: without a sub-carrier are FSK: they differ in their modulation index and filter only.
_MODULATIONS = {
    "fsk": "fsk",
    "gfsk": "fsk",
    "gmsk": "fsk",
    "msk": "fsk",
    "afsk": "afsk",
    "bpsk": "bpsk",
    "dbpsk": "dbpsk",
    "4fsk": "4fsk",
}
#: Modulation index of MSK and GMSK: a quarter of the baud rate as deviation.
_MSK_INDEX = 0.5
#: Bell 202: 1 is the lower tone, 1200 Hz, and 0 is 2200 Hz.
_BELL_202 = (1700.0, -500.0)
#: GomSpace's U482C and S-NET: (sub-carrier, deviation of a 1), as gr-satellites lists them.
_SUBCARRIERS = {"u482c": (3600.0, -1200.0), "snet": (1500.0, -600.0)}
#: Where a receiver in SSB puts a BPSK signal in the audio, by its baud rate, if nobody says.
_SLOW_CARRIER_HZ, _FAST_CARRIER_HZ, _SLOW_BAUD = 1500.0, 12000.0, 2400.0


@dataclass(frozen=True, slots=True)
class Mode:
    """One kind of transmission.

    ``modulation``: fsk (also GFSK, GMSK, MSK: one carrier, its frequency moves), afsk (an audio
    sub-carrier that is frequency modulated and modulates an FM transmitter), bpsk, dbpsk (as
    bpsk, the data in the changes of phase), 4fsk (two bits a symbol).
    ``baud``: symbols a second. ``deviation_hz``: how far from its middle the frequency goes for a
    run of ones (negative: below it; 4fsk: the outer levels); None: not known, usual modulation
    indexes are tried. ``carrier_hz``: the sub-carrier of afsk, or where bpsk lies in the audio of
    an SSB receiver; None in fsk, whose audio comes from an FM receiver.
    """

    modulation: str
    baud: float
    deviation_hz: float | None = None
    carrier_hz: float | None = None

    @property
    def bits_per_symbol(self) -> int:
        """Two of 4fsk, else one."""
        return 2 if self.modulation == "4fsk" else 1

    @property
    def bit_rate(self) -> float:
        """Bits a second."""
        return self.baud * self.bits_per_symbol

    @property
    def index(self) -> float | None:
        """Modulation index: 2 x deviation / baud, always positive; None where it is not known."""
        return None if self.deviation_hz is None else abs(2 * self.deviation_hz / self.baud)


def mode_of(downlink: Downlink) -> Mode:
    """The mode of a definition's downlink; DefinitionError for what cannot be demodulated."""
    name = downlink.modulation.lower()
    if name not in _MODULATIONS:
        known = ", ".join(sorted({word.upper() for word in _MODULATIONS}))
        raise DefinitionError(
            f"downlink {downlink.name!r}: there is no demodulator for "
            f"{downlink.modulation or 'an unknown modulation'!r}, only for {known}"
        )
    if not downlink.baud:
        raise DefinitionError(f"downlink {downlink.name!r} has no baud rate")
    modulation, baud = _MODULATIONS[name], float(downlink.baud)
    deviation, carrier = downlink.deviation_hz, downlink.carrier_hz
    if modulation == "afsk":
        usual, tone = _SUBCARRIERS.get(downlink.framing, _BELL_202)
        return Mode(modulation, baud, deviation or tone, carrier or usual)
    if modulation in ("bpsk", "dbpsk"):
        usual = _SLOW_CARRIER_HZ if baud <= _SLOW_BAUD else _FAST_CARRIER_HZ
        return Mode(modulation, baud, None, carrier or usual)
    if deviation is None and "msk" in name:
        deviation = _MSK_INDEX * baud / 2
    return Mode(modulation, baud, deviation)
