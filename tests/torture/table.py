"""The table in ``docs/reliability.md``: rows that were not run now keep their last figures."""

from __future__ import annotations

from pathlib import Path

from tests.torture.fault import Fault, Outcome

PATH = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- table of make torture -->", "<!-- end of the table -->"
HEADS = (
    *("fault", "how often", "sent", "acknowledged", "in the journal", "in the store"),
    *("seen by a browser", "holds", "measured besides", "run"),
)


def row(fault: Fault, count: int, outcome: Outcome, run: str) -> str:
    """One line of the table. ``run``: date, seed and machine."""
    holds = "**no**: " + "; ".join(outcome.problems) if outcome.problems else "yes"
    numbers = (outcome.sent, outcome.acknowledged, outcome.journal, outcome.store, outcome.browser)
    cells = (
        f"{_mark(fault.name)} {fault.title}",
        fault.times(count),
        *("–" if number is None else f"{number:,}" for number in numbers),
        *(holds, outcome.remark or "–", run),
    )
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


def written(text: str, rows: dict[str, str], order: list[str]) -> str:
    """The document ``text`` with these rows by name, beside those that it has."""
    head, _, rest = text.partition(BEGIN)
    table, _, tail = rest.partition(END)
    kept = {name: line for line in table.splitlines() for name in order if _mark(name) in line}
    lines = [*(f"| {' | '.join(cells)} |" for cells in (HEADS, ["---"] * len(HEADS)))]
    lines += [found for name in order if (found := rows.get(name) or kept.get(name))]
    return "\n".join((f"{head}{BEGIN}\n", *lines, f"\n{END}{tail}"))


def _mark(name: str) -> str:
    return f"`{name}`"
