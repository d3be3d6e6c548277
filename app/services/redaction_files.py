"""Finds out what a redaction does to each file of the data folder, and changes none.

What is yielded here is what the preview lists and what the sweep carries out, one after the other.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from app.audio_files.folder_lock import is_being_written
from app.audio_files.format import (
    JOURNAL_FILE,
    PACKED_SUFFIX,
    PACKING,
    PART_SUFFIX,
    RESERVE_FILE,
    SEALED_SUFFIX,
    SESSION_FILE,
)
from app.audio_files.session_folder import UNFINISHED
from app.domain.engine_types import Rewording
from app.domain.errors import StorageError
from app.domain.ids import IncidentId
from app.domain.text_fields import strings_in
from app.services.redaction_memory import TRACES_FILE
from app.services.word_search import WordSearch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.ports import AudioArchive
    from app.domain.record_rewriter import RecordRewriter
    from app.domain.redacting import SoughtWords
    from app.domain.redaction_plan import RedactionPlan

PENDING_FILE = "redaction.pending"  # which evidence had which hash, until the record knows
AUDIO_SUFFIXES = (SEALED_SUFFIX, SEALED_SUFFIX + PART_SUFFIX, PACKED_SUFFIX)
SHORTEST_CERTAIN = 8  # bytes
LARGEST_BYTES = 512 * 1024 * 1024
NOT_SEARCHED = "it is no text, so it cannot be searched: look at it"
HOLDS = "it is no text and holds the words: replace or remove it"
HOLDS_SOME = "it holds some of the words: look at it"
TOO_LARGE = "it is too large to be searched: look at it"
NAMED = "its name holds the words: rename it"
NOT_AS_RECORDED = "its journal holds the words, and is not as it was recorded: it was left so"
CUT_OFF = "it was cut off while it was attached and may hold the same audio: remove it"
IN_SETTINGS = "the program goes by it, and it holds the words: change it yourself"
BEING_RECORDED = "it is being recorded: give the command again once it is over"
SAY_THE_WORDS = frozenset({HOLDS, NAMED, NOT_AS_RECORDED})


class Deed(Enum):
    """What is done to a file, or to the journal of a folder."""

    REMOVE = "remove"
    OVERWRITE = "overwrite"
    REWRITE_COPY = "rewrite_copy"
    REWORD = "reword"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class FileStep:
    """One deed; ``spans`` are the bytes to be overwritten, ``why`` says why a file is left."""

    path: Path
    deed: Deed
    spans: tuple[tuple[int, int], ...] = ()
    why: str = ""

    @property
    def tells_of_words(self) -> bool:
        """Whether it shows that the file says the words."""
        found = {Deed.OVERWRITE, Deed.REWRITE_COPY, Deed.REWORD}
        return self.deed in found or self.why in SAY_THE_WORDS


def backups_in(home: Home) -> list[Path]:
    """Return the copies that were made of the database before it was migrated."""
    found = home.root.glob(f"{home.database.name}.before-*")
    return sorted(path for path in found if not path.name.endswith(("-wal", "-shm", "-journal")))


@dataclass(frozen=True, slots=True)
class FileSearch:
    """Searches the data folder for what a plan takes out."""

    home: Home
    plan: RedactionPlan
    archive: AudioArchive
    rewriter: RecordRewriter
    search: WordSearch = field(default_factory=WordSearch)

    def steps(self) -> Iterator[FileStep]:
        """Yield what is to be done to everything but audio and the database itself."""
        yield from self.steps_in(self.plan.incident_id)
        yield from self._backups()
        yield from self._settings(self.home.settings, json.loads)
        yield from self._settings(self.home.rubric, tomllib.loads)
        yield from self._settings(self.home.glossary, tomllib.loads)
        for path in self._loose_files():
            yield from self._file(path, self.plan.sought, is_concerned=True)
        for incident_id in self.other_incidents():
            yield from self.steps_in(incident_id)

    def other_incidents(self) -> list[IncidentId]:
        """Return the other incidents that have a folder, also those that are on no record."""
        folders = self.home.incident_dir(self.plan.incident_id).parent.glob("*/")
        return sorted(IncidentId(f.name) for f in folders if f.name != self.plan.incident_id)

    def steps_in(self, incident_id: IncidentId) -> Iterator[FileStep]:
        """Yield what is to be done to the files of one incident."""
        sought = self.plan.sought_of(incident_id)
        if not sought.seeks:
            return
        is_concerned = incident_id in {self.plan.incident_id, *self.plan.others}
        folder, exports = self.home.incident_dir(incident_id), self.home.exports_dir(incident_id)
        if is_concerned:  # documents are compressed inside and can be made anew
            for path in sorted(exports.rglob("*")):
                if path.is_file() or path.is_symlink():
                    yield FileStep(path, Deed.REMOVE)
        if incident_id == self.plan.incident_id:
            for path in sorted(folder.glob(f"audio/*{UNFINISHED}")):
                yield FileStep(path, Deed.LEAVE, why=CUT_OFF)
        for session in sorted(folder.glob("audio/*")):
            yield from self._journal(session, sought)
        for path in sorted(folder.rglob("*")):
            skipped = is_concerned and path.is_relative_to(exports)
            skipped = skipped or path == folder / TRACES_FILE
            if not skipped and _is_plain(path) and not _is_of_audio(path):
                yield from self._file(path, sought, is_concerned=is_concerned)

    def _journal(self, session: Path, sought: SoughtWords) -> Iterator[FileStep]:
        if not (session / SESSION_FILE).exists():
            return
        if is_being_written(session):
            yield FileStep(session, Deed.LEAVE, why=BEING_RECORDED)
            return
        outcome = self.archive.foresee_rewording(session, sought.blank)
        if outcome is Rewording.CHANGED:
            yield FileStep(session / JOURNAL_FILE, Deed.REWORD)
        elif outcome is Rewording.NOT_AS_RECORDED:
            yield FileStep(session / JOURNAL_FILE, Deed.LEAVE, why=NOT_AS_RECORDED)

    def _backups(self) -> Iterator[FileStep]:
        for path in backups_in(self.home):
            try:
                self.rewriter.states_in(path, self.plan.incident_id)
            except StorageError:  # it is damaged, and searched like any file
                yield from self._file(path, self.plan.sought, is_concerned=False)
            else:  # also where no row holds the words: free pages may
                yield FileStep(path, Deed.REWRITE_COPY)

    def _settings(self, path: Path, read: Callable[[str], Any]) -> Iterator[FileStep]:
        """Leave what the program goes by: written over, it would be read as broken, or not at all.

        Names and numbers in it are the program's; people's are its texts and comments.
        """
        if not path.is_file():
            return
        content = path.read_text(encoding="utf-8", errors="replace")
        comments = [line.partition("#")[2] for line in content.splitlines()]
        try:
            texts = [*strings_in(read(content)), *comments]
        except ValueError:  # it is broken already
            texts = [content]
        if any(map(self.plan.sought.holds, texts)):
            yield FileStep(path, Deed.LEAVE, why=IN_SETTINGS)
        elif any(map(self.plan.sought.holds_some, texts)):
            yield FileStep(path, Deed.LEAVE, why=HOLDS_SOME)

    def _loose_files(self) -> Iterator[Path]:
        """Yield what is of no incident, no model, no setting, nor a database that is well."""
        home = self.home
        settings = {home.settings, home.rubric, home.glossary, home.window_places}
        settings |= {home.signing_key, home.signing_key_file, home.redaction_key}
        of_database = {home.database.name + end for end in ("", "-wal", "-shm", "-journal")}
        passed_over = {home.root / name for name in of_database} | settings
        passed_over |= set(backups_in(home))
        folders = (home.models, home.incoming, home.root / "incidents")
        for path in sorted(home.root.rglob("*")):
            inside = any(path.is_relative_to(folder) for folder in folders)
            if not inside and path not in passed_over and _is_plain(path):
                yield path

    def _file(self, path: Path, sought: SoughtWords, *, is_concerned: bool) -> Iterator[FileStep]:
        """Yield what becomes of a file: what is no text is only overwritten if it is a database.

        That a file could not be searched is told where it may well be of the incident.
        """
        if path.stat().st_size > LARGEST_BYTES:
            yield FileStep(path, Deed.LEAVE, why=TOO_LARGE)
            return
        words = self.search.words_in(path, sought)
        is_database = path.name.startswith(f"{self.home.database.name}.")
        if words.is_text or is_database:
            if words.spans:
                yield FileStep(path, Deed.OVERWRITE, words.spans)
            if not is_database and words.leaves_some:
                yield FileStep(path, Deed.LEAVE, why=HOLDS_SOME)
            if is_concerned and words.is_packed:
                yield FileStep(path, Deed.LEAVE, why=NOT_SEARCHED)
        elif any(end - start >= SHORTEST_CERTAIN for start, end in words.spans):
            # A few bytes are met by chance in any picture.
            yield FileStep(path, Deed.LEAVE, why=HOLDS)
        elif is_concerned:
            yield FileStep(path, Deed.LEAVE, why=NOT_SEARCHED)
        if sought.holds(path.name):
            yield FileStep(path, Deed.LEAVE, why=NAMED)


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _is_of_audio(path: Path) -> bool:
    """Whether it is audio, or tells of it in a form of its own."""
    told = {JOURNAL_FILE, SESSION_FILE, RESERVE_FILE}
    of_audio = path.name in told or path.name.endswith(AUDIO_SUFFIXES)
    being_packed = path.match(f"audio/*/{PACKING}/*")  # another session's, at this moment
    return being_packed or (path.parent.parent.name == "audio" and of_audio)
