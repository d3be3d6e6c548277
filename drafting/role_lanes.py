"""Who held which role and when, and how much each role spoke."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.merged_voices import MergedVoices
from app.domain.roles import KNOWN_ROLES
from app.domain.talk_time import talk_times
from app.domain.times import clock_text
from drafting.report_charts import Bar, Lane, LaneChart, Mark
from drafting.report_conduct import TalkRow
from drafting.time_axis import axis_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.domain.record import Record
    from app.domain.roles import Role

NO_ROLE = "voices without a role"


def role_lanes(record: Record, within: Sequence[datetime]) -> LaneChart | None:
    """Return the roles as lanes and acknowledged handovers as marks; None where none is timed.

    ``within`` are moments of the incident itself; a role that nobody laid down goes on to the
    last moment there is.
    """
    held = [role for role in record.roles if role.person and role.from_ is not None]
    handed = [c.acknowledged_at for c in record.checkpoints if c.acknowledged_at is not None]
    known = [moment for role in held for moment in (role.from_, role.to) if moment is not None]
    axis, offset = axis_of([*known, *handed, *within])
    if axis is None or not held:
        return None
    by_name: dict[str, list[Role]] = {}
    for role in sorted(held, key=lambda role: (role.from_ or within[0], role.person or "")):
        by_name.setdefault(role.name, []).append(role)
    lanes = tuple(
        Lane(
            name,
            tuple(
                Bar(
                    offset(role.from_) if role.from_ is not None else 0.0,
                    offset(role.to) if role.to is not None else axis.length_s,
                    role.person or "",
                    open_end=role.to is None,
                )
                for role in roles
            ),
        )
        for name, roles in sorted(by_name.items(), key=lambda item: _place(item[0]))
    )
    marks = tuple(
        Mark(offset(at), "handover acknowledged", f"{at:%H:%M}") for at in sorted(handed)
    )
    return LaneChart(axis, lanes, marks)


def _place(name: str) -> tuple[int, str]:
    return (KNOWN_ROLES.index(name) if name in KNOWN_ROLES else len(KNOWN_ROLES), name)


def talk_rows(record: Record) -> tuple[TalkRow, ...]:
    """Return how long each role was heard, the longest first; none unless a voice is confirmed.

    Flagged transcript and what the loudspeakers repeated do not count.
    """
    trusted = (segment for segment in record.segments if segment.flag is None)
    talks = talk_times(trusted, record.speakers)
    heard: dict[str, int] = {}
    for voice in MergedVoices(record.speakers).shown:
        if voice.confirmed and voice.id in talks:
            role = voice.role or NO_ROLE
            heard[role] = heard.get(role, 0) + talks[voice.id].ms
    total = sum(heard.values())
    return tuple(
        TalkRow(who, clock_text(length), length / total)
        for who, length in sorted(heard.items(), key=lambda item: (-item[1], item[0]))
    )
