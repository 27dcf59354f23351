"""Steps of an explanation as people read them: what each one is called, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.show import display
from decoders.definition.model import Parameter
from decoders.explain import Explanation
from decoders.steps import Writing
from decoders.type_words import type_words
from decoders.words import Words
from groundstation.words.language import MINUS, in_language


def step_labels(words: Words) -> dict[str, str]:
    """What each step is called: all of ``decoders.explain.KINDS``, and the limits."""
    return {
        "bytes": words("bytes"),
        "swapped": words("low byte first: turned round"),
        "digits": words("in binary"),
        "characters": words("characters"),
        "decimal": words("decimal digits"),
        "places": words("place values"),
        "byte_values": words("each byte as a number"),
        "byte_places": words("place values of the bytes"),
        "negative": words("starts with 1: below zero"),
        "positive": words("starts with 0: not below zero"),
        "float_sign": words("sign of a number"),
        "float_special": words("exponent all ones"),
        "exponent": words("exponent"),
        "fraction": words("fraction"),
        "float": words("put together"),
        "raw": words("raw value"),
        "sentinel": words("stands for: no value"),
        "calibration": words("calibration"),
        "flag": words("flag"),
        "epoch": words("seconds added"),
        "formula": words("computed from"),
        "value": words("engineering value"),
        "warning": words("warning limits"),
        "critical": words("critical limits"),
    }


def type_text(found: Explanation, words: Words) -> str:
    """The type of a value in words, empty where it lies in no bits."""
    row = found.value.row
    if not found.bits or not isinstance(row, Parameter):
        return ""
    return type_words(row, len(found.bits), words)


def writing(rows: Mapping[str, display.Row], code: str) -> Writing:
    """Steps in the page's own numbers, with labels for names; ``rows``: all of the satellite."""

    def named(name: str) -> str:
        row = display.find_row(rows, name)
        return name if row is None else display.label(name, row, code)

    language = in_language(code)
    # Where a comma stands before decimals, it cannot part numbers too.
    parted = {",": ";"} if language.marks[1] == "," else {}
    signs = {"-": MINUS, "*": "×", **parted}
    return Writing(language.exact, named, signs, language, power=language.raised)


def sentence(found: Explanation, label: str, text: str, words: Words) -> str:
    """What the value says, in words. ``text``: the value with its unit."""
    if found.value.state == "invalid":
        return f"{label}: {words('no valid value came down')}."
    verdict = {
        "nominal": words("It is within its limits."),
        "warning": words("It is outside its normal range: have an eye on it."),
        "critical": words("It is in the critical range."),
        "unlimited": "",
    }[found.value.state]
    said = f"{label}: {text}."
    return f"{said} {verdict}".rstrip()
