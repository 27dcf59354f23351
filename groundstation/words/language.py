"""The languages of the program: their phrases, and how they write numbers."""

from __future__ import annotations

import gettext
from datetime import datetime
from functools import cached_property, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from decoders.words import Words
from groundstation.words.vocabulary import vocabulary

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

#: Code -> the language's own name. The first is the language of the source.
LANGUAGES = {"en": "English", "ru": "Русский", "ky": "Кыргызча"}
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
#: What stands before a number below zero.
MINUS = "\N{MINUS SIGN}"
_DASH = "\N{EM DASH}"


class Language(Words):
    """Phrases and numbers of one language."""

    def number(self, value: float | None, digits: int = 0) -> str:
        """``value`` with ``digits`` decimals, grouped from 10,000 on; a dash for None.

        The same rule as ``formatNumber`` in the dashboard's ``static/js/format.js``.
        """
        if value is None:
            return _DASH
        grouped = abs(value) >= 10_000
        return self._signed(
            value, f"{abs(value):,.{digits}f}" if grouped else f"{abs(value):.{digits}f}"
        )

    def unit(self, unit: str) -> str:
        """A unit as the language writes it: ``мА`` for ``mA``."""
        return vocabulary().unit(unit, self.language) if unit else unit

    def brief(self, value: float) -> str:
        """A number with as many decimals as it has, six significant digits at most."""
        return self._signed(value, f"{abs(value):g}")

    def exact(self, value: float) -> str:
        """A number of a calculation: whole ones with all digits, others with ten significant ones;
        grouped from 10,000 on."""
        from decoders.value_text import number_text  # it loads numpy

        if isinstance(value, int):
            return self.number(value)
        mantissa, _, power = number_text(value).partition("e")
        text = self.number(float(mantissa), len(mantissa.partition(".")[2]))
        return f"{text} × 10{self.raised(int(power))}" if power else text

    def raised(self, power: int) -> str:
        """An exponent, raised."""
        return str(power).translate(_RAISED)

    def marked(self, number: str) -> str:
        """A number that Python wrote, with the language's own marks."""
        group, decimal = self.marks
        marks = {",": group, ".": decimal, "-": MINUS}
        return "".join(marks.get(char, char) for char in number)

    @cached_property
    def marks(self) -> tuple[str, str]:
        """What groups digits, and what stands before decimals."""
        if self.language == "en":
            return ",", "."
        from babel.numbers import get_decimal_symbol, get_group_symbol

        return get_group_symbol(self.language), get_decimal_symbol(self.language)

    def moment(self, text: str) -> str:
        """A moment in UTC, with the decimals of its second.

        The same as ``formatMoment`` in the dashboard's ``static/js/format.js``.
        """
        when = datetime.fromisoformat(text)
        fraction = f".{when.microsecond:06d}".rstrip("0.")
        return f"{self.stamp(when)}{self.marked(fraction)} UTC"

    def stamp(self, when: datetime) -> str:
        """Date and time where ``when`` is: the date as CLDR has it, the time of 24 hours.

        The same as ``stampOf`` in the dashboard's ``static/js/clock.js``.
        """
        from babel.dates import format_date

        return f"{format_date(when, locale=self.language)} {when:%H:%M:%S}"

    def territory(self, code: str) -> str:
        """The name of a country by its two letters of ISO 3166, as CLDR has it."""
        from babel import Locale

        return str(Locale.parse(self.language).territories.get(code, code))

    def _signed(self, value: float, size: str) -> str:
        negative = value < 0 and any(char in "123456789" for char in size)
        return (MINUS if negative else "") + self.marked(size)


@lru_cache
def in_language(code: str) -> Language:
    """The language ``code``, one of LANGUAGES. The language of the source reads no file."""
    if code == next(iter(LANGUAGES)):
        return Language(code)
    found = catalogue(code)
    said = [message for message in found if message.id and message.string]
    return Language(
        code,
        {
            (message.context or "", message.id): str(message.string)
            for message in said
            if isinstance(message.id, str)
        },
        {
            message.id[0]: tuple(message.string or ())
            for message in said
            if not isinstance(message.id, str)
        },
        gettext.c2py(found.plural_expr),
    )


def catalogue(code: str) -> Catalog:
    """The messages of a language, as its ``.po`` file has them."""
    from babel.messages.pofile import read_po

    return read_po(BytesIO(files("groundstation.words").joinpath(f"{code}.po").read_bytes()), code)
