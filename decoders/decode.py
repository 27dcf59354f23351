"""From a frame to values: the one way, for the station, the command line and the dashboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from decoders.batch import batch
from decoders.definition.model import Satellite
from decoders.identify import Identifier
from decoders.joining import PacketJoiner
from decoders.packets import Packet, decoded, further
from decoders.peeler import Peeler
from decoders.sketch import Sketch, sketch
from decoders.value import Decoded, LayerHeader
from decoders.verdicts import Batch


class Decoder:
    """Decodes frames of known satellites, and tells whose an unnamed frame is.

    Compiled once; safe to use from several threads as long as each frame is decoded by one.
    """

    def __init__(self, satellites: Iterable[Satellite]):
        known = {satellite.id: satellite for satellite in satellites}
        self._identifier = Identifier(map(sketch, known.values()), known.__getitem__)

    @classmethod
    def lazily(cls, sketches: Iterable[Sketch], load: Callable[[str], Satellite]) -> Decoder:
        """A decoder that has a definition loaded when a frame of its satellite comes first."""
        decoder = cls(())
        decoder._identifier = Identifier(sketches, load)
        return decoder

    def decode(
        self,
        frame: bytes,
        satellite: str | None = None,
        received_us: int | None = None,
        supposed: str | None = None,
        *,
        values: bool = True,
    ) -> Decoded:
        """Decode ``frame`` of ``satellite`` (an id), or identify the sender first.

        ``received_us``: microseconds since 1970 UTC, for layouts that were valid in their time.
        ``supposed``: who may well have sent it; taken where the evidence names nobody and this
        satellite is among the candidates. ``values`` False: all but the values. Never raises for a
        bad frame or an unknown id: its ``error`` says what is wrong.
        """
        peeler = Peeler(frame, received_us)
        found = self._identifier.identify(peeler, satellite, supposed)
        return decoded(frame, found, values=values)

    def headers(self, frame: bytes) -> tuple[LayerHeader, ...]:
        """The headers of a frame that is nobody's, as :meth:`decode` gives them."""
        inside = self._identifier.heard(Peeler(frame))
        return inside.headers if inside else ()

    def carries(self, satellite: str) -> bool:
        """Whether a frame of ``satellite`` may hold several packets, or parts of some."""
        known = self._identifier.known.get(satellite)
        return known is not None and known.carries

    def further(self, frame: bytes, satellite: str, received_us: int | None = None) -> list[Packet]:
        """The packets of a satellite's frame behind its own, which :meth:`decode` gives."""
        peeler = Peeler(frame, received_us)
        return further(self._identifier, peeler, self._identifier.identify(peeler, satellite))

    def joiner(self) -> PacketJoiner:
        """What joins the pieces of packets that frames bring in order."""
        return PacketJoiner(self._identifier)

    def batch(
        self,
        frames: Sequence[bytes],
        satellites: Sequence[str | None] | None = None,
        received_us: Sequence[int | None] | None = None,
        supposed: Sequence[str | None] | None = None,
    ) -> Batch:
        """What each of ``frames`` is, and the values of those that are sound in columns.

        Equal to :meth:`decode` of each, whose other arguments come as one entry a frame (None:
        none for any). Never raises for bad frames.
        """
        return batch(self._identifier, frames, satellites, received_us, supposed)
