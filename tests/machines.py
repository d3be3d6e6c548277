"""Data folders on two machines, between which incidents move."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.audio_files.archive import FolderArchive
from app.audio_files.format import SessionInfo, TrackInfo
from app.audio_files.session_folder import create_session, end_session, incoming_track
from app.domain.engine_types import TrackAudio
from app.domain.home import Home
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass
from app.evidence_files.files import EvidenceFiles
from app.services.bundle.writing import BundleDocument
from app.services.bus import LocalBus
from app.services.exports import Exports, JsonDocument
from app.services.opening import Opening
from app.services.verification import Verification
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import (
    BRIDGE,
    INCIDENT,
    SESSION,
    a_segment,
    a_session,
    a_track,
    an_entry,
    an_incident,
)
from tests.record_builders import an_evidence

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.events import Event
    from app.domain.ids import SessionId
    from app.domain.record import Entity, Operation, Record
    from app.domain.sessions import Track
    from app.services.bundle.reading import BundleVerification
    from app.services.opening import Opened

PICTURE = b"\x89PNG not really a picture, but bytes" * 40
SHOT = an_evidence(file="shots/graph.png", sha256=hashlib.sha256(PICTURE).hexdigest())
ENTRY = an_entry(text="Errors began", owner_role=None)
SECOND = 16_000


class Machine:
    """One data folder with its database, and what moves incidents."""

    def __init__(self, root: Path, *, name: str = "Marcus") -> None:
        self.name = name
        self.home = Home(root)
        self.store = SqlRecordStore(open_database(self.home.database))
        self.bus = LocalBus()
        self.heard: list[Event] = []
        self.bus.subscribe(self.heard.append)
        bundles = BundleDocument(self.store, self.bus, home=self.home)
        self.exports = Exports(self.store, self.bus, {"bundle": bundles, "json": JsonDocument()})
        self.opening = Opening(self.store, self.bus, home=self.home)
        self.verification = Verification(
            self.store, FolderArchive(), EvidenceFiles(self.home), self.bus, home=self.home
        )

    @property
    def record(self) -> Record:
        return self.store.record(INCIDENT)

    def export(self, path: Path) -> Path:
        return self.exports.write(INCIDENT, format="bundle", path=path, overwrite=True)

    def open(self, path: Path) -> Opened:
        return self.opening.open(path)

    def verify(self, path: Path) -> BundleVerification:
        return self.verification.bundle(path)

    def do(self, *changes: Change, undoable: bool = True) -> Operation:
        return self.store.commit(
            INCIDENT, changes, by=self.name, label=f"{self.name} edits", undoable=undoable
        )

    def add(self, *entities: Entity) -> None:
        self.do(*(Change(None, entity) for entity in entities))

    def entry(self, text: str = ENTRY.text) -> Any:
        return next(entry for entry in self.record.entries if entry.text == text)

    def edit(self, entity: Any, **values: Any) -> None:
        self.do(Change(entity, replace(entity, **values)))

    def close(self) -> None:
        self.store.close()


def with_an_incident(machine: Machine, *, seconds: int = 2) -> Machine:
    """Give a machine an incident with real audio on two tracks, words, evidence, an entry."""
    tracks = [
        a_track(label, duration_ms=seconds * 1_000)
        for label in (TrackLabel.ROOM, TrackLabel.BRIDGE)
    ]
    machine.do(
        *(Change(None, part) for part in (an_incident(), a_session(), *tracks)), undoable=False
    )
    an_audio_session(machine, SESSION, tracks, seconds=seconds)
    machine.store.add_segments(
        BRIDGE,
        [
            a_segment("the rollback began", 0, 900, made_in=RecognitionPass.LIVE),
            a_segment("errors are down", 1_000, 1_900, made_in=RecognitionPass.LIVE),
        ],
        made_in=RecognitionPass.LIVE,
        cursor_ms=2_000,
    )
    machine.add(ENTRY, SHOT)
    path = machine.home.incident_dir(INCIDENT) / "evidence" / str(SHOT.file)
    path.parent.mkdir(parents=True)
    path.write_bytes(PICTURE)
    return machine


def an_audio_session(
    machine: Machine, session_id: SessionId, tracks: list[Track], *, seconds: int
) -> Path:
    """Write a session's real files: noise, the same each time."""
    folder = machine.home.session_dir(INCIDENT, session_id)
    infos = tuple(TrackInfo(t.id, t.label, t.source, t.device, t.sample_rate) for t in tracks)
    session = a_session(id=session_id)
    create_session(
        folder, SessionInfo(INCIDENT, session_id, session.kind, session.start_utc, infos)
    )
    random = np.random.default_rng(7)
    for track in tracks:
        with incoming_track(TrackAudio(track.id, folder, track.label)) as writer:
            for _ in range(seconds):
                samples = random.integers(-9_000, 9_000, SECOND, dtype=np.int16)
                writer.append(samples.astype("<i2").tobytes())
            writer.close()
    end_session(folder)
    return folder


def files_of(machine: Machine) -> dict[str, bytes]:
    """Return every file of the incident but locks, by its path."""
    base = machine.home.incident_dir(INCIDENT)
    return {
        str(path.relative_to(base)): path.read_bytes()
        for path in sorted(base.rglob("*"))
        if path.is_file() and path.name != "writer.lock"
    }


def move(source: Machine, target: Machine, folder: Path) -> None:
    """Move the incident without any conflict."""
    assert target.open(source.export(folder / "moved.hotwash")).conflicts == ()
