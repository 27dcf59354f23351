"""Tables on the terminal. Nothing of them is cut off: names are typed again, values are read."""

from __future__ import annotations

from rich.table import Column, Table


def whole_table(name: str, *others: str, title: str | None = None) -> Table:
    """A table whose first column stands on one line where there is room; what does not fit into the
    others goes on in the next line."""
    first = Column(name, no_wrap=True, overflow="fold")
    return Table(first, *(Column(other, overflow="fold") for other in others), title=title)
