"""Use cases: say who speaks. Rename, merge and split voices, and give lines to other ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError, NameTakenError
from app.domain.ids import SpeakerId, new_id
from app.domain.merged_voices import MergedVoices
from app.domain.record import Change, Record
from app.domain.roles import KNOWN_ROLES, role_name, same_person
from app.domain.transcript import Segment, Speaker
from app.domain.voice_samples import VoiceSample, voice_samples
from app.services.chosen_lines import changes_giving, chosen_lines, lines_from
from app.services.entry_steps import Steps
from app.services.voice_labels import DRAFT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.ids import IncidentId, SegmentId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Operation
    from app.services.promotion import Selection


class People:
    """Each call is one step of the history; None, and no step, where it stands so already.

    A voice that was merged into another is that other one, whichever of the two is named.
    """

    def __init__(self, store: RecordStore, bus: EventBus, *, actor: str) -> None:
        self._store = store
        self._steps = Steps(store, bus, actor=actor)

    def rename(self, incident_id: IncidentId, voice: SpeakerId, name: str) -> Operation | None:
        """Say who a voice is; it shows everywhere at once. An empty name takes it back.

        Raises:
            NotFoundError: There is no such voice.
            NameTakenError: Another voice is called that.
        """
        record = self._store.record(incident_id)
        before = _voice(record, voice)
        named = name.strip() or None
        if named is not None:
            _refuse_taken(record, before, named)
        after = replace(before, name=named, confirmed=named is not None)
        return self._steps.keep(incident_id, [Change(before, after)], "name a speaker")

    def set_role(self, incident_id: IncidentId, voice: SpeakerId, role: str) -> Operation | None:
        """Say what a person's role is, such as ``scribe`` or ``IC``; an empty one takes it back.

        Those of the house are spelled in one way, a team's own as they are typed.

        Raises:
            NotFoundError: There is no such voice.
        """
        before = _voice(self._store.record(incident_id), voice)
        known = role_name(role)
        written = known if known in KNOWN_ROLES else role.strip()
        after = replace(before, role=written or None)
        return self._steps.keep(incident_id, [Change(before, after)], "give a speaker a role")

    def merge(
        self, incident_id: IncidentId, voice: SpeakerId, into: SpeakerId
    ) -> Operation | None:
        """Say that two voices are one person: the first counts as the second from now on.

        What the second has no name or role for, it takes over. Lines that are found to be the
        first one's later count, too.

        Raises:
            NotFoundError: There is no such voice.
            InvalidRecordError: They are one already.
        """
        record = self._store.record(incident_id)
        gone, kept = _voice(record, voice), _voice(record, into)
        if gone.id == kept.id:
            raise InvalidRecordError(
                kept.shown_as,
                "it cannot be merged into itself",
                remedy="Choose two voices that “hotwash speakers ID” lists apart.",
            )
        named = (
            kept
            if kept.name is not None
            else replace(kept, name=gone.name, confirmed=kept.confirmed or gone.confirmed)
        )
        both = replace(named, role=kept.role or gone.role, merged_into=None)
        changes = [Change(gone, replace(gone, merged_into=kept.id)), Change(kept, both)]
        return self._steps.keep(incident_id, changes, "merge two voices")

    def unmerge(self, incident_id: IncidentId, voice: SpeakerId) -> Operation | None:
        """Take a voice that was merged into another out of it again.

        Raises:
            NotFoundError: There is no such voice.
            InvalidRecordError: It is in no other voice.
        """
        record = self._store.record(incident_id)
        _voice(record, voice)  # refuses one that is not there
        before = next(known for known in record.speakers if known.id == voice)
        if before.merged_into is None:
            raise InvalidRecordError(
                before.shown_as,
                "it was not merged into another voice",
                remedy="“hotwash speakers ID” says which were. Some lines can be split off.",
            )
        apart = [Change(before, replace(before, merged_into=None))]
        back = _merged_back(record, before)
        if back is not None:
            apart.append(Change(back, replace(back, merged_into=None)))
        return self._steps.keep(
            incident_id, [*apart, *_name_goes(record, before, back)], "take merged voices apart"
        )

    def reassign(
        self, incident_id: IncidentId, selection: Sequence[Selection], voice: SpeakerId
    ) -> Operation | None:
        """Say whose words these are; a line of which some are chosen is divided at them.

        A later pass leaves these lines with whom they are.

        Raises:
            NotFoundError: There is no such voice.
            InvalidRecordError: Nothing is chosen, or it is no longer in the transcript.
        """
        record = self._store.record(incident_id)
        given = _voice(record, voice).id
        return self._steps.keep(
            incident_id, changes_giving(record, selection, given), "say who said it"
        )

    def split(
        self, incident_id: IncidentId, selection: Sequence[Selection], name: str = ""
    ) -> Operation | None:
        """Say that these words are of a person who has no voice yet; named, if it is known.

        Raises:
            NameTakenError: Another voice is called that.
            InvalidRecordError: Nothing is chosen, it is no longer in the transcript, or it is all
                that the voice says.
        """
        record = self._store.record(incident_id)
        fresh = _fresh_voice(record, selection, name.strip())
        given = changes_giving(record, selection, fresh.id)
        _refuse_whole_voice(record, given)
        return self._steps.keep(incident_id, [Change(None, fresh), *given], "split a voice")

    def split_from(
        self, incident_id: IncidentId, segment_id: SegmentId, name: str = ""
    ) -> Operation | None:
        """Say that from a line on its voice is another person, to the end of the session.

        Raises:
            NameTakenError: Another voice is called that.
            InvalidRecordError: The line is no longer there, or it is the first of its voice.
        """
        record = self._store.record(incident_id)
        return self.split(incident_id, lines_from(record, segment_id), name)

    def samples(self, incident_id: IncidentId, voice: SpeakerId) -> tuple[VoiceSample, ...]:
        """Return what to listen to when a person asks whose a voice is; nothing if it is silent.

        Raises:
            NotFoundError: There is no such voice.
        """
        record = self._store.record(incident_id)
        return voice_samples(record, _voice(record, voice).id)


def _voice(record: Record, voice: SpeakerId) -> Speaker:
    return MergedVoices(record.speakers).named(voice)


def _merged_back(record: Record, voice: Speaker) -> Speaker | None:
    """Return who was merged into a voice that, itself or by way of others, went into them.

    Two copies of an incident may each have merged the other way round.
    """
    known = {speaker.id: speaker for speaker in record.speakers}
    way = [voice]
    while (into := way[-1].merged_into) in known and known[into] not in way:
        way.append(known[into])
    return way[-1] if len(way) > 1 and way[-1].merged_into == voice.id else None


def _name_goes(record: Record, voice: Speaker, back: Speaker | None) -> list[Change]:
    """Return what takes the name of a voice that leaves from the one that has it from there.

    Names are one voice's alone.
    """
    other = _voice(record, voice.id)
    if other.id == voice.id and back is not None:
        other = back
    if other.name is None or not same_person(other.name, voice.name):
        return []
    return [Change(other, replace(other, name=None, confirmed=False))]


def _refuse_taken(record: Record, voice: Speaker, name: str) -> None:
    for other in MergedVoices(record.speakers).shown:
        if other.id != voice.id and same_person(other.shown_as, name):
            raise NameTakenError(name, other.id)


def _fresh_voice(record: Record, selection: Sequence[Selection], name: str) -> Speaker:
    """Return a voice for words that another one was said to say, labelled after that one."""
    lines = chosen_lines(record, selection)
    sides = {record.track(line.track_id).label for line in lines}
    side = sides.pop() if len(sides) == 1 else None
    old = MergedVoices(record.speakers).get(lines[0].speaker_id)
    stem = record.track(lines[0].track_id).label.capitalize()
    if old is not None:
        stem = old.label.removesuffix(DRAFT)
    taken = {speaker.label for speaker in record.speakers}
    label = next(made for n in count(2) if (made := f"{stem} ({n})") not in taken)
    fresh = Speaker(SpeakerId(new_id("spk")), record.incident.id, label, side)
    if not name:
        return fresh
    _refuse_taken(record, fresh, name)
    return replace(fresh, name=name, confirmed=True)


def _refuse_whole_voice(record: Record, given: Sequence[Change]) -> None:
    """Refuse to leave a voice without a word: that is another name for it, no split."""
    voices = MergedVoices(record.speakers)
    before = [change.before for change in given if isinstance(change.before, Segment)]
    after = [change.after for change in given if isinstance(change.after, Segment)]
    moved = {line.id for line in before}
    staying = [*after, *(line for line in record.segments if line.id not in moved)]
    left = {voices.id_of(line.speaker_id) for line in staying}
    for line in before:
        old = voices.get(line.speaker_id)
        if old is not None and old.id not in left:
            raise InvalidRecordError(
                old.shown_as,
                "that is all that this voice says",
                remedy="Rename the voice, or choose fewer lines.",
            )
