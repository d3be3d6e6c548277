"""Nothing that leaves the program tells what was redacted."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.audio_files.flac import read_flac
from tests.e2e.redaction_home import GONE, Told

if TYPE_CHECKING:
    from pathlib import Path

AGAIN = "so it was Hunter2-Tröt after all"


def say_again(told: Told) -> str:
    """Put the secret into the record once more; return the id of the message."""
    message = {"id": "msg-again", "source_id": "imp-1", "at": "2026-03-12T15:00:00Z"}
    document = {"messages": [message | {"text": AGAIN}]}
    told.hotwash.json("apply", told.incident, "-", stdin=json.dumps(document))
    return message["id"]


def test_a_redacted_pack_tells_none_of_it_in_text_or_sound(told: Told, tmp_path: Path) -> None:
    told.redact()
    out = tmp_path / "pack.zip"
    told.hotwash.json("export", told.incident, "--format", "pack", "--out", out)

    start, end = (told.segment[name] for name in ("start_ms", "end_ms"))
    with zipfile.ZipFile(out) as pack:
        manifest = json.loads(pack.read("manifest.json"))
        for name in pack.namelist():
            text = pack.read(name).decode("utf-8", "replace").casefold()
            assert [words for words in GONE if words in text] == [], name
        (clip,) = manifest["clips"]
        assert clip["start_ms"] <= start - 1_900
        with pack.open(clip["path"]) as file:
            pcm = read_flac(file, frames=None)
    samples = np.frombuffer(pcm, dtype="<i2")
    first, last = (16 * (at - clip["start_ms"]) for at in (start, end))
    assert not samples[first:last].any()
    assert samples.any(), "what was said beside it is heard"


@pytest.mark.parametrize("form", ["pdf", "md", "pack"])
def test_words_that_came_back_refuse_every_export_and_are_named(
    told: Told, tmp_path: Path, form: str
) -> None:
    told.redact()
    message = say_again(told)
    out = tmp_path / f"out.{form}"
    command = ("export", told.incident, "--format", form, "--out", out)
    if form == "md":  # it prints no messages: let the words stand where it does
        entry = {"id": told.entry, "text": AGAIN}
        told.hotwash.json("apply", told.incident, "-", stdin=json.dumps({"entries": [entry]}))

    refusal = told.hotwash.refusal(*command, code=1)

    assert "Words that were redacted stand in it again" in refusal
    assert (message if form != "md" else told.entry) in refusal
    assert "hunter2" not in refusal.casefold()
    assert list(tmp_path.glob("out*")) == []
    assert not list(tmp_path.glob(".hotwash-export-*"))

    told.hotwash.json("redact", told.incident, "--also", "Hunter2-Tröt", "--reason", "x", "--yes")
    assert told.hotwash.json(*command)["path"] == str(out)


def test_what_the_redaction_leaves_in_the_record_refuses_nothing(
    told: Told, tmp_path: Path
) -> None:
    severity = {"incident": {"severity": "SEV1"}}
    told.hotwash.json("apply", told.incident, "-", stdin=json.dumps(severity))
    told.hotwash.json("redact", told.incident, "--also", "SEV1", "--reason", "x", "--yes")
    out = tmp_path / "out.md"
    assert told.hotwash.json("export", told.incident, "--format", "md", "--out", out)
