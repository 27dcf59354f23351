"""What can be made again stops before the disk is full: frames cannot."""

from __future__ import annotations

import shutil
from pathlib import Path

from groundstation.errors import StoreError

#: With less free than this, values wait: a batch of them and the store's log take some megabytes.
LEAST_FREE_BYTES = 16 * 1024 * 1024


def leave_space(folder: Path) -> None:
    """Raise StoreError where values would take the space of frames that are still to come."""
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise StoreError(
            f"the disk of {folder} is nearly full: values wait, so that frames can still be kept; "
            "free some space"
        )
