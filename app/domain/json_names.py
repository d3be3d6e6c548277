"""Fields that Python cannot name as the record's JSON does: one table of them."""

from __future__ import annotations

from typing import Any

from pydantic import Field

JSON_NAMES = {"from_": "from"}  # a keyword

FROM: Any = Field(alias=JSON_NAMES["from_"])


def json_name(field: str) -> str:
    """Return the name that a field has in JSON."""
    return JSON_NAMES.get(field, field)
