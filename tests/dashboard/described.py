"""``make schemathesis``: the interface against its own description, asked at random.

Schemathesis makes questions that the description allows and such as it does not; the first must be
answered, the others refused, and every answer must be as it is described.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.dashboard.conftest import Served
from tests.dashboard.web.whole_station import furnished

PROGRAM = Path(__file__).parents[2] / ".venv" / "peers" / "schemathesis" / "bin" / "schemathesis"


def main() -> int:
    """Its exit code."""
    with furnished() as served:
        return _ask(served, sys.argv[1:])


def _ask(served: Served, options: list[str]) -> int:
    token = json.loads(served.get("/api/v1/visitor"))["token"]
    command = [
        *(str(PROGRAM), "run", f"{served.url}/api/v1/openapi.json"),
        *("--exclude-path", "/api/v1/live"),  # it never ends
        *("-H", f"X-Groundstation-Token: {token}", "-H", f"Origin: {served.url}"),
        *("--workers", "1", "--request-timeout", "30", *options),
    ]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
