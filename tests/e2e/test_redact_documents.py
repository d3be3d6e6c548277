"""Documents that cannot be searched are named, wherever they lie in the data folder."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from tests.e2e.redaction_home import SECRET

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.redaction_home import Told

NOT_SEARCHED = "it is no text, so it cannot be searched: look at it"


def put_documents(folder: Path) -> set[str]:
    """Put files there of which nobody can say what they hold; return their names."""
    (folder / "minutes.pdf").write_text("%PDF-1.4\nno letter of it is anything but text\n")
    (folder / "unknown.bin").write_bytes(b"\x01\0\x02")
    for name in ("minutes.docx", "all.zip"):
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inside.txt", SECRET)
    return {"minutes.pdf", "unknown.bin", "minutes.docx", "all.zip"}


def test_each_document_beside_the_incidents_is_named_once_and_nothing_of_the_program(
    told: Told,
) -> None:
    names = put_documents(told.home)
    (told.home / "notes").mkdir()
    within = {f"notes/{name}" for name in put_documents(told.home / "notes")}
    (told.home / "window.ini").write_bytes(b"[main]\nplace=\0\n")
    (told.home / "models" / "whisper").mkdir(parents=True)
    (told.home / "models" / "whisper" / "model.bin").write_bytes(b"\0\x01")

    done = told.redact()

    beside = [
        (place["path"], place["why"])
        for place in done["left"]
        if not place["path"].startswith("incidents/")
    ]
    assert sorted(beside) == [(name, NOT_SEARCHED) for name in sorted(names | within)]


def test_a_text_beside_the_incidents_is_searched_and_not_named(told: Told) -> None:
    note = told.home / "note.txt"
    note.write_text(f"before {SECRET} behind")

    done = told.redact()

    assert "note.txt" in done["changed_files"]
    assert "note.txt" not in [place["path"] for place in done["left"]]
    assert "Hunter2" not in note.read_text()
