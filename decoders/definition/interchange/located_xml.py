"""XML whose elements know their line, so that what cannot be read is named by line and element."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from decoders.definition.interchange.names import BOM
from decoders.errors import DefinitionError

#: Elements inside each other; a document that a person or a tool wrote has less than thirty.
MOST_DEPTH = 100
#: Elements of one document; the largest public one has 60,000.
MOST_ELEMENTS = 1_000_000


class LocatedElement(Element):
    """An element that stands on ``line`` (from 1) of its document."""

    line: int = 0


def line_of(element: Element) -> int | None:
    """The line of ``element``; None when it was not read from a document."""
    return getattr(element, "line", None)


def read_xml(text: str, source: str) -> Element:
    """The root element without namespaces, lines counted in ``text``.

    Blank lines and a byte order mark in front are passed over. Raises DefinitionError for what is
    not plain XML, and for documents beyond MOST_DEPTH or MOST_ELEMENTS.
    """
    content = text.removeprefix(BOM).lstrip()
    reader = _Reader(source, text[: len(text) - len(content)].count("\n"))
    try:
        reader.parser.Parse(content.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        line = error.lineno + reader.skipped
        problem = f"not valid XML: {expat.errors.messages[error.code]}"
        raise DefinitionError(problem, source=source, line=line) from error
    return reader.builder.close()


class _Reader:
    """What expat tells as elements. ``skipped``: lines in front of the document."""

    def __init__(self, source: str, skipped: int):
        self.source, self.skipped = source, skipped
        self.builder = TreeBuilder(element_factory=self._element)
        self.parser = expat.ParserCreate("utf-8", "}")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.builder.data
        self._depth = self._elements = 0

    @property
    def _line(self) -> int:
        return self.parser.CurrentLineNumber + self.skipped

    def _element(self, tag: Any, attributes: Any) -> LocatedElement:
        element = LocatedElement(tag, attributes)
        element.line = self._line
        return element

    def _doctype(self, *_: object) -> None:
        raise DefinitionError(
            "declares entities (<!DOCTYPE>): remove that", source=self.source, line=self._line
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_DEPTH:
            raise self._too_much(f"more than {MOST_DEPTH} elements inside each other")
        if self._elements > MOST_ELEMENTS:
            raise self._too_much(f"more than {MOST_ELEMENTS} elements")
        self.builder.start(tag.rpartition("}")[2], attributes)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self.builder.end(tag.rpartition("}")[2])

    def _too_much(self, what: str) -> DefinitionError:
        return DefinitionError(f"has {what}", source=self.source, line=self._line)
