"""Where things lie in a user's data folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.ids import IncidentId, SessionId


@dataclass(frozen=True, slots=True)
class Home:
    """One folder per user; everything but the models of the hub's own cache is inside."""

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.root / "hotwash.db"

    @property
    def settings(self) -> Path:
        """The settings file (JSON)."""
        return self.root / "settings.json"

    @property
    def rubric(self) -> Path:
        """The team's own severity levels (TOML), where it has some."""
        return self.root / "rubric.toml"

    @property
    def glossary(self) -> Path:
        """How the team spells its services, people and acronyms (TOML), where it has told."""
        return self.root / "glossary.toml"

    @property
    def consent_text(self) -> Path:
        """What is read out to people who are recorded, in the team's own words."""
        return self.root / "consent.txt"

    @property
    def signing_key(self) -> Path:
        """What is known of the key that signs packs, without opening it (JSON)."""
        return self.root / "signing-key.json"

    @property
    def signing_key_file(self) -> Path:
        """The private key behind a passphrase (PEM), where it is not in the system's keyring."""
        return self.root / "signing-key.pem"

    @property
    def redaction_key(self) -> Path:
        """The key to the traces of redacted words; it is in no export."""
        return self.root / "redaction.key"

    @property
    def templates(self) -> Path:
        """The team's own templates for audiences, where it has some."""
        return self.root / "templates"

    @property
    def branding(self) -> Path:
        """The team's own look of the report, a folder, where it has one."""
        return self.root / "branding"

    @property
    def voice_prints(self) -> Path:
        """Voices that people asked to be remembered, sealed."""
        return self.root / "voice-prints.sealed"

    @property
    def models(self) -> Path:
        """Installed models, one folder each."""
        return self.root / "models"

    @property
    def log(self) -> Path:
        """The log; bugs leave their traceback here."""
        return self.root / "hotwash.log"

    @property
    def window_places(self) -> Path:
        """Where windows stood when they were last closed (INI)."""
        return self.root / "window.ini"

    @property
    def incoming(self) -> Path:
        """Where a bundle's files lie while it is opened; nothing in it is anybody's."""
        return self.root / "incoming"

    def incident_dir(self, incident_id: IncidentId) -> Path:
        """Everything of one incident that is a file."""
        return self.root / "incidents" / incident_id

    def session_dir(self, incident_id: IncidentId, session_id: SessionId) -> Path:
        """The audio of one session."""
        return self.incident_dir(incident_id) / "audio" / session_id

    def exports_dir(self, incident_id: IncidentId) -> Path:
        """Where documents go that nobody named a place for."""
        return self.incident_dir(incident_id) / "exports"
