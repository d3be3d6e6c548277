"""A second program that writes an incident: so many steps of one kind, one after the other.

Arguments: the data folder, the incident, what it does (``add``, or the field of the one entry
that it changes), how often, its name, the pace in seconds. It waits for a line on its input
before it begins. Prints a line of JSON for each step: its id, the words, when it was
acknowledged, and how often it had been refused before.
"""

import json
import sys
import time
from pathlib import Path

from app.bootstrap import build
from app.domain.errors import InvalidRecordError
from app.domain.home import Home
from app.domain.ids import IncidentId
from app.domain.record import Operation
from app.services.program import Program

MEANWHILE = "changed by someone else meanwhile"


def document(program: Program, incident_id: IncidentId, what: str, words: str) -> object:
    if what == "add":
        return {"entries": [{"kind": "fact", "text": words}]}
    entry = program.incidents.record(incident_id).entries[0]
    return {"entries": [{"id": entry.id, what: words}]}


def step(
    program: Program, incident_id: IncidentId, what: str, words: str
) -> tuple[Operation, int]:
    """Do it, again when somebody was faster, as a person would who is told so."""
    refused = 0
    while True:
        try:
            made = document(program, incident_id, what, words)
            return program.edits.apply(incident_id, made), refused
        except InvalidRecordError as error:
            if MEANWHILE not in str(error):
                raise
            refused += 1


def main(home: str, incident: str, what: str, count: str, *, name: str, pace_s: str) -> None:
    program = build(Home(Path(home)), actor=name)
    incident_id = IncidentId(incident)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(count)):
        words = f"{name} {number}"
        operation, refused = step(program, incident_id, what, words)
        told = {"id": operation.id, "text": words, "at": time.time(), "refused": refused}
        print(json.dumps(told), flush=True)
        time.sleep(float(pace_s))
    program.shutdown()


if __name__ == "__main__":
    *first, name, pace_s = sys.argv[1:]
    main(*first, name=name, pace_s=pace_s)
