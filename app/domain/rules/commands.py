"""The command that mends a finding, as it is typed; words in capitals are to be filled in.

It is typed into the shells of Linux and macOS, PowerShell and cmd, which agree on little.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.ids import IncidentId

DAY, MOMENT, TIME, WORDS, NAME = "YYYY-MM-DD", "YYYY-MM-DDTHH:MM:SSZ", "TIME", "WORDS", "NAME"
ENTRY, PROOF, KIND = "ENTRY", "FILE_OR_URL", "KIND"

EDITS = "FILE.json"
# What stands in double quotes as it is, in every shell
PLAIN = re.compile(r"[^\"\\$`!%\r\n]*")


@dataclass(frozen=True, slots=True)
class Typed:
    """A command; ``document`` is what the file of edits holds that it names, None without one."""

    command: str
    document: dict[str, Any] | None = None

    def __str__(self) -> str:
        """Return both in one line."""
        return self.command + (f" ({holding(self.document)})" if self.document else "")


def command(incident_id: IncidentId, name: str, *words: str) -> Typed:
    """Return ``hotwash NAME INCIDENT words…``, quoted for every shell where that can be done."""
    return Typed(" ".join(_quoted(word) for word in ("hotwash", name, incident_id, *words)))


def _quoted(word: str) -> str:
    quoted = shlex.quote(word)
    return f'"{word}"' if quoted != word and PLAIN.fullmatch(word) else quoted


def holding(document: Mapping[str, Any]) -> str:
    """Return what the file of edits holds, in words."""
    return f"{EDITS} is a file that you make, with {json.dumps(document, ensure_ascii=False)}"


def applying(incident_id: IncidentId, document: dict[str, Any]) -> Typed:
    """Return how a document of edits is applied, for what has no command of its own."""
    return replace(command(incident_id, "apply", EDITS), document=document)


def changing(incident_id: IncidentId, part: str, thing: str, **values: object) -> Typed:
    """Return how fields of one thing in a list of the record are changed."""
    items = [{"id": thing, **values}]
    return applying(incident_id, {"rca": {part: items}} if part == "factors" else {part: items})


def proving(incident_id: IncidentId, entry_id: str) -> Typed:
    """Return how evidence is tied to an entry."""
    return command(incident_id, "evidence", "--add", PROOF, "--kind", KIND, "--entry", entry_id)
