"""Labels and words in Russian and Kyrgyz, put together from a vocabulary.

A label without ``label_ru`` or ``label_ky`` gets them from here, and a word of ``enum`` or
``flags`` that the definition's ``[words]`` do not translate. The label is cut at ``: `` and
``, ``; each part is a known phrase, or is made of known things with what is measured of them at
its end. Nothing is inflected but adjectives, so that what is measured stands beside what it is
measured on: "Solar cell 3 voltage" becomes "Напряжение: солнечный элемент 3", where no phrase says
it better. Numbers, axes and names in capitals, such as ``GPS`` and ``+X``, stay with the word that
they belong to. A label that is not made of known words stays English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple, TypeAlias

#: What an entry of the vocabulary may be, and where in a label it may stand.
KINDS = {
    "thing": "anywhere",
    "quantity": "at the end",
    "phrase": "as a whole part of a label",
    "ending": "behind a comma",
    "adjective": "before what it describes",
    "measure": "an adjective that describes what is at the end",
    "word": "as a whole word of enum or flags",
    "unit": "as a whole unit, capitals as they are",
}
#: Russian genders: masculine, feminine, neuter, plural.
GENDERS = "mfnp"
#: Endings of a Russian adjective by the end of its masculine form, in the order of GENDERS.
_AGREEMENT = (
    (r"ний$", ("ний", "няя", "нее", "ние")),
    (r"([гкх])ий$", (r"\1ий", r"\1ая", r"\1ое", r"\1ие")),
    (r"([жчшщ])ий$", (r"\1ий", r"\1ая", r"\1ее", r"\1ие")),
    (r"([ыо])й$", (r"\1й", "ая", "ое", "ые")),
)
#: Numbers and axes that say which one is meant: ``3``, ``+X``, ``-Y+Z``, ``XA``, ``q1``.
_INDEX = re.compile(
    r"[+-]?[XYZxyz](?:[+-][XYZ])?[AB]?|[+-]?\d{1,5}(?:\.\d{1,2})?|[A-Z]|[wijk]|[a-z]\d{1,2}|[XYZ][A-H]|\d[A-D]"
)
#: Supply lines, which stand before or in place of a thing: ``3.3 V``.
_RAIL = re.compile(r"(-?\d+(?:\.\d+)?) V(?![\w.])")
#: Names that no language translates: two capitals or a capital and a digit at least.
_NAME = re.compile(r"(?=.*(?:[A-Z].*[A-Z]|[A-Z].*\d))[A-Za-z][\w./*-]*")
#: What stands before a number or an axis for a minus.
_MINUS = re.compile(r"(?<![\w−-])-(?=[XYZxyz\d])")
_MOST_WORDS = 8
#: Those of a :data:`Said`.
LANGUAGES = ("ru", "ky")


#: Russian and Kyrgyz.
Said: TypeAlias = tuple[str, str]


class Entry(NamedTuple):
    """One line of the vocabulary. ``gender``: one of GENDERS, empty where no adjective fits."""

    kind: str
    english: str
    russian: str
    kyrgyz: str
    gender: str = ""


class Vocabulary:
    """What is known, by kind and English text.

    ``read`` gives the entries; it is called when something is translated first. ``own``: words of
    ``enum`` and ``flags`` that a definition translates itself, by language.
    """

    def __init__(
        self,
        read: Callable[[], Iterable[Entry]] = tuple,
        own: Mapping[str, Mapping[str, str]] | None = None,
    ):
        self._read, self._own = read, own or {}
        self._made: dict[str, Said | None] = {}

    @cached_property
    def _known(self) -> dict[str, dict[str, Entry]]:
        known: dict[str, dict[str, Entry]] = {kind: {} for kind in KINDS}
        for entry in self._read():
            unit = entry.kind == "unit"
            known[entry.kind][entry.english if unit else entry.english.lower()] = entry
        return known

    def with_words(self, own: Mapping[str, Mapping[str, str]]) -> Vocabulary:
        """The same with a definition's own words."""
        if not own:
            return self
        found = Vocabulary(self._read, own)
        found._made = self._made
        return found

    def labels(self, own: Mapping[str, str], name: str = "") -> Mapping[str, str]:
        """``own`` labels by language, with those that the vocabulary knows.

        ``name`` stands for the English label where there is none.
        """
        return _Said(own, own.get("en") or name.replace("_", " "), self)

    def label(self, english: str) -> Said | None:
        """Russian and Kyrgyz for a label, or None where a word of it is not known."""
        if english not in self._made:
            found = self._whole(english)
            self._made[english] = (_told(found[0]), _told(found[1])) if found else None
        return self._made[english]

    def word(self, english: str, language: str) -> str | None:
        """A word of ``enum`` or ``flags`` in a language, or None where it is not known."""
        own = self._own.get(english, {}).get(language)
        if own or language not in LANGUAGES:
            return own
        plain = english.replace("_", " ")
        known = self._entry("word", plain)
        said = (known.russian, known.kyrgyz) if known else self._whole(plain)
        return _signed(said[LANGUAGES.index(language)]) if said else None

    def unit(self, unit: str, language: str) -> str:
        """A unit as the language writes it; one that is not known as it stands."""
        known = self._known["unit"].get(unit) if language in LANGUAGES else None
        return (known.russian, known.kyrgyz)[LANGUAGES.index(language)] if known else unit

    @property
    def units(self) -> Mapping[str, Entry]:
        """All that is known of units, by how definitions write them."""
        return self._known["unit"]

    def _entry(self, kind: str, english: str) -> Entry | None:
        """What is known; ``SUN`` is a name, and not the word ``Sun``."""
        known = self._known[kind].get(english.lower())
        if known is None:
            return None
        names = {word for word in english.split() if len(word) > 1 and word.isupper()}
        return known if names <= set(known.english.split()) else None

    def _whole(self, english: str) -> Said | None:
        phrase = self._phrase(english)
        if phrase:
            return phrase
        heads = english.split(": ")
        made = [self._listed(head, nested=len(heads) > 1) for head in heads]
        return _joined(": ", made)

    def _listed(self, english: str, nested: bool) -> Said | None:
        """One side of a colon: a part, and what is added to it behind commas."""
        phrase = self._phrase(english)
        if phrase:
            return phrase
        first, *rest = english.split(", ")
        made = [self._part(first, nested), *(self._ending(each) for each in rest)]
        return _joined(", ", made)

    def _ending(self, english: str) -> Said | None:
        known = self._entry("ending", english)
        if known:
            return known.russian, known.kyrgyz
        if all(_INDEX.fullmatch(token) for token in english.split()):
            return english, english
        return self._part(english, nested=True)

    def _phrase(self, english: str) -> Said | None:
        """A whole phrase; a number in it that belongs to no word of its own goes to the end."""
        known = self._entry("phrase", english)
        if known:
            return known.russian, known.kyrgyz
        tokens = english.split()
        indexes = [token for token in tokens if _INDEX.fullmatch(token)]
        if not indexes or sum(index.isdigit() for index in indexes) > 1 or " V" in english:
            return None
        known = self._entry("phrase", " ".join(each for each in tokens if each not in indexes))
        if known is None or not known.gender:
            return None
        index = " ".join(indexes)
        return f"{known.russian} {index}", f"{known.kyrgyz} {index}"

    def _part(self, english: str, nested: bool) -> Said | None:
        phrase = self._phrase(english)
        if phrase or not english:
            return phrase
        pieces = self._pieces(english) or self._owned(english)
        if pieces is None:
            return self._stated(english)
        *on_what, (russian, kyrgyz) = [piece.said for piece in pieces]
        if not on_what:
            return russian, kyrgyz
        where_russian, where_kyrgyz = (", ".join(side) for side in zip(*on_what, strict=True))
        if nested:
            return f"{russian} ({where_russian})", f"{kyrgyz} ({where_kyrgyz})"
        return f"{russian}: {where_russian}", f"{where_kyrgyz}: {kyrgyz}"

    def _owned(self, english: str) -> list[_Piece] | None:
        """What "time of the last reset" is made of."""
        of, separator, on = english.partition(" of ")
        head, things = self._pieces(of), self._pieces(on.removeprefix("the "))
        if not separator or not head or not things or len(head) > 1 or things[-1].only_last:
            return None
        return [*things, *head]

    def _stated(self, english: str) -> Said | None:
        """Something measured, and what is said of it at the end: "battery voltage valid"."""
        measured, _, statement = english.rpartition(" ")
        said, known = self._entry("quantity", statement), self._part(measured, nested=True)
        if said is None or known is None or said.gender:
            return None
        return f"{known[0]}, {said.russian}", f"{known[1]}, {said.kyrgyz}"

    def _pieces(self, english: str) -> list[_Piece] | None:
        """``english`` cut into known things, a quantity at the end; None where that fails."""
        tokens = _RAIL.sub(lambda rail: f"{rail[1]}_V", english).split()
        if not tokens:
            return None
        found = self._cut(tuple(tokens))
        if found:
            return found
        measure = self._entry("measure", tokens[0])
        pieces = self._cut(tuple(tokens[1:])) if measure else None
        if not measure or not pieces or not pieces[-1].gender:
            return None
        return [*pieces[:-1], pieces[-1].described(measure)]

    def _cut(self, tokens: tuple[str, ...]) -> list[_Piece] | None:
        """The same without an adjective for the whole; the longest known words win."""
        if not tokens:
            return []
        for count in range(min(len(tokens), _MOST_WORDS), 0, -1):
            piece = self._piece(tokens[:count])
            if piece is None:
                continue
            piece, rest = self._numbered(piece, tokens, count)
            if piece.only_last and rest < len(tokens):
                continue
            found = self._cut(tokens[rest:])
            if found is not None:
                return [piece, *found]
        return self._led(tokens)

    def _led(self, tokens: tuple[str, ...]) -> list[_Piece] | None:
        """Something that belongs to the word behind it: an adjective, a name or a supply line."""
        name = self._name(tokens)
        count = max(len(name), 1)
        rest = self._cut(tokens[count:])
        if rest is None:
            return None
        if name:
            text = " ".join(_rail(token) for token in name)
            if rest and not rest[0].only_last:
                return [rest[0].named(text), *rest[1:]]
            return [_Piece(text, text), *rest]
        adjective = self._entry("adjective", tokens[0])
        if adjective is None and len(rest) == 1:
            adjective = self._entry("measure", tokens[0])
        if adjective is None or not rest or not rest[0].gender:
            return None
        return [rest[0].described(adjective), *rest[1:]]

    def _name(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """The names, numbers and supply lines that ``tokens`` begin with."""
        count, named = 0, False
        for token in tokens:
            is_name = bool(_NAME.fullmatch(token)) or token.endswith("_V")
            if not is_name and not _INDEX.fullmatch(token):
                break
            if count and is_name and self._entry("thing", token):
                break
            count, named = count + 1, named or is_name
        if not named and count == len(tokens):
            return ()
        return tokens[:count]

    def _numbered(self, piece: _Piece, tokens: tuple[str, ...], at: int) -> tuple[_Piece, int]:
        """``piece`` with the numbers behind it, names too at the very end; where they end."""
        if self._name(tokens[at:]) == tokens[at:] != ():
            return piece.numbered(" ".join(_rail(token) for token in tokens[at:])), len(tokens)
        while at < len(tokens) and _INDEX.fullmatch(tokens[at]):
            piece, at = piece.numbered(tokens[at]), at + 1
        return piece, at

    def _piece(self, tokens: tuple[str, ...]) -> _Piece | None:
        for kind in ("thing", "quantity"):
            known = self._entry(kind, " ".join(tokens))
            if known:
                return _Piece(known.russian, known.kyrgyz, known.gender, kind == "quantity")
        return None


class _Piece(NamedTuple):
    """A word of a label with all that belongs to it."""

    russian: str
    kyrgyz: str
    gender: str = "m"
    only_last: bool = False
    name: str = ""
    number: str = ""

    @property
    def said(self) -> Said:
        russian = (self.russian, self.name, self.number)
        kyrgyz = (self.name, self.kyrgyz, self.number)
        return " ".join(filter(None, russian)), " ".join(filter(None, kyrgyz))

    def numbered(self, index: str) -> _Piece:
        return self._replace(number=f"{self.number} {index}".strip())

    def named(self, name: str) -> _Piece:
        if _INDEX.fullmatch(name):
            return self._replace(number=f"{name} {self.number}".strip())
        return self._replace(name=name)

    def described(self, adjective: Entry) -> _Piece:
        return self._replace(
            russian=f"{agreeing(adjective.russian, self.gender)} {self.russian}",
            kyrgyz=f"{adjective.kyrgyz} {self.kyrgyz}",
        )


class _Said(Mapping[str, str]):
    """A label by language: its own translations, else those of the vocabulary, made when asked for.

    A definition has thousands of labels, of which a command in English shows none.
    """

    def __init__(self, own: Mapping[str, str], english: str, vocabulary: Vocabulary):
        self._own, self._english, self._vocabulary = own, english, vocabulary

    def __getitem__(self, language: str) -> str:
        if language in self._own:
            return self._own[language]
        return self._made()[language]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._made(), **self._own})

    def __len__(self) -> int:
        return len({**self._made(), **self._own})

    def __eq__(self, other: object) -> bool:
        """Alike is what definitions say alike, whatever a vocabulary makes of it."""
        return self._own == (other._own if isinstance(other, _Said) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._own)

    def _made(self) -> dict[str, str]:
        made = self._vocabulary.label(self._english)
        return {"ru": made[0], "ky": made[1]} if made else {}


def _rail(token: str) -> str:
    """``3.3_V`` as both languages write it; any other token as it is."""
    if not token.endswith("_V"):
        return token
    return f"{token[:-2].replace('.', ',').replace('-', '−')} В"


def agreeing(adjective: str, gender: str) -> str:
    """A Russian adjective, given in its masculine form, in ``gender``, one of GENDERS."""
    words = []
    for word in adjective.split():
        for end, forms in _AGREEMENT:
            if re.search(end, word):
                form = forms[GENDERS.index(gender)]
                word = re.sub(end, form, word)
                break
        words.append(word)
    return " ".join(words)


def _joined(sign: str, made: list[Said | None]) -> Said | None:
    known = [each for each in made if each]
    if len(known) < len(made):
        return None
    russian, kyrgyz = zip(*known, strict=True)
    return sign.join(russian), sign.join(kyrgyz)


def _told(text: str) -> str:
    """A label as it is shown."""
    return _signed(_sentence(text))


def _signed(text: str) -> str:
    """With true minus signs, as numbers have."""
    return _MINUS.sub("−", text)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
