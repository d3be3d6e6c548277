"""What two copies of an incident each did on their own, so that merged they have it twice.

Neither is wrong by itself, and both are kept; which one holds is for a person to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import TypeVar

from app.domain.locks import Lock
from app.domain.merged_voices import MergedVoices
from app.domain.record import Record
from app.domain.roles import SHARED_ROLES, Role, same_person
from app.domain.rules.commands import changing, command

T = TypeVar("T", Role, Lock)
EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Double:
    """Two things of a type that contradict each other: the one from here, the one that came."""

    type: str
    ids: tuple[str, str]
    message: str
    remedy: str


def doubles(record: Record, came: Collection[str]) -> tuple[Double, ...]:
    """Return what is there twice since a merge; ``came`` are the ids that it brought."""
    return (*_roles(record, came), *_locks(record, came), *_voices(record))


def _roles(record: Record, came: Collection[str]) -> Iterator[Double]:
    held = [r for r in record.roles if r.person is not None and r.name not in SHARED_ROLES]
    for ours, theirs in _pairs(held, came):
        if ours.name == theirs.name and _overlap(ours, theirs):
            yield Double(
                "role",
                (ours.id, theirs.id),
                f"{ours.person} (here) and {theirs.person} (in the bundle) are {ours.name} "
                "at the same time.",
                _settling(record, ours, theirs),
            )


def _settling(record: Record, ours: Role, theirs: Role) -> str:
    if ours.is_held and theirs.is_held and not same_person(ours.person, theirs.person):
        ending = command(record.incident.id, "role", theirs.name, theirs.person or "", "--end")
        return f"End the one who is not: {ending}"
    taking_out = changing(record.incident.id, "roles", theirs.id, remove=True)
    return f"Take out the one that is wrong, here the bundle's: {taking_out}"


def _locks(record: Record, came: Collection[str]) -> Iterator[Double]:
    for ours, theirs in _pairs(record.locks, came):
        if ours.name == theirs.name:
            yield Double(
                "lock",
                (ours.id, theirs.id),
                f"Two locks are called “{ours.name}”: {ours.id} by {ours.by} (here) "
                f"and {theirs.id} by {theirs.by} (in the bundle).",
                "Lock it once more under a new name; what changed since the other's: "
                f"{command(record.incident.id, 'locks', '--diff', theirs.id)}",
            )


def _voices(record: Record) -> Iterator[Double]:
    """Each copy refuses a name twice; two copies that named voices apart do not know it."""
    for one, other in combinations(MergedVoices(record.speakers).shown, 2):
        if one.name is not None and same_person(one.name, other.name):
            merging = command(record.incident.id, "speakers", "--merge", f"{other.id},{one.id}")
            yield Double(
                "speaker",
                (one.id, other.id),
                f"{one.label} and {other.label} are both called {one.name}.",
                f"Merge them if they are one person, else rename one: {merging}",
            )


def _pairs(things: Collection[T], came: Collection[str]) -> Iterator[tuple[T, T]]:
    """Yield each of ours with each that came."""
    for one, other in combinations(things, 2):
        if (one.id in came) != (other.id in came):
            yield (other, one) if one.id in came else (one, other)


def _overlap(one: Role, other: Role) -> bool:
    first, last = EVER
    begins = max(one.from_ or first, other.from_ or first)
    return begins < min(one.to or last, other.to or last)
