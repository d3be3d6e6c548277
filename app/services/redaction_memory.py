"""Where the traces of redacted words lie: hashes with each incident, the key beside all."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from app.audio_files.durable import make_folder, write_atomically
from app.domain.errors import StorageError
from app.domain.redaction_traces import Traces

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.ids import IncidentId
    from app.domain.redacting import SoughtWords

TRACES_FILE = "redacted.json"
KEY_BYTES = 32


class RedactionMemory:
    """Adds traces before the words go, and gives them to who searches a document."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def keep(self, incident_id: IncidentId, sought: SoughtWords) -> None:
        """Keep the traces of what is about to be taken out, with those of earlier redactions.

        Raises:
            StorageError: They cannot be written; nothing was taken out then.
        """
        try:
            key = self._key() or self._new_key()
            hashes = self._hashes(incident_id) | Traces.of(sought, key).hashes
        except OSError as cause:
            raise _not_kept(cause) from cause
        self._write(incident_id, hashes)

    def forget_what_stands(self, incident_id: IncidentId, document: str) -> None:
        """Forget what the redaction itself has left standing in the record: it is no secret.

        A severity or a name of a file is no text, and is not taken out.

        Raises:
            StorageError: As for ``keep`` and ``traces``.
        """
        traces = self.traces(incident_id)
        if traces is None:
            return
        stands = {trace for line in document.splitlines() for trace in traces.standing_in(line)}
        if stands:
            self._write(incident_id, traces.hashes - stands)

    def traces(self, incident_id: IncidentId) -> Traces | None:
        """Return the traces of an incident; None where none were kept here.

        Raises:
            StorageError: They, or the key to them, cannot be read.
        """
        try:
            key, hashes = self._key(), self._hashes(incident_id)
        except OSError as cause:
            raise _unreadable(self._file(incident_id)) from cause
        if not hashes:
            return None
        if key is None:
            raise _unreadable(self._home.redaction_key)
        return Traces(key, hashes)

    def _hashes(self, incident_id: IncidentId) -> frozenset[str]:
        path = self._file(incident_id)
        try:
            return frozenset(json.loads(path.read_bytes())["hashes"])
        except FileNotFoundError:
            return frozenset()
        except (ValueError, KeyError, TypeError) as cause:
            raise _unreadable(path) from cause

    def _write(self, incident_id: IncidentId, hashes: frozenset[str]) -> None:
        content = json.dumps({"hashes": sorted(hashes)}, indent=1).encode()
        try:
            make_folder(self._home.incident_dir(incident_id))
            write_atomically(self._file(incident_id), content, mode=0o600)
        except OSError as cause:
            raise _not_kept(cause) from cause

    def _key(self) -> bytes | None:
        try:
            return bytes.fromhex(self._home.redaction_key.read_text(encoding="ascii"))
        except FileNotFoundError:
            return None
        except ValueError as cause:
            raise _unreadable(self._home.redaction_key) from cause

    def _new_key(self) -> bytes:
        key = secrets.token_bytes(KEY_BYTES)
        write_atomically(self._home.redaction_key, key.hex().encode(), mode=0o600)
        return key

    def _file(self, incident_id: IncidentId) -> Path:
        return self._home.incident_dir(incident_id) / TRACES_FILE


def _not_kept(cause: OSError) -> StorageError:
    return StorageError(
        f"What is redacted cannot be remembered: {cause.strerror or cause}.",
        remedy="Free some disk space, or make the data folder writable.",
    )


def _unreadable(path: Path) -> StorageError:
    return StorageError(
        f"{path} is missing or damaged: what was redacted cannot be told.",
        remedy="Put it back from a backup, or remove redacted.json to go without that check.",
    )
