"""What an import cannot carry: one sentence each, with the line and the element it stands in."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from decoders.definition.interchange.located_xml import line_of
from decoders.errors import DefinitionError

#: Sentences that are told one by one; what comes behind them is counted.
MOST_TOLD = 500


class Refusals:
    """Collects the refusals of one document, each once."""

    def __init__(self, source: str):
        self.source = source
        self._told: dict[str, None] = {}

    def tell(self, element: Element, problem: str) -> None:
        """Note that something of ``element`` is not carried over."""
        self.note(self.error(element, problem))

    def note(self, error: DefinitionError) -> None:
        """Note an error as what it is, and go on."""
        self._told.setdefault(str(error))

    def error(self, element: Element, problem: str) -> DefinitionError:
        """The error that ends the conversion of what needs ``element``."""
        return DefinitionError(
            problem, source=self.source, line=line_of(element), key=spoken(element)
        )

    def sentences(self) -> tuple[str, ...]:
        """All of them in the order found, at most MOST_TOLD."""
        told = list(self._told)
        if len(told) > MOST_TOLD:
            rest = len(told) - MOST_TOLD
            told = [*told[:MOST_TOLD], f"{self.source}: {rest} more things are left out"]
        return tuple(told)


def spoken(element: Element) -> str:
    """``IntegerParameterType Voltage``: an element as a message names it."""
    names = ("name", "parameterRef", "containerRef", "typeRef", "label")
    name = next((element.get(key) for key in names if element.get(key)), None)
    return f"{element.tag} {name}" if name else str(element.tag)
