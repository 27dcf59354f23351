import pytest

from tests.station.small_disk import CannotMountError, small_disk
from tests.torture.registry import hold


def test_disk_full(tmp_path_factory: pytest.TempPathFactory) -> None:
    try:
        with small_disk(tmp_path_factory.mktemp("disk") / "tried"):
            pass
    except CannotMountError as error:
        pytest.skip(f"this machine does not let this user mount a file system: {error}")
    hold("disk_full")
