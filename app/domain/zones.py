"""Time zones by name."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: str) -> ZoneInfo:
    """Return a zone; UTC for a name that this machine does not know."""
    return _found(name) or ZoneInfo("UTC")


def is_zone(name: str) -> bool:
    """Whether this machine knows a zone of that name."""
    return _found(name) is not None


def _found(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
        return None
