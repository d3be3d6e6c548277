"""Edits an incident as people do, one step after the other, until it is killed.

Arguments: the data folder, the incident, a seed. Prints a line of JSON for each step that was
acknowledged: its id, and whether it now stands.
"""

import contextlib
import itertools
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

from app.bootstrap import build
from app.domain.errors import AppError
from app.domain.events import Event, RecordChanged
from app.domain.home import Home
from app.domain.ids import IncidentId
from app.domain.record import Record
from app.domain.timeline import EntryKind
from app.services.program import Program
from app.services.promotion import Selection
from app.services.status_updates import StatusWords


def tell(event: Event) -> None:
    if isinstance(event, RecordChanged) and event.operation is not None:
        step = event.operation
        said = {"incident": event.incident_id, "step": step.id, "stands": not step.undone}
        print(json.dumps(said), flush=True)


class Script:
    def __init__(self, program: Program, incident_id: IncidentId, chance: random.Random) -> None:
        self.program = program
        self.incident_id = incident_id
        self.chance = chance
        self.numbers = itertools.count()

    @property
    def record(self) -> Record:
        return self.program.incidents.record(self.incident_id)

    def open_another(self) -> None:
        self.program.incidents.create(f"Another one, {next(self.numbers)}", "SEV2")

    def promote(self) -> None:
        segment = self.chance.choice(self.record.segments)
        kind = self.chance.choice(list(EntryKind))
        self.program.promotion.promote(self.incident_id, [Selection(segment.id)], kind=kind)

    def reword(self) -> None:
        entry = self.chance.choice(self.record.entries)
        self.program.editing.set_text(self.incident_id, entry.id, f"Words {next(self.numbers)}")

    def change_kind(self) -> None:
        entry = self.chance.choice(self.record.entries)
        kind = self.chance.choice(list(EntryKind))
        self.program.editing.set_kind(self.incident_id, entry.id, kind)

    def remove(self) -> None:
        entry = self.chance.choice(self.record.entries)
        self.program.editing.remove_entry(self.incident_id, entry.id)

    def correct(self) -> None:
        segment = self.chance.choice(self.record.segments)
        text = f"the pool held {next(self.numbers)} connections"
        self.program.editing.set_segment_text(self.incident_id, segment.id, text)

    def retime(self) -> None:
        entry = self.chance.choice(self.record.entries)
        minute = self.chance.randrange(60)
        at = {"occurred_at": f"2026-03-12T14:{minute:02}:00Z", "precision": "minute"}
        self.program.edits.apply(self.incident_id, {"entries": [{"id": entry.id, **at}]})

    def apply(self) -> None:
        new = {"kind": "fact", "text": f"Applied {next(self.numbers)}"}
        scope = {"users": f"{next(self.numbers)} tenants"}
        self.program.edits.apply(self.incident_id, {"entries": [new, new], "scope": scope})

    def undo(self) -> None:
        self.program.editing.undo(self.incident_id)

    def redo(self) -> None:
        self.program.editing.redo(self.incident_id)

    def lock(self) -> None:
        self.program.locking.lock(self.incident_id, f"lock {self.chance.random()}")

    def post(self) -> None:
        words = StatusWords(known=f"Known {next(self.numbers)}")
        self.program.status_updates.post(self.incident_id, words, next_update="30m")

    def steps(self) -> list[Callable[[], None]]:
        often = [self.promote, self.reword, self.correct, self.retime, self.apply, self.undo]
        seldom = [self.open_another, self.change_kind, self.remove, self.lock, self.post]
        return [*often, *often, self.redo, *seldom]


def main(home: Path, incident_id: str, seed: str) -> None:
    program = build(Home(home), actor="script")
    program.bus.subscribe(tell)
    script = Script(program, IncidentId(incident_id), random.Random(seed))  # noqa: S311  no secret
    script.promote()
    while True:
        # A step may not fit what the last ones left, such as an empty timeline.
        with contextlib.suppress(AppError, IndexError):
            script.chance.choice(script.steps())()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
