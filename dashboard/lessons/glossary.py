"""The words that students meet on the pages, each with a picture."""

from __future__ import annotations

from typing import NamedTuple

from groundstation.words.language import Language


class Term(NamedTuple):
    """``id``: of its picture in ``templates/pictures.html``, and its place on the page."""

    id: str
    term: str
    text: str


def glossary(words: Language) -> list[Term]:
    """All terms in the order of the lessons."""
    return [
        Term(
            "orbit",
            words("orbit"),
            words(
                "The way of a satellite around the Earth. It falls all the time and never comes "
                "down, because it flies forward so fast."
            ),
        ),
        Term(
            "pass",
            words("AOS and LOS"),
            words(
                "A pass begins with AOS, when the satellite rises above the horizon, and ends with "
                "LOS, when it sets. Between them it can be heard."
            ),
        ),
        Term(
            "doppler",
            words("Doppler shift"),
            words(
                "The frequency of what comes nearer is higher, of what flies away lower. A "
                "satellite does both within one pass."
            ),
        ),
        Term(
            "bits",
            words("bit"),
            words(
                "0 or 1. Eight bits are a byte. Each bit has a place value; those of the ones, "
                "added up, are the number."
            ),
        ),
        Term(
            "hexadecimal",
            words("hexadecimal"),
            words(
                "A short way to write bits: four of them are one digit, 0 to 9 and A to F. A byte "
                "has two digits, 00 to FF."
            ),
        ),
        Term(
            "order",
            words("little-endian"),
            words(
                "The low byte of a number comes first. Who reads it turns the bytes around; "
                "big-endian is the order in which people write."
            ),
        ),
        Term(
            "complement",
            words("two's complement"),
            words(
                "How bits say numbers below zero: when the first bit is 1, the number is the one "
                "without a sign, less 256 for 8 bits, less 65 536 for 16."
            ),
        ),
        Term(
            "limits",
            words("limits"),
            words(
                "The ends of what is good. Beyond the warning limits somebody should look; beyond "
                "the critical limits the satellite is in danger."
            ),
        ),
        Term(
            "decibel",
            words("decibel (dB)"),
            words(
                "A scale for powers that differ much: 10 dB more is ten times as much, 3 dB is "
                "twice. dBm counts from one milliwatt."
            ),
        ),
    ]
