"""What the lessons are called, without making them of what was received."""

from __future__ import annotations

from groundstation.words.language import Language


def titles(words: Language) -> dict[str, str]:
    """By the id of the lesson, in the order in which they are learned."""
    return {
        "orbit": words("Why it does not fall down"),
        "pass": words("It rises and sets"),
        "doppler": words("The signal of something fast"),
        "bits": words("Bits and bytes"),
        "order": words("Which byte comes first"),
        "sign": words("Numbers below zero"),
        "calibration": words("From the number to the value"),
        "decibel": words("Strong and weak: decibels"),
    }
