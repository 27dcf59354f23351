"""The tail publishes every reception, whatever happens to history meanwhile."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from dashboard.data.station_data import StationData
from dashboard.data.tail import Tail
from groundstation.errors import StoreError
from tests.links.devices import wait_until
from tests.station.frames import beacon
from tests.storage.interpreted import Folder


def test_frames_that_come_with_the_end_of_a_backlog_are_published(tmp_path: Path) -> None:
    with closing(Folder(tmp_path)) as folder:
        folder.receive([beacon(number) for number in range(10)])
        folder.interpret()
        with closing(StationData(tmp_path, None)) as data, data.journal() as journal:
            tail = Tail(data)
            before = replace(data.telemetry.place(), backlog_high=5)
            tail._preload(journal, before.seq)
            folder.receive([beacon(number) for number in range(10, 13)])
            folder.interpret()
            tail._publish_new(journal, before, data.telemetry.place())
            assert [message.seq for message in tail._messages] == [11, 12, 13]
            assert tail.seq == 13


def test_after_a_fault_pages_are_told_the_rest(tmp_path: Path) -> None:
    with closing(Folder(tmp_path)) as folder:
        folder.receive([beacon(number) for number in range(10)])
        folder.interpret()
        with closing(StationData(tmp_path, None)) as data:
            tail = Tail(data)
            told_of, failing = tail._publish_new, [True]

            def fails_once(*arguments: object) -> object:
                if failing.pop() if failing else False:
                    # What comes while nothing can be read is not told of yet.
                    folder.receive([beacon(number) for number in range(10, 13)])
                    folder.interpret()
                    raise StoreError("the store cannot be read now")
                return told_of(*arguments)  # type: ignore[arg-type]

            tail._publish_new = fails_once  # type: ignore[assignment,method-assign]
            tail.start()
            wait_until(lambda: tail.seq == 13)
            tail.stop()
    assert [m.seq for m in tail._messages if m.seq is not None] == [11, 12, 13]
