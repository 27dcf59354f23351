"""The phrases that the sources say, and the catalogue brought up to date with them.

``python -m tests.words.extraction`` writes ``groundstation/words/*.po``: new phrases come in
empty, those that are no longer said go. A test holds the catalogue to the sources.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "groundstation" / "words"
PACKAGES = ("decoders", "groundstation", "dashboard")
SOURCE = "en"
#: What a phrase is said with.
_SAYING = {"_", "gettext", "words"}
_SAYING_IN = ".pgettext"
_SAYING_MANY = "words.ngettext"
_WIDTH = 100
_HEADER = "# Words of the program. See docs/dashboard.md for how to change them."


class UnclearError(AssertionError):
    """A phrase that is not written where it is said."""


def phrases() -> Catalog:
    """All phrases of the sources, each with the files that say it."""
    found = Catalog()
    for path in _sources():
        name = path.relative_to(ROOT).as_posix()
        for context, phrase in _said(path):
            found.add(phrase, locations=[(name, 1)], context=context)
    return found


def _sources() -> list[Path]:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*")]
    kinds = (".py", ".html", ".js")
    return sorted(path for path in files if path.suffix in kinds and "vendor" not in path.parts)


#: A phrase, or its singular and plural.
Phrase: TypeAlias = str | tuple[str, str]


def _said(path: Path) -> Iterator[tuple[str | None, Phrase]]:
    if path.suffix == ".py":
        yield from in_python(path.read_text("utf-8"), path.as_posix())
        return
    method = {".html": "jinja2.ext:babel_extract", ".js": "javascript"}[path.suffix]
    options = {"parse_template_string": "true"}
    for _, message, _, context in extract_from_file(method, path, options=options):
        assert isinstance(message, str) or len(message) == 2, path
        yield context, message if isinstance(message, str) else (message[0], message[1])


def in_python(text: str, name: str) -> Iterator[tuple[str | None, Phrase]]:
    """(context or None, phrase) of all calls, also of those within f-strings."""
    for node in ast.walk(ast.parse(text, name)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).removeprefix("self.")
            if called in _SAYING:
                (phrase,) = _texts(node, 1, name)
                yield None, phrase
            elif called.endswith(_SAYING_IN):
                context, phrase = _texts(node, 2, name)
                yield context, phrase
            elif called == _SAYING_MANY:
                singular, plural = _texts(node, 2, name, others=1)
                yield None, (singular, plural)


def _texts(call: ast.Call, count: int, name: str, others: int = 0) -> list[str]:
    texts = [item.value for item in call.args if isinstance(item, ast.Constant)]
    if len(texts) != count or len(call.args) != count + others:
        raise UnclearError(
            f"{name}:{call.lineno}: a phrase is written where it is said, as a literal"
        )
    return [str(text) for text in texts]


def read(code: str) -> Catalog:
    """The catalogue of a language, its obsolete entries too."""
    with (CATALOGUE / f"{code}.po").open("rb") as file:
        return read_po(file, code)


def update(code: str) -> None:
    """Bring the file of one language up to date."""
    path = CATALOGUE / f"{code}.po"
    catalogue = read(code)
    made = catalogue.creation_date
    catalogue.update(phrases(), no_fuzzy_matching=True)
    catalogue.creation_date = made
    catalogue.header_comment = _HEADER
    with path.open("wb") as file:
        write_po(
            file,
            catalogue,
            width=_WIDTH,
            sort_output=True,
            ignore_obsolete=True,
            include_lineno=False,
        )


if __name__ == "__main__":
    for path in sorted(CATALOGUE.glob("*.po")):
        update(path.stem)
