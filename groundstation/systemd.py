"""Word to systemd that the station is ready, at work, or stopping.

After sd_notify(3): lines of text in a datagram to the socket that NOTIFY_SOCKET names. Elsewhere
than under systemd it does nothing.
"""

from __future__ import annotations

import contextlib
import os
import socket

READY, AT_WORK, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


def tell_systemd(state: str) -> None:
    """Send ``state``, one of the above; nothing fails where nobody listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    if address.startswith("@"):  # a name that is no file
        address = "\0" + address[1:]
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out,
    ):
        out.sendto(state.encode(), address)


def writes_to_the_journal() -> bool:
    """Whether standard error is systemd's journal, which gives each line its time itself.

    JOURNAL_STREAM holds device and inode of that stream (systemd.exec(5)).
    """
    known = os.environ.get("JOURNAL_STREAM", "")
    with contextlib.suppress(OSError):
        found = os.fstat(2)
        return known == f"{found.st_dev}:{found.st_ino}"
    return False
