"""Labels in Russian and Kyrgyz, put together from the words of the vocabulary.

A row that has an English label and no ``label_ru`` or ``label_ky`` gets them from here: the whole
label is looked up, with its numbers and axes set aside; else what it measures (QUANTITIES, at its
end) and on what (THINGS, before it) are put together: "Solar panel 3 voltage" becomes
"Напряжение: солнечная панель 3". A label that is not made of known words stays English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from decoders.definition.vocabulary import ENDINGS, PHRASES, QUANTITIES, THINGS

_INDEX = re.compile(r"(?<![\w.])([+-]?[XYZxyz](?:[+-][XYZ])?[AB]?|\d{1,3}|[A-D])(?![\w.])(?! V\b)")


def with_translations(labels: Mapping[str, str]) -> dict[str, str]:
    """``labels`` with Russian and Kyrgyz added where the English one is made of known words."""
    found = dict(labels)
    english = labels.get("en", "")
    if english and not ("ru" in labels and "ky" in labels):
        translated = translation(english)
        if translated is not None:
            found = {"ru": translated[0], "ky": translated[1], **found}
    return found


@lru_cache(maxsize=8192)
def translation(label: str) -> tuple[str, str] | None:
    """Russian and Kyrgyz for an English ``label``, or None where a word of it is not known."""
    text, *endings = label.split(", ")
    added = [ENDINGS[ending.lower()] for ending in endings if ending.lower() in ENDINGS]
    whole = PHRASES.get(label.lower())
    if whole is not None:
        return whole
    if len(added) < len(endings):
        return None
    indexes = [match[1] for match in _INDEX.finditer(text)]
    if sum(index.isdigit() for index in indexes) > 1:
        return None  # which number belongs to which word is not known
    index = " ".join(indexes)
    words = " ".join(_INDEX.sub(" ", text).split()).lower()
    russian_kyrgyz = _composed(words, f" {index}" if index else "")
    if russian_kyrgyz is None:
        return None
    russian, kyrgyz = zip(russian_kyrgyz, *added, strict=True)
    return _sentence(", ".join(russian)), _sentence(", ".join(kyrgyz))


def _composed(words: str, index: str) -> tuple[str, str] | None:
    """A phrase, a quantity or a thing with its index, or a quantity of a thing."""
    for known in (PHRASES, QUANTITIES, THINGS):
        if words in known:
            russian, kyrgyz = known[words]
            return russian + index, kyrgyz + index
    for place in (match.start() for match in re.finditer(" ", words)):
        thing, quantity = THINGS.get(words[:place]), QUANTITIES.get(words[place + 1 :])
        if thing and quantity:
            return f"{quantity[0]}: {thing[0]}{index}", f"{thing[1]}{index}: {quantity[1]}"
    return None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
