"""A software modem: samples of audio or of a radio in, frames out; numpy alone.

:func:`mode_of` says how a downlink modulates, :class:`AudioReceiver` hears its frames
(:class:`SharedReceiver` those of several framings), :class:`Demodulator` gives soft symbols. No I/O
and no clock: times are sample indexes.
"""

from decoders.modem.mode import Mode, mode_of
from decoders.modem.quality import Quality
from decoders.modem.receiver import AudioReceiver, Demodulator, Heard, SharedReceiver

__all__ = [
    "AudioReceiver",
    "Demodulator",
    "Heard",
    "Mode",
    "Quality",
    "SharedReceiver",
    "mode_of",
]
