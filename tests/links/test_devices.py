"""Each kind of device keeps the link contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundstation.links.link import Link
from tests.links.devices import (
    Device,
    PtyDevice,
    Ser2netDevice,
    SocatDevice,
    SpyDevice,
    TcpDevice,
    wait_until,
)
from tests.links.link_contract import LinkContract


class TestPseudoTerminal(LinkContract):
    @pytest.fixture
    def device(self, tmp_path: Path) -> Device:
        return PtyDevice(tmp_path / "ttyUSB0")


class TestSocat(LinkContract):
    @pytest.fixture
    def device(self, tmp_path: Path) -> Device:
        return SocatDevice(tmp_path / "ttyUSB0")


class TestSpy(LinkContract):
    @pytest.fixture
    def device(self, tmp_path: Path) -> SpyDevice:
        return SpyDevice(tmp_path / "ttyUSB0")

    def test_the_traffic_is_written_down(self, device: SpyDevice, link: Link) -> None:
        device.plug()
        wait_until(lambda: link.state.state == "open")
        device.write(b"KISS")
        wait_until(lambda: link.state.bytes == 4)
        wait_until(lambda: "4B" in device.log.read_text())


class TestTcp(LinkContract):
    @pytest.fixture
    def device(self) -> Device:
        return TcpDevice()


class TestPyserialSocketUrl(LinkContract):
    @pytest.fixture
    def device(self) -> Device:
        return TcpDevice("socket")


# pyserial 3.5 says it as Python 3.9 did.
@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")
class TestRfc2217(LinkContract):
    @pytest.fixture
    def device(self, tmp_path: Path) -> Device:
        return Ser2netDevice(tmp_path / "ttyUSB0")
