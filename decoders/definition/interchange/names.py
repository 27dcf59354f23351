"""Names of other formats as names of ours, and texts as XML that is safe to read."""

from __future__ import annotations

import re
from collections.abc import Container
from xml.etree.ElementTree import Element, ParseError, fromstring

from decoders.errors import DefinitionError


def as_name(text: str, taken: Container[str] = ()) -> str:
    """``text`` as a row's name: lower-case letters, digits and ``_``, not yet in ``taken``."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "_", text)
    name = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    if not name or not name[0].isalpha():
        name = f"p_{name}".rstrip("_")
    unique, number = name, 2
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    return unique


def read_xml(text: str, source: str) -> Element:
    """The root element without namespaces. Raises DefinitionError for what is not plain XML."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DefinitionError("declares entities (<!DOCTYPE>): remove that", source=source)
    try:
        root = fromstring(text)
    except ParseError as error:
        line = error.position[0]
        raise DefinitionError(f"not valid XML: {error}", source=source, line=line) from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root
