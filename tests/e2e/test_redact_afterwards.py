"""What is done after a redaction neither shows nor brings back the words."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pdfplumber

from app.storage.database import open_database
from tests.e2e.redaction_home import REASON, Told, left_in

if TYPE_CHECKING:
    from pathlib import Path


def test_search_finds_nothing_of_it_and_the_rest_still(told: Told) -> None:
    assert told.hotwash.json("search", "hunter2")["hits"]

    told.redact()

    assert told.hotwash.json("search", "hunter2")["hits"] == []
    assert told.hotwash.json("search", "rollback", "finished")["hits"]


def test_a_new_transcript_does_not_bring_the_words_back(told: Told) -> None:
    told.redact()

    told.hotwash.json("transcribe", told.incident)

    shown = told.show()
    assert [s["id"] for s in shown["segments"] if s["redacted"]] == [told.segment["id"]]
    assert not [s for s in shown["segments"] if "restarting" in s["text"]]
    assert left_in(told.home) == []


def test_exports_made_afterwards_hold_the_mark_and_the_method(told: Told, tmp_path: Path) -> None:
    told.redact()

    for form in ("pdf", "md", "json"):
        path = tmp_path / f"report.{form}"
        told.hotwash.json("export", told.incident, "--format", form, "--out", path)
    with pdfplumber.open(tmp_path / "report.pdf") as pdf:
        printed = " ".join(" ".join((page.extract_text() or "").split()) for page in pdf.pages)
    for text in (printed, (tmp_path / "report.md").read_text()):
        assert "hunter2" not in text.casefold()
        assert "redacted" in text
        assert "1 stretch was redacted" in text
        assert f"Priya ({REASON})" in text
    assert "hunter2" not in (tmp_path / "report.json").read_text().casefold()


def test_a_backup_still_opens_with_the_rest_of_its_words(told: Told, tmp_path: Path) -> None:
    told.redact()

    (backup,) = told.home.glob("*.before-*")
    shutil.copy(backup, tmp_path / "hotwash.db")
    database = open_database(tmp_path / "hotwash.db")
    with database.reading() as connection:
        texts = connection.exec_driver_sql("SELECT text FROM segment").scalars().all()
    database.close()
    assert "[redacted]" in texts
    assert "The rollback finished at 14:26." in texts
