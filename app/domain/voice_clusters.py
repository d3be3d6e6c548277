"""Tells the voices of one track apart while people still speak, one utterance after the other.

What people have said of voices holds: two that they have named, joined or divided are never made
one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from app.domain.voice_vectors import likeness, vector_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.domain.ids import SegmentId, SpeakerId
    from app.domain.voice_vectors import Vector

MOST_VOICES = 12
SHORT_MS = 1_000  # too little to tell a new voice by, or to change how a known one sounds
NEW_MS = 2_000  # less makes no voice beside others: a few words sound like nobody
FAR = 0.15  # of likeness below ``same_above``: unlike even for a short utterance
LONE_AFTER = 8  # utterances after which a voice with one line is hardly a person
LONGEST_WEIGHT_MS = 8_000  # a monologue must not drown out all the rest


@dataclass(slots=True, eq=False)
class _Cluster:
    """Utterances that sound alike; a voice that people joined from several has several."""

    voice: SpeakerId
    total: list[float]
    since: int  # so many utterances were heard before it
    weight: float = 0.0
    lines: int = 0
    centroid: Vector | None = None

    def add(self, vector: Vector, weight: float) -> None:
        self.total = [
            known + weight * value for known, value in zip(self.total, vector, strict=True)
        ]
        self.weight += weight
        self.lines += 1
        self.centroid = vector_of(self.total)


@dataclass(slots=True, eq=False)
class _Utterance:
    vector: Vector
    duration_ms: int
    voice: SpeakerId | None = None

    @property
    def weight(self) -> float:
        return min(self.duration_ms, LONGEST_WEIGHT_MS) / 1_000 if self.counts else 0.0

    @property
    def counts(self) -> bool:
        return self.duration_ms >= SHORT_MS


@dataclass(slots=True)
class VoiceClusters:
    """The voices heard so far on one track.

    ``same_above`` is how alike two utterances of one voice are, ``new_voice`` names the next one.
    """

    same_above: float
    new_voice: Callable[[], SpeakerId]
    most: int = MOST_VOICES
    _clusters: list[_Cluster] = field(default_factory=list)
    _heard: dict[SegmentId, _Utterance] = field(default_factory=dict)
    _of_people: set[SpeakerId] = field(default_factory=set)

    def hear(
        self, segment_id: SegmentId, vector: Vector, duration_ms: int
    ) -> dict[SegmentId, SpeakerId]:
        """Take an utterance in; return whose voice it and others are now thought to be.

        One that is short and like no voice stays nobody's until a voice comes that it is like.
        """
        before = self._voices()
        utterance = self._heard[segment_id] = _Utterance(vector, duration_ms)
        nearest, alike = self._nearest(vector)
        if self._is_new(utterance, alike):
            self._begin_cluster(utterance, self.new_voice())
            self._settle_short()
        elif nearest is not None and (self._is_full or alike >= self._least):
            self._join(utterance, nearest)
        self._merge_alike()
        self._merge_lone()
        after = self._voices()
        return {key: voice for key, voice in after.items() if before.get(key) != voice}

    def place(
        self, segment_id: SegmentId, voice: SpeakerId, vector: Vector, duration_ms: int
    ) -> None:
        """Take in an utterance whose voice is known; one unlike the voice widens it."""
        utterance = self._heard[segment_id] = _Utterance(vector, duration_ms, voice=voice)
        if not utterance.counts:
            return
        nearest, alike = self._nearest(vector, of=voice)
        if nearest is not None and alike >= self.same_above:
            self._join(utterance, nearest)
        else:
            self._begin_cluster(utterance, voice)

    def keep_apart(self, voices: Iterable[SpeakerId]) -> None:
        """Never make one voice of these, or of any that was told before: people know them."""
        self._of_people.update(voices)

    def _nearest(
        self, vector: Vector, *, of: SpeakerId | None = None
    ) -> tuple[_Cluster | None, float]:
        """Return the cluster, of one voice or of any, that is most like a vector; and how much."""
        found, best = None, -1.0
        for cluster in self._clusters:
            if cluster.centroid is not None and of in {None, cluster.voice}:
                alike = likeness(cluster.centroid, vector)
                if alike > best:
                    found, best = cluster, alike
        return found, best

    @property
    def _least(self) -> float:
        """How alike an utterance that makes no voice must be to one to be of it."""
        return self.same_above - FAR

    @property
    def _is_full(self) -> bool:
        return len({cluster.voice for cluster in self._clusters}) >= self.most

    def _is_new(self, utterance: _Utterance, alike: float) -> bool:
        if not self._clusters:
            return utterance.counts
        is_long = utterance.duration_ms >= NEW_MS
        return is_long and alike < self.same_above and not self._is_full

    def _begin_cluster(self, utterance: _Utterance, voice: SpeakerId) -> None:
        cluster = _Cluster(voice, [0.0] * len(utterance.vector), len(self._heard))
        self._clusters.append(cluster)
        self._join(utterance, cluster)

    def _join(self, utterance: _Utterance, cluster: _Cluster) -> None:
        utterance.voice = cluster.voice
        cluster.add(utterance.vector, utterance.weight)

    def _merge_alike(self) -> None:
        """Make one of two voices that turned out to be alike, unless people know both."""
        while (pair := self._alike_pair()) is not None:
            self._make_one(*pair)

    def _merge_lone(self) -> None:
        """Take what nobody went on saying for a slip of the voice that it is nearly like."""
        for lone in [cluster for cluster in self._clusters if self._is_lone(cluster)]:
            others = [c for c in self._clusters if c.voice != lone.voice and c.lines > 1]
            alike = [(self._likeness(lone, other), other.voice) for other in others]
            best, voice = max(alike, default=(-1.0, lone.voice))
            if best >= self._least:
                self._make_one(voice, lone.voice)

    def _is_lone(self, cluster: _Cluster) -> bool:
        of_voice = sum(other.lines for other in self._clusters if other.voice == cluster.voice)
        is_old = len(self._heard) - cluster.since >= LONE_AFTER
        return of_voice == 1 and is_old and cluster.voice not in self._of_people

    def _make_one(self, kept: SpeakerId, gone: SpeakerId) -> None:
        for utterance in self._heard.values():
            if utterance.voice == gone:
                utterance.voice = kept
        for cluster in self._clusters:
            if cluster.voice == gone:
                cluster.voice = kept

    def _alike_pair(self) -> tuple[SpeakerId, SpeakerId] | None:
        """Return a voice that stays and one that is the same."""
        for one, other in combinations(self._clusters, 2):
            known = {one.voice, other.voice} & self._of_people
            if one.voice == other.voice or len(known) > 1:
                continue
            if self._likeness(one, other) < self.same_above:
                continue
            stays = next(iter(known), max(one, other, key=lambda c: c.weight).voice)
            return stays, other.voice if stays == one.voice else one.voice
        return None

    def _likeness(self, one: _Cluster, other: _Cluster) -> float:
        if one.centroid is None or other.centroid is None:
            return -1.0
        return likeness(one.centroid, other.centroid)

    def _settle_short(self) -> None:
        """See whether what was too short to be anybody's is of the voice that has come."""
        for utterance in self._heard.values():
            if utterance.voice is None:
                nearest, alike = self._nearest(utterance.vector)
                if nearest is not None and alike >= self._least:
                    utterance.voice = nearest.voice

    @property
    def voices(self) -> set[SpeakerId]:
        """Who has been heard."""
        return set(self._voices().values())

    def _voices(self) -> dict[SegmentId, SpeakerId]:
        return {key: heard.voice for key, heard in self._heard.items() if heard.voice is not None}
