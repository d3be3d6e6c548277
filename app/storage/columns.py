"""Kinds of columns, as the tables declare them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, ForeignKey
from sqlmodel import Field

from app.storage.column_types import UtcDateTime


def id_column() -> Any:
    """The name of the thing."""
    return Field(primary_key=True)


def incident_id_column() -> Any:
    """The name of a thing of which an incident has one."""
    return Field(sa_column=Column(_key("incident"), primary_key=True))


def utc(*, nullable: bool = True) -> Any:
    """A clock time."""
    return Field(sa_column=Column(UtcDateTime(), nullable=nullable))


def json_column() -> Any:
    """What has parts of its own."""
    return Field(sa_column=Column(JSON(none_as_null=True), nullable=True))


def ref(table: str, *, nullable: bool = False) -> Any:
    """The id of something in another table."""
    return Field(sa_column=Column(_key(table), nullable=nullable, index=True))


def _key(table: str) -> ForeignKey:
    # Deferred: one step of work may add a thing and what it refers to in any order.
    return ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")
