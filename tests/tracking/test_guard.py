"""Patience with one kind of order, its end, and a controller that is not there yet."""

from __future__ import annotations

from groundstation.errors import ControllerAbsentError, ControllerRefusedError
from groundstation.tracking.guard import MAX_FAILURES, RETRY_S, Guard


class Case:
    """A guard whose clock is moved by hand, and what it said."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.said: list[str] = []
        self.asked = 0
        self.guard = Guard("the radio", "the mode is lost", self.said.append, lambda: self.now_s)

    def refused(self) -> None:
        self.asked += 1
        raise ControllerRefusedError("no")

    def absent(self) -> None:
        self.asked += 1
        raise ControllerAbsentError("is the daemon running?")

    def good(self) -> None:
        self.asked += 1


def test_a_kind_that_fails_is_given_up_with_one_sentence() -> None:
    case = Case()
    for _ in range(20):
        assert case.guard.order(case.refused) is False
        case.now_s += RETRY_S
    assert case.asked == MAX_FAILURES
    assert case.guard.given_up
    assert case.said == ["no; the mode is lost"]


def test_what_failed_is_not_asked_before_it_is_due() -> None:
    case = Case()
    for _ in range(20):
        case.guard.order(case.refused)
        case.now_s += RETRY_S / 10
    assert case.asked == 2


def test_a_success_forgets_the_failures() -> None:
    case = Case()
    for _ in range(3 * MAX_FAILURES):
        case.guard.order(case.refused)
        case.now_s += RETRY_S
        assert case.guard.order(case.good)
    assert case.said == []


def test_who_is_not_there_is_waited_for_and_told_when_it_comes() -> None:
    case = Case()
    for _ in range(50):
        case.guard.order(case.absent)
        case.now_s += RETRY_S
    assert case.asked == 50
    assert not case.guard.given_up
    assert case.said == ["is the daemon running? It is tried again until the pass is over"]
    assert case.guard.order(case.good)
    assert case.said[1:] == ["the radio answers now"]
