"""The prepared answers of the demonstration: what a person types, and how it names things.

``@ent.deploy`` is the entry of the promotion called ``deploy``, ``@act.…`` and ``@dec.…`` what
came with it; any other such name stands for something that the answers add themselves. The part
before the dot is the beginning of the id.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from app.domain.ids import new_id

if TYPE_CHECKING:
    from pathlib import Path

NAME = re.compile(r"@([a-z]+)\.\w+")


class DemoAnswers:
    """The answers of one walk; each name means one thing throughout."""

    def __init__(self, folder: Path) -> None:
        self._answers: dict[str, Any] = json.loads(
            (folder / "answers.json").read_text(encoding="utf-8")
        )
        self._ids: dict[str, str] = {}

    def __getitem__(self, name: str) -> Any:
        """Return an answer as it is written."""
        return self._answers[name]

    def name(self, name: str, entity_id: str) -> None:
        """Say what a name means; the kind of thing is read off its id."""
        self._ids[f"@{entity_id.partition('-')[0]}.{name}"] = entity_id

    def resolved(self, value: Any) -> Any:
        """Return the JSON values with ids in the place of names."""
        if isinstance(value, dict):
            return {key: self.resolved(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolved(item) for item in value]
        found = NAME.fullmatch(value) if isinstance(value, str) else None
        return value if found is None else self._ids.setdefault(value, new_id(found[1]))
