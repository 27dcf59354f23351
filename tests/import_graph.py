"""What a module imports, and what these import in their turn: read from the sources, not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("decoders", "groundstation", "dashboard")


@cache
def modules() -> Mapping[str, Path]:
    """The files of the project by the names of their modules."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {_module_name(path): path for path in paths}


def _module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _statements(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports that run; those for type checkers only do not."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from _statements(node)


@cache
def imported(module: str) -> frozenset[str]:
    """What ``module`` imports itself: names of modules, of the project and of others.

    Also within functions. Importing ``a.b.c`` runs ``a`` and ``a.b``, too.
    """
    found: set[str] = set()
    for node in _statements(ast.parse(modules()[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [str(node.module), *(name for name in inner if name in modules())]
        for name in names:
            parts = name.split(".")
            found |= {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    return frozenset(found - {module})


@cache
def reached(module: str) -> Mapping[str, str]:
    """All that comes in with ``module``, through others too, each with who imports it."""
    found: dict[str, str] = {}
    waiting = [module]
    while waiting:
        here = waiting.pop()
        for name in sorted(imported(here) - found.keys() - {module}):
            found[name] = here
            if name in modules():
                waiting.append(name)
    return found


def way(module: str, there: str) -> str:
    """How ``there`` comes in with ``module``: ``a > b > there``."""
    names = [there]
    while names[-1] != module:
        names.append(reached(module)[names[-1]])
    return " > ".join(reversed(names))
