"""Fields that Python cannot name as the record's JSON does: one table of them."""

from __future__ import annotations

JSON_NAMES = {"from_": "from"}  # a keyword


def json_name(field: str) -> str:
    """Return the name that a field has in JSON."""
    return JSON_NAMES.get(field, field)


# What a dataclass with such a field carries as ``__pydantic_config__``: plain data, so that the
# domain, and the window with it, need not load the library.
BY_JSON_NAME = {"alias_generator": json_name}
