"""What a command works with: the program, built when first needed, and the output."""

from __future__ import annotations

import functools
import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from app.bootstrap import build, home_of, log_to_file
from app.domain.errors import InvalidRecordError
from app.domain.events import LanguageDetected, ProblemArose
from app.domain.languages import detected_sentence
from app.domain.naming import named
from app.services.settings_file import settings_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from app.cli.output import Output
    from app.domain.events import Event
    from app.domain.home import Home
    from app.domain.ids import EntryId, EvidenceId, IncidentId
    from app.domain.settings import Settings
    from app.services.program import Program


class CommandContext:
    """Closed at the end of the command, whatever happened in it."""

    def __init__(self, output: Output, *, home: str, actor: str) -> None:
        self.output = output
        self.home: Home = home_of(home)
        self._actor = actor
        self._program: Program | None = None
        self._logging = False

    @property
    def program(self) -> Program:
        """The program over the chosen data folder."""
        if self._program is None:
            self.keep_log()
            self._program = build(self.home, actor=self._actor)
            self._program.bus.subscribe(self._tell)
            for notice in self._program.notices:
                self.output.note(f"{notice} {notice.remedy}")
            for session_id in self._program.recovery.recover_all():
                self.output.note(f"A recording was put in order from its files: {session_id}.")
        return self._program

    def keep_log(self) -> None:
        """Log to the data folder from now on."""
        if not self._logging:
            self._logging = True
            log_to_file(self.home)

    @property
    def settings(self) -> Settings:
        """The settings in force for the chosen data folder; needs no database."""
        return settings_in_force(self.home.settings)

    def incident(self, wanted: str) -> IncidentId:
        """Return the incident that was typed, in full or by its beginning."""
        return self.program.incidents.find(wanted)

    def entry(self, incident_id: IncidentId, wanted: str) -> EntryId:
        """Return the entry that was typed, in full or by its beginning.

        Raises:
            NotFoundError: There is none, or several begin so.
        """
        entries = self.program.incidents.record(incident_id).entries
        return named(entries, wanted, "entry", see="hotwash show ID").id

    def evidence(self, incident_id: IncidentId, wanted: Iterable[str]) -> list[EvidenceId]:
        """Return the evidence that was typed, each in full or by its beginning.

        Raises:
            NotFoundError: There is none, or several begin so.
        """
        known = self.program.incidents.record(incident_id).evidence
        return [named(known, one, "evidence", see="hotwash evidence ID").id for one in wanted]

    @contextmanager
    def showing_progress(self) -> Iterator[None]:
        """Show long work while the context is open."""
        bus = self.program.bus
        with self.output.progress() as show:
            bus.subscribe(show)
            try:
                yield
            finally:
                bus.unsubscribe(show)

    def say_what_recognises(self, *, wanted: bool) -> None:
        """Say what must be known of it: before the work, for audio may be about to leave."""
        if wanted and self.program.model_note:
            self.output.note(self.program.model_note)

    def _tell(self, event: Event) -> None:
        match event:
            case ProblemArose(error=error):
                self.output.note(f"{error} {error.remedy}")
            case LanguageDetected():
                self.output.note(detected_sentence(event.language, settled=event.settled))
            case _:
                pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception):
            self.keep_log()  # the traceback is written once this has closed
        if self._program is not None:
            self._program.shutdown()


def read_json(path: Path) -> Any:
    """Return what a JSON file, or standard input for ``-``, holds.

    Raises:
        InvalidRecordError: It cannot be read, is not JSON, or says one thing twice; it names the
            line, or what.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        document = json.loads(text, object_pairs_hook=functools.partial(_each_once, path))
        json.dumps(document, ensure_ascii=False).encode()  # half a surrogate is no text
    except json.JSONDecodeError as cause:
        place = f"{path}, line {cause.lineno}, column {cause.colno}"
        raise InvalidRecordError(place, cause.msg) from cause
    except RecursionError as cause:
        raise InvalidRecordError(str(path), "it is nested too deeply") from cause
    except (OSError, ValueError) as cause:
        raise InvalidRecordError(str(path), f"it cannot be read ({cause})") from cause
    return document


def _each_once(path: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice in one object: of two values one would be lost quietly."""
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidRecordError(
            str(path), f"“{twice}” stands twice in one object", remedy="Keep one of them."
        )
    return values
