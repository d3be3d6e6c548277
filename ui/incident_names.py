"""How incidents are called where a person must tell one from another."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ui.moments import full_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.ids import IncidentId
    from app.services.incidents import IncidentSummary

SHORT_ID = 8  # as much as “hotwash” needs to find it by: the prefix and four characters


def incident_name(incident: IncidentSummary, *, between: str = " ") -> str:
    """Return ``SEV1 Checkout errors``."""
    severity = f"{incident.severity}{between}" if incident.severity else ""
    return f"{severity}{incident.title}"


def short_id(incident_id: IncidentId) -> str:
    """Return ``inc-4k7q``."""
    return incident_id[:SHORT_ID]


def listed_names(
    incidents: Sequence[IncidentSummary], created: Mapping[IncidentId, datetime]
) -> list[str]:
    """Return the names for a list; equal ones with their date and the beginning of their id."""
    names = [incident_name(incident, between="  ") for incident in incidents]
    times = Counter(name.casefold() for name in names)
    return [
        f"{name}  ·  {' '.join(_marks(incident, created))}" if times[name.casefold()] > 1 else name
        for name, incident in zip(names, incidents, strict=True)
    ]


def incident_tip(incident: IncidentSummary, created: Mapping[IncidentId, datetime]) -> str:
    """Return what else is known of an incident, one thing a line."""
    moment = _moment(incident, created)
    lines = [incident_name(incident), incident.state.value.replace("_", " ")]
    return "\n".join([*lines, *([full_text(moment)] if moment else []), incident.id])


def _marks(incident: IncidentSummary, created: Mapping[IncidentId, datetime]) -> list[str]:
    moment = _moment(incident, created)
    date = [f"{moment.astimezone(UTC):%Y-%m-%d}"] if moment else []
    return [*date, short_id(incident.id)]


def _moment(incident: IncidentSummary, created: Mapping[IncidentId, datetime]) -> datetime | None:
    """When it began, or when it was entered where nobody said."""
    return incident.started_at or created.get(incident.id)
