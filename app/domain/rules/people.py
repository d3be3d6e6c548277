"""The people that a record knows by name."""

from __future__ import annotations

from itertools import chain

from app.domain.merged_voices import MergedVoices
from app.domain.record import Record
from app.domain.roles import KNOWN_ROLES, role_name

READS = ("incident", "roles", "speakers", "actions", "messages")
SHORTEST_NAME = 3


def people_of(record: Record) -> frozenset[str]:
    """Return their names, and the first of several names, as they were written."""
    named = chain(
        (role.person for role in record.roles),
        (voice.name for voice in MergedVoices(record.speakers).shown),
        (action.owner for action in record.actions),
        (message.author for message in record.messages),
        (record.incident.owner,),
    )
    whole = {name.strip() for name in named if name and name.strip()}
    people = frozenset(name for name in whole if role_name(name) not in KNOWN_ROLES)
    # A word that is no name, such as “checkout bot”, has no capital to be a first name by.
    firsts = {name.split()[0] for name in people}
    known = (first for first in firsts if first[0].isupper() and len(first) >= SHORTEST_NAME)
    return people | frozenset(known)
