"""What was made of an immutable thing is made once, as long as the same thing is there.

An edit of a record replaces what it touched and keeps the rest, so “the same” is by identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")


class Remembered(Generic[B]):
    """Makes a thing once of the same parts.

    The last ones are kept; a check of another incident between gives way to it. Threads at the
    same time at worst repeat the work.
    """

    def __init__(self, make: Callable[..., B]) -> None:
        self._make = make
        self._last: tuple[tuple[object, ...], B] | None = None

    def __call__(self, *parts: object) -> B:
        """Return what is made of the parts."""
        last = self._last
        if last is None or any(a is not b for a, b in zip(last[0], parts, strict=True)):
            last = self._last = (parts, self._make(*parts))
        return last[1]


class RememberedEach(Generic[A, B]):
    """Makes a thing of each of many, once for those that were there the last time as well."""

    def __init__(self, make: Callable[[A], B]) -> None:
        self._make = make
        self._last: dict[int, tuple[A, B]] = {}

    def __call__(self, things: Iterable[A]) -> list[B]:
        """Return what is made of each, in their order."""
        last, kept = self._last, dict[int, tuple[A, B]]()
        made: list[B] = []
        for thing in things:
            # Kept beside its number, so that no later thing can have got the same number.
            pair = last.get(id(thing)) or (thing, self._make(thing))
            kept[id(thing)] = pair
            made.append(pair[1])
        self._last = kept
        return made
