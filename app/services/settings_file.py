"""The settings, kept in a JSON file of the data folder."""

from __future__ import annotations

import getpass
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.encoding import from_json_values, to_json_values
from app.domain.errors import InvalidRecordError, StorageError
from app.domain.limits import LONGEST_NAME, refuse_text
from app.domain.settings import Settings
from app.services.exports import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

OFFLINE_VARIABLE = "HOTWASH_OFFLINE"


def read_settings(path: Path) -> Settings:
    """Return the settings; the defaults where there is no file.

    Raises:
        StorageError: The file cannot be read or does not hold settings.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return from_json_values(Settings, values, place=path.name)
    except (OSError, ValueError, InvalidRecordError) as cause:
        raise StorageError(
            f"The settings in {path} cannot be read: {cause}.",
            remedy="Correct the file, or move it away to start with the defaults.",
        ) from cause


def settings_in_force(path: Path, *, offline: bool = False) -> Settings:
    """Return the settings; offline if they, the caller or the environment say so.

    Raises:
        StorageError: As ``read_settings``.
    """
    settings = read_settings(path)
    forced = os.environ.get(OFFLINE_VARIABLE, "0") not in {"", "0"}
    return replace(settings, offline=settings.offline or offline or forced)


def write_settings(path: Path, settings: Settings) -> None:
    """Keep the settings.

    Raises:
        ExportError: The file cannot be written.
    """
    text = json.dumps(to_json_values(settings), ensure_ascii=False, indent=1)
    write_atomically(path, text.encode() + b"\n")


def actor_name(settings: Settings, given: str = "") -> str:
    """Return who acts: the name given, else the settings', else the login name.

    Raises:
        InvalidRecordError: The name given or that of the settings is too long, or no text.
    """
    for name, place in ((given, "--as"), (settings.actor, "“actor” in the settings")):
        if name:
            refuse_text(name, place, longest=LONGEST_NAME, remedy="Give a name, such as Priya.")
            return name
    try:
        login = getpass.getuser()
        refuse_text(login, "the login name", longest=LONGEST_NAME)
    except (OSError, KeyError, InvalidRecordError):  # a container's user may have no name
        return "unnamed"
    return login
