"""The command pack-audio: the same audio in less room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import CommandContext
from app.domain.encoding import to_json_values

if TYPE_CHECKING:
    from app.domain.engine_types import PackedAudio
    from app.services.packing import Packing

UNITS = ((1e9, "GB"), (1e6, "MB"))
KILOBYTE = 1e3


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("pack-audio")(pack_audio)


def pack_audio(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(metavar="INCIDENT|SESSION", help="An id, or its beginning."),
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell how much room it would save.")
    ] = False,
) -> None:
    """Pack recorded audio into FLAC: the same samples in less room, every file compared.

    Sessions that are being recorded or transcribed, or are not as they were recorded, are
    refused. What is packed plays, verifies, redacts and exports as before.
    """
    work: CommandContext = context.obj
    with work.showing_progress():
        done = work.program.packing.pack(what, dry_run=dry_run)
    work.output.document(_document(done, dry_run=dry_run))
    for session_id, packed in done.sessions:
        work.output.say(f"{session_id}: {_told(packed, dry_run=dry_run)}")
    if not done.sessions:
        work.output.say("There is no audio to pack.")
    elif len(done.sessions) > 1:
        work.output.say(f"together {_sizes(done.bytes_before, done.bytes_after)}")


def _told(packed: PackedAudio, *, dry_run: bool) -> str:
    parts = []
    if packed.files:
        would = "would go " if dry_run else ""
        sizes = _sizes(packed.bytes_before, packed.bytes_after)
        parts.append(f"{_files(packed.files)} {would}{sizes}")
    if packed.packed_before:
        parts.append(f"{_files(packed.packed_before)} packed before")
    if packed.kept:
        parts.append(f"{_files(packed.kept)} left as they are, since FLAC is no smaller")
    return "; ".join(parts) or "no audio"


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _sizes(before: int, after: int) -> str:
    return f"{_size(before)} → {_size(after)}"


def _size(count: int) -> str:
    for unit, name in UNITS:
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count / KILOBYTE:.1f} kB"


def _document(done: Packing, *, dry_run: bool) -> dict[str, Any]:
    return {
        "incident_id": done.incident_id,
        "dry_run": dry_run,
        "bytes_before": done.bytes_before,
        "bytes_after": done.bytes_after,
        "sessions": [
            {"session_id": session_id} | to_json_values(packed)
            for session_id, packed in done.sessions
        ],
    }
