"""The interface document: what every bit of a satellite's packets means, for people."""

from __future__ import annotations

from decoders.definition.model import LANGUAGES, Satellite
from decoders.document.html_page import page
from decoders.document.markdown import markdown
from decoders.document.words import Words

FORMATS = ("html", "md")


def interface_document(satellite: Satellite, language: str = "en", form: str = "html") -> str:
    """The document in ``language`` (en, ru, ky) as ``html`` or ``md``. Raises ValueError."""
    if language not in LANGUAGES or form not in FORMATS:
        raise ValueError(f"{language!r} is not one of {LANGUAGES}, or {form!r} of {FORMATS}")
    words = Words(language)
    return page(satellite, words) if form == "html" else markdown(satellite, words)
