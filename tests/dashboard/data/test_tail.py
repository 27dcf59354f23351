"""The tail publishes every reception, whatever happens to history meanwhile."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from dashboard.data.station_data import StationData
from dashboard.data.tail import Tail
from tests.station.frames import beacon
from tests.storage.interpreted import Folder


def test_frames_that_come_with_the_end_of_a_backlog_are_published(tmp_path: Path) -> None:
    with closing(Folder(tmp_path)) as folder:
        folder.receive([beacon(number) for number in range(10)])
        folder.interpret()
        with closing(StationData(tmp_path, None)) as data, data.journal() as journal:
            tail = Tail(data)
            before = replace(data.telemetry.place(), backlog_high=5)
            tail._preload(journal, before)
            folder.receive([beacon(number) for number in range(10, 13)])
            folder.interpret()
            tail._publish_new(journal, before, data.telemetry.place())
            assert [message.seq for message in tail._messages] == [11, 12, 13]
            assert tail.seq == 13
