"""Who gives a command that changes something."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groundstation.storage.audit import Actor


def who(name: str | None = None) -> Actor:
    """``name``, else the name of whoever is logged in to this computer."""
    from groundstation.storage.audit import Actor

    if name:
        return Actor(name)
    try:
        return Actor(getpass.getuser())
    except (KeyError, OSError, ImportError):
        return Actor("?")
