"""``python -m tests.torture``: run faults, print their rows, and perhaps write them down."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime

from tests.torture import table
from tests.torture.fault import Fault
from tests.torture.machine import machine
from tests.torture.registry import all_faults, attempt


def main() -> None:
    """See the module; exit code 1 when a row does not hold."""
    faults = all_faults()
    options = _parser().parse_args()
    chosen = _chosen(faults, options.only)
    counts = _counts(faults, options.times)
    os.environ["CI"] = "true"  # a missing peer is a fault that does not hold, not a skip
    failed = False
    for fault in chosen:
        count = counts.get(fault.name, fault.long if options.long else fault.short)
        began_s = time.monotonic()
        outcome = attempt(fault, count, options.seed, is_long=options.long)
        took = f"{(time.monotonic() - began_s) / 60:.1f} min"
        busy = f"{machine()}, load {os.getloadavg()[1]:.0f}"
        run = f"{datetime.now(UTC):%Y-%m-%d}, seed {options.seed}, {took}, {busy}"
        line = table.row(fault, count, outcome, run)
        print(line, flush=True)
        if options.write:
            text = table.PATH.read_text("utf-8")
            table.PATH.write_text(table.written(text, {fault.name: line}, [*faults]), "utf-8")
        failed = failed or bool(outcome.problems)
    sys.exit(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--long", action="store_true", help="the long figures")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="FAULT,...")
    parser.add_argument("--times", action="append", default=[], metavar="FAULT=N")
    parser.add_argument("--write", action="store_true", help="into docs/reliability.md")
    return parser


def _chosen(faults: dict[str, Fault], only: str) -> list[Fault]:
    names = only.split(",") if only else list(faults)
    if unknown := sorted(set(names) - set(faults)):
        sys.exit(f"no fault {', '.join(unknown)}; there are: {', '.join(faults)}")
    return [faults[name] for name in names]


def _counts(faults: dict[str, Fault], given: list[str]) -> dict[str, int]:
    counts = {name: int(count) for name, _, count in (item.partition("=") for item in given)}
    if unknown := sorted(set(counts) - set(faults)):
        sys.exit(f"no fault {', '.join(unknown)}; there are: {', '.join(faults)}")
    return counts


if __name__ == "__main__":
    main()
