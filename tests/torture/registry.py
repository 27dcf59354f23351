"""The faults, found as files of the folder ``faults``, by their names."""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from pathlib import Path

from tests.torture import faults
from tests.torture.fault import Fault, Outcome, Scene


def all_faults() -> dict[str, Fault]:
    """By name; a file there without a ``FAULT`` is a part of others."""
    found = {}
    for module in pkgutil.iter_modules(faults.__path__):
        part = importlib.import_module(f"{faults.__name__}.{module.name}")
        fault = getattr(part, "FAULT", None)
        if isinstance(fault, Fault):
            found[fault.name] = fault
    return found


def attempt(fault: Fault, times: int, seed: int, *, is_long: bool) -> Outcome:
    """Run it in a folder of its own; whatever it meets is a problem in its outcome."""
    with tempfile.TemporaryDirectory(prefix=f"torture-{fault.name}-") as name:
        try:
            return fault.run(Scene(Path(name), times, seed, is_long))
        except Exception as error:
            told = str(error).replace(name, "FOLDER")
            return Outcome(problems=[f"{type(error).__name__}: {told}"])


def hold(name: str, times: int | None = None) -> Outcome:
    """For tests: the short version, which must hold."""
    fault = all_faults()[name]
    outcome = attempt(fault, times or fault.short, 20261, is_long=False)
    assert not outcome.problems, outcome
    return outcome
