"""Every form and every audience at the command line."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import docx
import icalendar
import pdfplumber
import pytest

from app.domain.communications import Audience
from tests.command_line import Hotwash
from tests.unit.drafting.html_read import ReadPage
from tests.unit.evidence_files.pictures import a_picture

if TYPE_CHECKING:
    from pathlib import Path

NO_SOUND = {"PULSE_SERVER": "unix:/nonexistent/pulse", "XDG_RUNTIME_DIR": "/nonexistent"}
EDITS = {
    "incident": {"state": "resolved"},
    "actions": [{"text": "Add a canary", "due": "2026-04-01", "priority": "high"}],
}


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", NO_SOUND)


@pytest.fixture
def incident(hotwash: Hotwash, tmp_path: Path) -> str:
    incident = str(hotwash.json("new", "Checkout errors")["id"])
    entry = hotwash.json("mark", incident, "fact", "Payments fail")["entry"]["id"]
    shot, edits = tmp_path / "shot.png", tmp_path / "edits.json"
    shot.write_bytes(a_picture())
    hotwash.json("evidence", incident, "--add", shot, "--entry", entry, "--note", "the spike")
    seen = [{"id": entry, "customer_visible": True}]
    edits.write_text(json.dumps(EDITS | {"entries": seen}))
    hotwash.json("apply", incident, edits)
    return incident


def test_every_form_is_written_and_read_by_others(
    hotwash: Hotwash, incident: str, tmp_path: Path
) -> None:
    made: dict[str, bytes] = {}
    for form in ("md", "html", "docx", "timeline-csv", "jira-csv", "linear-csv", "ics"):
        out = tmp_path / f"out.{form}"
        told = hotwash.json("export", incident, "--format", form, "--out", out)
        assert (told["path"], told["format"]) == (str(out), form)
        made[form] = out.read_bytes()
        assert told["bytes"] == len(made[form])
    assert "![E1: the spike](out-files/E1.png)" in made["md"].decode()
    assert (tmp_path / "out-files" / "E1.png").read_bytes().startswith(b"\x89PNG")
    assert len(ReadPage(made["html"].decode()).all("img", "src")) == 1
    assert len(docx.Document(io.BytesIO(made["docx"])).inline_shapes) == 1
    for form in ("timeline-csv", "jira-csv", "linear-csv"):
        assert len(list(csv.DictReader(io.StringIO(made[form].decode("utf-8-sig"))))) == 1
    assert len(icalendar.Calendar.from_ical(made["ics"]).walk("VEVENT")) == 1


def test_what_leaves_the_house_waits_for_a_name_and_keeps_it(
    hotwash: Hotwash, incident: str, tmp_path: Path
) -> None:
    out = tmp_path / "page.txt"
    words = ("export", incident, "--format", "txt", "--audience", "status_page", "--out", out)
    told = hotwash.refusal(*words, code=1)
    assert "Payments fail" in told, "who is to approve it has to read it"
    assert "nobody has approved it" in told
    assert not out.exists()
    assert _communications(hotwash, incident) == []
    hotwash.json(*words, "--approved-by", "Elena")
    (kept,) = _communications(hotwash, incident)
    assert (kept["audience"], kept["approver"]) == ("status_page", "Elena")
    assert kept["text"] == out.read_text("utf-8")
    assert len(kept["facts_used"]) == 1


def test_a_text_that_is_not_placed_is_not_approved(
    hotwash: Hotwash, incident: str, tmp_path: Path
) -> None:
    out = tmp_path / "page.md"
    out.write_text("mine")
    hotwash.refusal(
        "export", incident, "--format", "md", "--audience", "external", "--approved-by", "Elena",
        "--out", out, code=1,
    )  # fmt: skip
    assert out.read_text() == "mine"
    assert _communications(hotwash, incident) == []


@pytest.mark.parametrize("audience", [Audience.EXECUTIVE, Audience.SUPPORT])
def test_who_is_inside_needs_no_approval(
    hotwash: Hotwash, incident: str, audience: Audience, tmp_path: Path
) -> None:
    for form in ("md", "html", "docx", "txt"):
        out = tmp_path / f"brief.{form}"
        hotwash.json(
            "export", incident, "--format", form, "--audience", audience.value, "--out", out
        )
        assert out.stat().st_size > 100
    assert _communications(hotwash, incident) == []


@pytest.mark.parametrize("form", ["pdf", "json", "pack", "bundle", "timeline-csv", "jira-csv"])
def test_the_whole_incident_is_for_engineers_alone(
    hotwash: Hotwash, incident: str, form: str, tmp_path: Path
) -> None:
    told = hotwash.refusal(
        "export", incident, "--format", form, "--audience", "customer_email", "--approved-by",
        "Elena", "--out", tmp_path / "out", code=1,
    )  # fmt: skip
    assert "for engineers alone" in told
    assert "docx, html, md, txt" in told


def test_the_whole_report_is_no_plain_text(
    hotwash: Hotwash, incident: str, tmp_path: Path
) -> None:
    told = hotwash.refusal(
        "export", incident, "--format", "txt", "--out", tmp_path / "out.txt", code=1
    )
    assert "not written as “txt”" in told


def test_a_team_s_template_in_the_data_folder_is_used_and_its_slip_told(
    hotwash: Hotwash, incident: str, tmp_path: Path
) -> None:
    own = hotwash.home / "templates" / "support.md.j2"
    own.parent.mkdir()
    own.write_text("# Ours: {{ title }}\n")
    words = ("export", incident, "--format", "md", "--audience", "support", "--out")
    hotwash.json(*words, tmp_path / "ours.md")
    assert (tmp_path / "ours.md").read_text() == "# Ours: Checkout errors\n"
    own.write_text("# Ours\n\n{{ titel }}\n")
    told = hotwash.refusal(*words, tmp_path / "again.md", code=1)
    assert f"{own}, line 3: 'titel' is undefined." in told
    assert not (tmp_path / "again.md").exists()


def test_the_team_s_look_and_words_are_in_the_report_and_a_slip_in_them_is_told(
    hotwash: Hotwash, incident: str, tmp_path: Path
) -> None:
    look, out = hotwash.home / "branding" / "branding.toml", tmp_path / "report.pdf"
    look.parent.mkdir()
    look.write_text('overline = "Learning review"\norganisation = "Ökotrust"\n', "utf-8")
    hotwash.json("glossary", "add", "payments", "--kind", "service")
    hotwash.json("export", incident, "--format", "pdf", "--out", out)
    with pdfplumber.open(out) as pdf:
        pages = [page.extract_text() for page in pdf.pages]
    assert "LEARNING REVIEW" in pages[0]
    assert all("Ökotrust · Checkout errors" in page for page in pages[1:])
    assert any(re.search("^payments service$", page, re.MULTILINE) for page in pages)
    look.write_text('accent = "red"\n')
    again = ("export", incident, "--format", "pdf", "--out", tmp_path / "again.pdf")
    assert f"{look} cannot be used: line 1, accent" in hotwash.refusal(*again, code=1)
    look.unlink()
    (hotwash.home / "glossary.toml").write_text("[[term]]\ntext = 3\n")
    assert "glossary.toml" in hotwash.refusal(*again, code=1)
    assert not (tmp_path / "again.pdf").exists()


def _communications(hotwash: Hotwash, incident: str) -> list[dict[str, Any]]:
    return list(hotwash.json("show", incident)["communications"])
