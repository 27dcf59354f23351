"""Damaged pieces of one link: how many of them are kept, and whether it brings little else."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Damaged bytes that are kept of a link, at once and then an hour. A radio of 9600 baud that
#: brings nothing but noise brings half of that, so all of it is kept; a flood is only counted.
KEPT_BYTES = 8 * 1024 * 1024
#: What a reception takes on the disk beside its bytes, roughly.
_ROW_BYTES = 200
_HOUR_S = 3600.0
#: The bytes that a share is judged by, and the shares from which a link is mostly damaged, and
#: is not any more.
_JUDGED_BYTES = 4096
_MOSTLY, _WELL = 0.9, 0.5

MOSTLY_DAMAGED = "most of what comes is no frame; are the speed (baud) and the framing right?"


class Damage:
    """Judges what one link brings. ``kept_bytes`` None: every damaged piece is kept.

    ``left_out`` pieces of ``left_out_bytes`` in all were counted and not kept. ``mostly``: nearly
    all that came lately was damaged. ``now_s``: a clock that never jumps.
    """

    def __init__(
        self, kept_bytes: int | None = KEPT_BYTES, now_s: Callable[[], float] = time.monotonic
    ):
        self.left_out = self.left_out_bytes = 0
        self.mostly = False
        self._most = kept_bytes
        self._left = float(kept_bytes or 0)
        self._now_s = now_s
        self._looked_s = now_s()
        self._good = self._bad = 0

    def is_kept(self, size: int) -> bool:
        """Whether a damaged piece of ``size`` bytes is kept; it is counted where it is not."""
        if self._most is None:
            return True
        now_s = self._now_s()
        gained = self._most * (now_s - self._looked_s) / _HOUR_S
        self._left, self._looked_s = min(self._most, self._left + gained), now_s
        if self._left < size + _ROW_BYTES:
            self.left_out += 1
            self.left_out_bytes += size
            return False
        self._left -= size + _ROW_BYTES
        return True

    def judge(self, good: int, bad: int) -> bool:
        """So many bytes of frames and of damaged pieces came; whether ``mostly`` changed."""
        self._good += good
        self._bad += bad
        if self._good + self._bad < _JUDGED_BYTES:
            return False
        share, before = self._bad / (self._good + self._bad), self.mostly
        self._good = self._bad = 0
        self.mostly = share > (_WELL if before else _MOSTLY)
        return self.mostly != before

    def told(self) -> str:
        """What somebody should know, as sentences; empty where all is well."""
        sentences = [MOSTLY_DAMAGED] if self.mostly else []
        if self.left_out:
            sentences.append(
                f"{self.left_out_bytes / 1e6:.0f} MB of damaged pieces were counted and not kept: "
                "more than 8 MB came in an hour"
            )
        return "; ".join(sentences)
