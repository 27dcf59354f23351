"""Telemetry stores by the ``kind`` that ``[storage]`` in station.toml names."""

from __future__ import annotations

from pathlib import Path

from groundstation.config import StorageConfig
from groundstation.storage.store import TelemetryStore


def open_store(config: StorageConfig, data_folder: Path, read_only: bool = False) -> TelemetryStore:
    """The configured store; raises StoreError when it cannot be reached.

    Each library is imported only where it is used, so that a station without InfluxDB starts fast.
    """
    if config.kind == "influx":
        from groundstation.storage.influx import open_influx_store

        return open_influx_store(config)
    from groundstation.storage.sqlite import SqliteStore

    return SqliteStore(data_folder, read_only)
