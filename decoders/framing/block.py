"""What follows a sync word: the protocol of its decoders, and those that take several at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from decoders.coding.convolutional import ConvolutionalCode, Decoded
from decoders.symbols import Symbols


class Need(NamedTuple):
    """The block needs this many symbols after the sync word to go on."""

    symbols: int


@dataclass(frozen=True, slots=True)
class Block:
    """A decoded block: ``data``, or None with the ``reason``.

    ``used``: symbols after the sync word that the frame took. An empty ``reason`` without data: it
    only looked like a sync word. ``corrected``: see :class:`decoders.frame.Frame`.
    """

    data: bytes | None
    used: int
    reason: str = ""
    corrected: Mapping[str, int] = field(default_factory=dict)


def bad(reason: str, used: int = 0) -> Block:
    """A block that is no frame."""
    return Block(None, used, reason)


class BlockDecoder(Protocol):
    """Decodes what follows a sync word. ``most_symbols``: it never needs more."""

    most_symbols: int

    def decode(self, symbols: Symbols) -> Need | Block:
        """The block in the symbols after the sync word (which may go on behind it).

        Symbols that come later do not change a Block, and not before there are as many as needed a
        Need.
        """
        ...


class ManyBlocks:
    """A block decoder that takes many blocks in hardly more time than one."""

    most_symbols: int

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        return self.decode_all([symbols])[0]

    def decode_all(self, blocks: Sequence[Symbols]) -> list[Need | Block]:
        """What :meth:`decode` gives for each block."""
        raise NotImplementedError


class ViterbiBlock(ManyBlocks):
    """A block of which one stretch of symbols goes through the Viterbi decoder of ``code``."""

    code: ConvolutionalCode
    starts_at_zero, ends_at_zero = True, False

    def decode_all(self, blocks: Sequence[Symbols]) -> list[Need | Block]:
        """See the class above."""
        parts = [self.coded(symbols) for symbols in blocks]
        coded = [part for part in parts if isinstance(part, np.ndarray)]
        decoded = iter(
            self.code.decode_all(
                coded, starts_at_zero=self.starts_at_zero, ends_at_zero=self.ends_at_zero
            )
        )
        return [
            self.finish(symbols, part, next(decoded)) if isinstance(part, np.ndarray) else part
            for symbols, part in zip(blocks, parts, strict=True)
        ]

    def coded(self, symbols: Symbols) -> Need | Block | Symbols:
        """The coded stretch of a block, or why there is none."""
        raise NotImplementedError

    def finish(self, symbols: Symbols, coded: Symbols, decoded: Decoded) -> Block:
        """The block from what its coded stretch was decoded to."""
        raise NotImplementedError
