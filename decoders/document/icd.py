"""The interface document: what every bit of a satellite's packets means, for people."""

from __future__ import annotations

from decoders.definition.model import Satellite
from decoders.document.html_page import page
from decoders.document.markdown import markdown
from decoders.words import ENGLISH, Words

FORMATS = ("html", "md")


def interface_document(satellite: Satellite, words: Words = ENGLISH, form: str = "html") -> str:
    """The document in ``words`` as ``html`` or ``md``. Raises ValueError for another form."""
    if form not in FORMATS:
        raise ValueError(f"{form!r} is not one of {FORMATS}")
    return page(satellite, words) if form == "html" else markdown(satellite, words)
