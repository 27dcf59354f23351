"""Frames in lists: with the name of their satellite."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.data.records import FrameRecord


class NamedFrame(FrameRecord):
    """A frame with the name of its satellite."""

    name: str | None


def named(item: FrameRecord, names: Mapping[str, str]) -> NamedFrame:
    """The frame with its satellite's name."""
    return {**item, "name": names.get(item["satellite"] or "")}
