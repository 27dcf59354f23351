"""What fails, for the tests of threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Failing:
    """Raises at the first ``times`` calls; afterwards calls ``then``."""

    def __init__(self, times: int, then: Callable[..., Any] = lambda *_: None):
        self.left = times
        self.then = then

    def __call__(self, *arguments: Any) -> Any:
        if self.left:
            self.left -= 1
            raise ZeroDivisionError("injected")
        return self.then(*arguments)


def never(text: str) -> None:
    raise BrokenPipeError("the terminal is closed")
