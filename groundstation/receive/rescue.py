"""The last resort: frames that the journal's full disk refused until the station stopped."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from decoders.framing.kiss import kiss_encode, kiss_stamp
from groundstation.model import Reception


def rescue(receptions: Sequence[Reception], data: Path, folder: Path | None = None) -> str:
    """Write ``receptions`` as a recording with times to the system's temporary folder.

    Returns the sentence for the operator, also when that fails. ``groundstation replay`` brings
    the recording into the journal of the ``data`` folder.
    """
    folder = folder or Path(tempfile.gettempdir())
    path = folder / f"unsaved-frames-{receptions[0].received_us}.kss"
    content = b"".join(kiss_stamp(item.received_us) + kiss_encode(item.raw) for item in receptions)
    try:
        path.write_bytes(content)
    except OSError as error:
        path.unlink(missing_ok=True)
        return f"{len(receptions)} frames are lost: no place is left to write them ({error})"
    return (
        f"{len(receptions)} frames that the journal refused are in {path}; when there is space, "
        f"run: groundstation replay {path} --data {data}"
    )
