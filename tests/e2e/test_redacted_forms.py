"""No form of the report tells what was redacted, in words or in sound."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from app.audio_files.flac import read_flac
from tests.e2e.redaction_home import GONE
from tests.unit.drafting.html_read import ReadPage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.redaction_home import Told

MARGIN = 16 * 2_000
FORMS = ("html", "docx", "md", "timeline-csv", "linear-csv")


def test_no_form_and_no_text_for_others_tells_any_of_it(told: Told, tmp_path: Path) -> None:
    told.redact()
    out = tmp_path / "out"
    out.mkdir()
    for form in FORMS:
        _export(told, out / f"report.{form}", "--format", form)
    for audience in ("support", "executive"):
        _export(told, out / f"{audience}.txt", "--format", "txt", "--audience", audience)
    for path in out.iterdir():
        words = _words_in(path).casefold()
        assert words
        assert [gone for gone in GONE if gone in words] == [], path.name


def test_the_page_s_clip_is_silent_there_and_only_there(told: Told, tmp_path: Path) -> None:
    told.redact()
    page = tmp_path / "page.html"
    _export(told, page, "--format", "html")
    (clip,) = ReadPage(page.read_text("utf-8")).all("audio", "src")
    content = io.BytesIO(base64.b64decode(clip.partition(",")[2]))
    samples = np.frombuffer(read_flac(content, frames=None), dtype="<i2")
    assert not samples[MARGIN:-MARGIN].any()
    assert samples[:MARGIN].any()
    assert samples[-MARGIN:].any()


def _export(told: Told, out: Path, *words: str) -> None:
    told.hotwash.json("export", told.incident, *words, "--out", out)


def _words_in(path: Path) -> str:
    if path.suffix != ".docx":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
