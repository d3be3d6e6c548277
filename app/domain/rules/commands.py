"""The command that mends a finding, as it is typed; words in capitals are to be filled in."""

from __future__ import annotations

import json
import shlex
from typing import Any

from app.domain.ids import IncidentId

DAY, MOMENT, TIME, WORDS, NAME = "YYYY-MM-DD", "YYYY-MM-DDTHH:MM:SSZ", "TIME", "WORDS", "NAME"
ENTRY, PROOF = "ENTRY", "FILE_OR_URL"


def command(incident_id: IncidentId, name: str, *words: str) -> str:
    """Return ``hotwash NAME INCIDENT words…``, quoted for a shell."""
    return shlex.join(("hotwash", name, incident_id, *words))


def applying(incident_id: IncidentId, document: dict[str, Any]) -> str:
    """Return how a document of edits is applied, for what has no command of its own."""
    text = shlex.quote(json.dumps(document, ensure_ascii=False))
    return f"echo {text} | {command(incident_id, 'apply', '-')}"


def changing(incident_id: IncidentId, part: str, thing: str, **values: object) -> str:
    """Return how fields of one thing in a list of the record are changed."""
    items = [{"id": thing, **values}]
    return applying(incident_id, {"rca": {part: items}} if part == "factors" else {part: items})


def proving(incident_id: IncidentId, entry_id: str) -> str:
    """Return how evidence is tied to an entry."""
    return command(incident_id, "evidence", "--add", PROOF, "--entry", entry_id)
