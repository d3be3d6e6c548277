"""Reads entities from rows, with the bare driver: thousands of rows are nothing to it."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from app.domain.record import NAMES, Entity
from app.domain.row_encoding import fields_of, from_rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

E = TypeVar("E", bound=Entity)


@cache
def columns_text(kind: Any) -> str:
    """Return the columns of a kind as SQL selects them, in the order of its fields.

    Times are kept in UTC, without saying so.
    """
    shape = fields_of(kind)
    return ", ".join(
        f"\"{name}\" || '+00:00'" if name in shape.times else f'"{name}"' for name in shape.names
    )


def select(
    connection: sqlite3.Connection, kind: type[E], rest: str, values: tuple[Any, ...] = ()
) -> list[E]:
    """Return the entities of a kind that SQL like ``WHERE id = ?`` tells.

    Raises:
        InvalidRecordError: A row is damaged; it is named.
    """
    shape: Any = kind  # to the type checker, a kind of entity cannot be looked up
    query = f'SELECT {columns_text(shape)} FROM "{NAMES[shape]}" {rest}'  # noqa: S608  our own words
    at = fields_of(shape).names.index("id")
    return from_rows(
        kind,
        connection.execute(query, values),
        place=lambda row: f"{kind.__name__} {row[at]}",
    )


def select_all(connection: sqlite3.Connection, kind: type[E], ids: Sequence[str]) -> list[E]:
    """Return the entities of these names that there are, in any order."""
    return select(
        connection, kind, "WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
    )


def select_one(connection: sqlite3.Connection, kind: type[E], id_: str) -> E | None:
    """Return the entity of that name, None if there is none."""
    return next(iter(select_all(connection, kind, [id_])), None)
