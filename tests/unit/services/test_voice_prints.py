"""Voices remembered across incidents; they sound as the test says, all else is real."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.audio_files.archive import FolderArchive
from app.domain.errors import (
    InvalidRecordError,
    NotFoundError,
    RecordError,
    VoicePrintError,
    VoicesProcessEndedError,
)
from app.domain.events import ProblemArose
from app.domain.ids import IncidentId, SegmentId, SpeakerId
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass, Speaker
from app.domain.voice_prints import WHAT_IS_KEPT, VoicePrintId, VoiceSuggestion
from app.domain.voice_vectors import VoiceModel
from app.services.people import People
from app.services.redaction import RedactionDesk
from app.services.track_speakers import track_speaker
from app.services.voice_prints import VoicePrints
from app.storage.redactor import Redactor
from app.storage.voice_vault import FileVault
from tests.builders import BRIDGE, INCIDENT, a_segment, a_track
from tests.unit.services.fake_embedders import Embedders

if TYPE_CHECKING:
    from app.domain.home import Home
    from app.domain.voice_vectors import Vector
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.keyrings import MemoryKeyring
    from tests.unit.services.conftest import Heard

PRIYA = SpeakerId("spk-priya")
UNKNOWN = SpeakerId("spk-unknown")


@pytest.fixture
def sounds() -> Embedders:
    """Priya, who speaks first, sounds like the one who speaks at 40 s, and nobody else."""
    return Embedders({0: 0, 10_000: 6, 20_000: 90, 40_000: 8, 50_000: 4})


@pytest.fixture
def prints(
    store: SqlRecordStore, bus: LocalBus, home: Home, sounds: Embedders, ring: MemoryKeyring
) -> VoicePrints:
    assert not ring.secrets
    prints = VoicePrints(
        store,
        bus,
        home=home,
        vault=FileVault(home.voice_prints),
        make_embedder=sounds,
        actor="Marcus",
    )
    prints.switch(on=True)
    return prints


@pytest.fixture(autouse=True)
def spoken(store: SqlRecordStore) -> None:
    """Two voices on the bridge, of which one is named."""
    speak(store, PRIYA, [0, 10], name="Priya")
    speak(store, UNKNOWN, [40, 50])


def speak(
    store: SqlRecordStore,
    speaker_id: SpeakerId,
    starts_s: list[int],
    *,
    name: str | None = None,
    **changes: object,
) -> None:
    speaker = Speaker(
        speaker_id, INCIDENT, f"Label {speaker_id}", TrackLabel.BRIDGE, name, confirmed=bool(name)
    )
    store.commit(INCIDENT, [Change(None, speaker)], by="test", label="speak", undoable=False)
    lines = [
        a_segment(
            id=SegmentId(f"seg-{speaker_id}-{start_s}"),
            start_ms=start_s * 1_000,
            end_ms=start_s * 1_000 + 4_000,
            speaker_id=speaker_id,
            words=(),
            **changes,
        )
        for start_s in starts_s
    ]
    final = RecognitionPass.FINAL
    store.add_segments(BRIDGE, lines, made_in=final, cursor_ms=80_000)


def beside_tom(
    prints: VoicePrints, store: SqlRecordStore, sounds: Embedders, *, degrees: float
) -> VoiceSuggestion:
    """Return what is suggested where Tom, who sounds so unlike Priya, is remembered as well."""
    sounds.degrees |= {60_000: degrees, 70_000: degrees}
    speak(store, SpeakerId("spk-tom"), [60, 70], name="Tom")
    prints.remember(INCIDENT, PRIYA)
    prints.remember(INCIDENT, SpeakerId("spk-tom"))
    (suggestion,) = prints.suggest(INCIDENT)
    return suggestion


def test_a_remembered_voice_suggests_a_name_and_gives_none(
    prints: VoicePrints, store: SqlRecordStore
) -> None:
    made = prints.remember(INCIDENT, PRIYA)
    before = store.record(INCIDENT)
    (suggestion,) = prints.suggest(INCIDENT)

    assert (made.name, made.seconds) == ("Priya", 8)
    assert (suggestion.speaker_id, suggestion.name) == (UNKNOWN, "Priya")
    assert suggestion.score > 0.99
    assert suggestion.sentence == "Label spk-unknown may be Priya (1.00)."
    assert store.record(INCIDENT) == before, "a person names"


def test_a_suggestion_tells_how_near_the_next_person_comes(
    prints: VoicePrints, store: SqlRecordStore, sounds: Embedders
) -> None:
    suggestion = beside_tom(prints, store, sounds, degrees=70)

    assert suggestion.name == "Priya"
    assert suggestion.next_best == pytest.approx(0.44, abs=0.01)
    assert suggestion.margin == pytest.approx(0.56, abs=0.01)
    assert suggestion.is_clear
    assert suggestion.sentence.endswith("(1.00, next best 0.44).")


def test_of_two_who_sound_alike_it_says_that_it_is_close(
    prints: VoicePrints, store: SqlRecordStore, sounds: Embedders
) -> None:
    suggestion = beside_tom(prints, store, sounds, degrees=15)

    assert not suggestion.is_clear
    assert suggestion.sentence.endswith("it is close).")


def test_a_voice_like_nobody_is_not_suggested(prints: VoicePrints, sounds: Embedders) -> None:
    prints.remember(INCIDENT, PRIYA)
    sounds.degrees |= {40_000: 60, 50_000: 60}

    assert prints.suggest(INCIDENT) == []


def test_prints_of_another_model_are_not_compared(prints: VoicePrints, sounds: Embedders) -> None:
    prints.remember(INCIDENT, PRIYA)
    sounds.known = VoiceModel("another", sounds.known.same_above)

    assert prints.suggest(INCIDENT) == []
    assert len(prints.kept()) == 1, "and they stay, for the model they are of"


def test_switched_off_nothing_is_remembered_nor_suggested(
    prints: VoicePrints, home: Home, sounds: Embedders
) -> None:
    prints.remember(INCIDENT, PRIYA)
    prints.switch(on=False)
    sounds.heard.clear()

    for use in (lambda: prints.remember(INCIDENT, PRIYA), lambda: prints.suggest(INCIDENT)):
        with pytest.raises(VoicePrintError, match="switched off") as told:
            use()
        assert "voices on" in told.value.remedy
    assert sounds.heard == []
    assert len(prints.kept()) == 1, "what is kept can still be seen and forgotten"
    assert home.voice_prints.exists()


def test_it_is_off_until_a_person_switches_it_on(prints: VoicePrints, home: Home) -> None:
    home.settings.unlink()

    assert not prints.is_on
    assert "biometric" in WHAT_IS_KEPT


def test_a_voice_that_nobody_named_is_not_remembered(prints: VoicePrints, home: Home) -> None:
    with pytest.raises(InvalidRecordError, match="nobody has said whose") as told:
        prints.remember(INCIDENT, UNKNOWN)

    assert "--rename" in told.value.remedy
    assert not home.voice_prints.exists()


def test_a_voice_that_said_little_is_not_remembered(
    prints: VoicePrints, store: SqlRecordStore
) -> None:
    speak(store, SpeakerId("spk-tom"), [20], name="Tom")

    with pytest.raises(VoicePrintError, match="Too little is clearly Tom's") as told:
        prints.remember(INCIDENT, SpeakerId("spk-tom"))
    assert "4 s of the 6 s" in str(told.value)


def test_doubtful_lines_are_not_listened_to(
    prints: VoicePrints, store: SqlRecordStore, sounds: Embedders
) -> None:
    speak(store, SpeakerId("spk-echo"), [60, 70], name="Echo", bleed=True)

    with pytest.raises(VoicePrintError, match="Too little"):
        prints.remember(INCIDENT, SpeakerId("spk-echo"))
    assert sounds.heard == []


def test_a_voice_that_is_still_recorded_is_not_remembered(
    prints: VoicePrints, store: SqlRecordStore
) -> None:
    track = a_track(TrackLabel.BRIDGE)
    running = Change(track, replace(track, duration_ms=None))
    store.commit(INCIDENT, [running], by="test", label="record on", undoable=False)

    with pytest.raises(RecordError, match="still being recorded"):
        prints.remember(INCIDENT, PRIYA)


def test_remembered_again_a_voice_is_kept_once(prints: VoicePrints) -> None:
    first = prints.remember(INCIDENT, PRIYA)
    second = prints.remember(INCIDENT, PRIYA)

    assert [one.id for one in prints.kept()] == [second.id]
    assert first.id != second.id


@pytest.mark.parametrize("meant", [PRIYA, UNKNOWN])
def test_lines_of_a_voice_that_was_joined_to_it_are_listened_to(
    prints: VoicePrints, store: SqlRecordStore, meant: SpeakerId
) -> None:
    (unknown,) = (s for s in store.record(INCIDENT).speakers if s.id == UNKNOWN)
    joined = Change(unknown, replace(unknown, merged_into=PRIYA))
    store.commit(INCIDENT, [joined], by="Marcus", label="merge")
    made = prints.remember(INCIDENT, meant)

    assert (made.speaker_id, made.seconds) == (PRIYA, 16)
    assert prints.suggest(INCIDENT) == [], "and it is nobody to be named"


def test_one_is_forgotten_by_the_beginning_of_its_id(prints: VoicePrints) -> None:
    made = prints.remember(INCIDENT, PRIYA)
    assert prints.forget(made.id[:8]) == made

    assert prints.kept() == ()
    with pytest.raises(NotFoundError, match="no voice"):
        prints.forget(made.id)


def test_all_are_forgotten_and_the_key(prints: VoicePrints, ring: MemoryKeyring) -> None:
    prints.remember(INCIDENT, PRIYA)
    prints.forget_all()

    assert not prints.keeps_any
    assert ring.secrets == {}


@pytest.mark.parametrize(("span", "left"), [("0:11-0:12", 0), ("0:30-0:31", 1)])
def test_with_redacted_audio_goes_the_print_that_was_made_of_it(
    prints: VoicePrints,
    store: SqlRecordStore,
    desk_of_redaction: RedactionDesk,
    span: str,
    left: int,
) -> None:
    prints.remember(INCIDENT, PRIYA)
    session = store.record(INCIDENT).sessions[0]
    desk_of_redaction.redact(INCIDENT, [f"{session.id}@{span}"], reason="a customer's number")

    assert len(FileVault(prints._home.voice_prints).read()) == left


def test_a_voice_whose_audio_is_redacted_while_it_is_listened_to_is_not_remembered(
    prints: VoicePrints,
    store: SqlRecordStore,
    desk_of_redaction: RedactionDesk,
    sounds: Embedders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = store.record(INCIDENT).sessions[0]
    heard = sounds.sounds

    def redacted_meanwhile(start_ms: int) -> Vector | None:
        if start_ms == 0:
            desk_of_redaction.redact(INCIDENT, [f"{session.id}@0:11-0:12"], reason="a number")
        return heard(start_ms)

    monkeypatch.setattr(sounds, "sounds", redacted_meanwhile)
    with pytest.raises(VoicePrintError, match="redacted meanwhile") as told:
        prints.remember(INCIDENT, PRIYA)
    assert "again" in told.value.remedy
    assert not prints.keeps_any


def test_with_another_voice_that_is_remembered_goes_what_may_not_be_kept_any_more(
    prints: VoicePrints, store: SqlRecordStore, home: Home, sounds: Embedders
) -> None:
    sounds.degrees |= {60_000: 70, 70_000: 70}
    speak(store, SpeakerId("spk-tom"), [60, 70], name="Tom")
    made = prints.remember(INCIDENT, PRIYA)
    gone = replace(made, id=VoicePrintId("vpr-gone"), incident_id=IncidentId("inc-gone"))
    FileVault(home.voice_prints).change(lambda kept: [*kept, gone])
    prints.remember(INCIDENT, SpeakerId("spk-tom"))

    assert [one.name for one in FileVault(home.voice_prints).read()] == ["Priya", "Tom"]


def test_a_process_that_died_is_replaced_at_the_next_use(
    prints: VoicePrints, sounds: Embedders
) -> None:
    sounds.deaths = 1
    with pytest.raises(VoicesProcessEndedError):
        prints.remember(INCIDENT, PRIYA)
    assert sounds.born[0].stopped.is_set()

    assert prints.remember(INCIDENT, PRIYA).name == "Priya"


def test_of_a_voice_that_stands_for_a_whole_track_nobody_is_suggested(
    prints: VoicePrints, store: SqlRecordStore, sounds: Embedders
) -> None:
    sounds.degrees |= {60_000: 0, 70_000: 0}
    speak(store, track_speaker(INCIDENT, TrackLabel.BRIDGE).id, [60, 70])
    prints.remember(INCIDENT, PRIYA)

    assert [one.speaker_id for one in prints.suggest(INCIDENT)] == [UNKNOWN]


def test_where_the_key_is_locked_meanwhile_people_are_told_and_it_goes_later(
    prints: VoicePrints,
    store: SqlRecordStore,
    desk_of_redaction: RedactionDesk,
    ring: MemoryKeyring,
    heard: Heard,
) -> None:
    prints.remember(INCIDENT, PRIYA)
    session = store.record(INCIDENT).sessions[0]
    ring.locked = True
    desk_of_redaction.redact(INCIDENT, [f"{session.id}@0:11-0:12"], reason="a number")
    (told,) = (event for event in heard if isinstance(event, ProblemArose))
    assert "could not be forgotten yet" in str(told.error)

    ring.locked = False
    assert prints.kept() == ()


def test_a_print_whose_incident_is_gone_is_forgotten(prints: VoicePrints, home: Home) -> None:
    made = prints.remember(INCIDENT, PRIYA)
    gone = replace(made, id=VoicePrintId("vpr-gone"), incident_id=IncidentId("inc-gone"))
    FileVault(home.voice_prints).change(lambda kept: [*kept, gone])

    assert prints.kept() == (made,)


def test_once_a_person_has_said_so_nothing_is_suggested_any_more(
    prints: VoicePrints, store: SqlRecordStore, bus: LocalBus
) -> None:
    prints.remember(INCIDENT, PRIYA)
    people = People(store, bus, actor="Marcus")
    people.rename(INCIDENT, PRIYA, "")
    suggested = prints.suggest(INCIDENT)
    assert {one.speaker_id for one in suggested} == {PRIYA, UNKNOWN}
    people.rename(INCIDENT, UNKNOWN, "Priya")

    assert [one.speaker_id for one in prints.suggest(INCIDENT)] == [PRIYA]


@pytest.fixture
def desk_of_redaction(store: SqlRecordStore, bus: LocalBus, home: Home) -> RedactionDesk:
    return RedactionDesk(
        store,
        bus,
        home=home,
        archive=FolderArchive(),
        rewriter=Redactor(store._database),
        actor="Priya",
    )
