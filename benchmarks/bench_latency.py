"""From a byte written to the serial port until the event reaches a browser: median and p99.

A real station process opens a real pseudo-terminal, journals with synchronous=FULL, and its
dashboard process pushes the reception to a Server-Sent-Events client.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import tty
import urllib.request
from pathlib import Path

from decoders.encode import Encoder
from decoders.framing.kiss import kiss_encode
from groundstation.catalog import SatelliteCatalog

FRAMES = 400
PAUSE_S = 0.03


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_station(folder: Path, url: str, port: int) -> subprocess.Popen[bytes]:
    config = folder / "station.toml"
    config.write_text(
        '[site]\nname = "Bench"\nlatitude_deg = 42.87\nlongitude_deg = 74.57\n'
        f'[[links]]\nname = "tnc"\nurl = "{url}"\n[dashboard]\nport = {port}\n'
    )
    return subprocess.Popen(
        [sys.executable, "-m", "groundstation", "run", "-c", str(config), "--data", str(folder)],
        stderr=subprocess.DEVNULL,
    )


def connect(port: int) -> socket.socket:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/status", timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    stream = socket.create_connection(("127.0.0.1", port))
    stream.sendall(f"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    return stream


def main() -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    encoder = Encoder(SatelliteCatalog().satellites["classroom-1"])
    with tempfile.TemporaryDirectory() as name:
        port = free_port()
        station = start_station(Path(name), os.ttyname(slave), port)
        try:
            stream = connect(port)
            stream.settimeout(10)
            delays_ms, received = [], b""
            time.sleep(1)
            for number in range(FRAMES):
                frame = encoder.encode("beacon", {"counter": number})
                start = time.perf_counter()
                os.write(master, kiss_encode(frame))
                mark = f"id: {number + 1}\n".encode()
                while mark not in received.replace(b"\r\n", b"\n"):
                    received += stream.recv(65536)
                delays_ms.append((time.perf_counter() - start) * 1000)
                received = b""
                time.sleep(PAUSE_S)
        finally:
            station.send_signal(signal.SIGTERM)
            station.wait(10)
    delays_ms.sort()
    print(
        json.dumps(
            {
                "frames": FRAMES,
                "median_ms": round(statistics.median(delays_ms), 1),
                "p99_ms": round(delays_ms[int(FRAMES * 0.99)], 1),
                "max_ms": round(delays_ms[-1], 1),
            }
        )
    )


if __name__ == "__main__":
    main()
