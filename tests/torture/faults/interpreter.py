"""Kill -9 of the interpreter alone, while definitions change and frames come."""

from __future__ import annotations

from tests.interpret.kill import torture
from tests.torture.fault import Fault, Outcome, Scene


def run(scene: Scene) -> Outcome:
    """See :mod:`tests.interpret.kill`; each tenth kill all is held against a fresh one's work."""
    folder = scene.folder / "data"
    folder.mkdir()
    count = torture(folder, scene.times, scene.seed)
    return Outcome(journal=count, store=count, remark="values equal those of a fresh interpreter")


FAULT = Fault(
    "interpreter",
    "kill -9 of the interpreter while definitions change",
    run,
    short=12,
    long=500,
)
