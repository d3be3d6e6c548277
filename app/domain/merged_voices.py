"""Voices of which a person has said that they are one.

A merge is kept on the voice that went into another, not on its lines: those that it says later, or
that a later pass finds, count as the other's too, and taking the merge back is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.ids import SpeakerId
    from app.domain.transcript import Speaker


class MergedVoices:
    """The voices of a record, asked by the ids that stand at its lines."""

    def __init__(self, speakers: Iterable[Speaker]) -> None:
        self._known = {speaker.id: speaker for speaker in speakers}
        self._one = {speaker_id: self._followed(speaker_id) for speaker_id in self._known}

    @property
    def shown(self) -> tuple[Speaker, ...]:
        """The voices that are people of their own, in the record's order."""
        return tuple(known for known in self._known.values() if self._one[known.id] == known.id)

    def id_of(self, speaker_id: SpeakerId | None) -> SpeakerId | None:
        """Return as whose a line counts; what is not on record stands for itself."""
        return None if speaker_id is None else self._one.get(speaker_id, speaker_id)

    def get(self, speaker_id: SpeakerId | None) -> Speaker | None:
        """Return the voice as which one counts; None where none is on record."""
        counted = self.id_of(speaker_id)
        return None if counted is None else self._known.get(counted)

    def named(self, speaker_id: SpeakerId) -> Speaker:
        """Return the voice as which one counts, which a person has named by its id.

        Raises:
            NotFoundError: There is no such voice.
        """
        found = self.get(speaker_id)
        if found is None:
            raise NotFoundError(
                f"There is no voice “{speaker_id}”.", remedy="“hotwash speakers ID” lists them."
            )
        return found

    def merged_into(self, speaker_id: SpeakerId) -> tuple[Speaker, ...]:
        """Return the voices that went into one, in the record's order."""
        return tuple(
            known
            for known in self._known.values()
            if self._one[known.id] == speaker_id != known.id
        )

    def _followed(self, speaker_id: SpeakerId) -> SpeakerId:
        """Return where a chain of merges ends.

        Two copies of an incident may each have merged the other way round. Then the voice whose
        id comes first stands for all, so that every reader sees the same.
        """
        way = [speaker_id]
        while (further := self._known[way[-1]].merged_into) in self._known:
            if further in way:
                return min(way[way.index(further) :])
            way.append(further)
        return way[-1]
