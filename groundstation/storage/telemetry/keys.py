"""Keys of packets: which reception each came by, and which of its packets it is.

A reception may bring many packets. Its own, the first that its frame holds, has the number OWN;
those behind it in the frame have higher ones, those that began in earlier frames and end in this
one lower ones. So the order of keys is the order in which the packets were sent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from decoders.packets import MOST_PACKETS

_BITS = 10
#: The packet that a frame itself is.
OWN = 256
#: One more than the highest number of a packet of one reception.
_NUMBERS = 1 << _BITS
assert OWN + MOST_PACKETS < _NUMBERS

#: Whether a key in a table ``t0`` is of one of some receptions, given as JSON.
OF_SEQS = (
    f"t0.key IN (SELECT t.key FROM json_each(?) s CROSS JOIN {{table}} t"
    f" WHERE t.key >= s.value << {_BITS} AND t.key < s.value + 1 << {_BITS})"
)
#: Whether a key is one of those given as JSON.
OF_KEYS = "t0.key IN (SELECT value FROM json_each(?))"


def key_of(seq: int, number: int = OWN) -> int:
    """The key of packet ``number`` of the reception ``seq``."""
    return seq << _BITS | number


def first_key(seq: int) -> int:
    """The lowest key of a packet of the reception ``seq``."""
    return seq << _BITS


def seq_of(key: int) -> int:
    """The reception that a packet came by."""
    return key >> _BITS


def number_of(key: int) -> int:
    """Which of the reception's packets it is."""
    return key & _NUMBERS - 1


def own_keys(seqs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The keys of the packets that these receptions themselves are."""
    return seqs << _BITS | OWN


def seqs_of(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The receptions that packets came by."""
    return keys >> _BITS


def joined_key(seq: int, place: int) -> int:
    """The key of a packet that ends with the reception ``seq``; ``place``: which of those."""
    return key_of(seq, min(place, OWN - 1))


def further_key(seq: int, place: int) -> int:
    """The key of a packet behind the own one of ``seq``; ``place``: which of those, from 0."""
    return key_of(seq, OWN + 1 + place)
