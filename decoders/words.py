"""The phrases of the program in a reader's language.

Pure code says what it has to say in English, as the source of a gettext catalogue, and is handed
the words of the reader. A phrase is always written where it is said, as a literal, so that the
catalogue can be made from the sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

#: The languages of the program and of labels in definitions; the first is that of the sources.
LANGUAGES = ("en", "ru", "ky")


class Words:
    """Phrases in one language.

    ``translations``: what is said for a phrase, by its context ("" for none) and its English text;
    a phrase that is not among them is said in English. ``plurals``: the forms of a phrase with a
    number, by its singular; ``form``: which of them goes with a number.
    """

    def __init__(
        self,
        language: str = "en",
        translations: Mapping[tuple[str, str], str] | None = None,
        plurals: Mapping[str, tuple[str, ...]] | None = None,
        form: Callable[[int], int] = lambda n: int(n != 1),
    ) -> None:
        self.language = language
        self._translations = translations or {}
        self._plurals, self._form = plurals or {}, form

    def __call__(self, phrase: str, /, **values: object) -> str:
        """``phrase`` with each ``%(name)s`` replaced from ``values``."""
        return self._said("", phrase, values)

    def pgettext(self, context: str, phrase: str, /, **values: object) -> str:
        """A phrase that means, or is inflected, differently elsewhere; ``context`` says where."""
        return self._said(context, phrase, values)

    def ngettext(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """A phrase in the form that goes with ``n``, which is also its ``%(n)s``."""
        forms = self._plurals.get(singular, (singular, plural))
        return forms[self._form(n)] % {"n": n, **values}

    def unit(self, unit: str) -> str:
        """A unit as the language writes it; ``unit``: as definitions do."""
        return unit

    def moment(self, text: str) -> str:
        """A moment as the language writes it; ``text``: ISO 8601, in UTC."""
        return text

    def _said(self, context: str, phrase: str, values: Mapping[str, object]) -> str:
        text = self._translations.get((context, phrase)) or phrase
        return text % values if values else text


#: The language of the sources.
ENGLISH = Words()


def state_word(state: str, words: Words) -> str:
    """The state of a value: one of ``decoders.definition.limits.STATES``.

    ``unlimited`` has no word: nobody has said what is normal.
    """
    return {
        "nominal": words("nominal"),
        "warning": words("warning"),
        "critical": words("critical"),
        "invalid": words("invalid"),
        "unlimited": "",
    }[state]
