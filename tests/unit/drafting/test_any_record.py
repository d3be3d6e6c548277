"""Whatever a record holds, every form of it can be read again, and holds to its rules."""

from __future__ import annotations

import contextlib
import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import docx
import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from pymarkdown.api import PyMarkdownApi

from app.domain.communications import Audience
from app.domain.errors import ExportError
from app.resources import resources_dir
from drafting.audiences.brief import FORMS, brief
from drafting.audiences.templates import AudienceTemplates
from drafting.calendar import calendar_bytes
from drafting.docx.document import DocxReport
from drafting.html.document import HtmlReport
from drafting.markdown import markdown
from drafting.tables.jira_csv import JiraCsv
from drafting.tables.linear_csv import LinearCsv
from drafting.tables.timeline_csv import TimelineCsv
from tests.builders import a_record
from tests.coherent_records import coherent
from tests.generated_records import records
from tests.unit.drafting.checkout import OPTIONS
from tests.unit.drafting.full_shelf import FullShelf
from tests.unit.drafting.html_read import ReadPage
from tests.unit.drafting.rendered import a_nasty_record
from tests.unit.drafting.whole import the_whole_record

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from app.domain.record import Record

TEMPLATES = AudienceTemplates(resources_dir() / "templates", resources_dir() / "none")


def with_known_tracks(record: Record) -> Record:
    """Return the record without citations of tracks that it does not have."""
    known = {track.id for track in record.tracks}

    def cited(things: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            replace(t, sources=tuple(s for s in t.sources if s.track_id in {None, *known}))
            for t in things
        )

    return replace(
        record,
        entries=cited(record.entries),
        decisions=cited(record.decisions),
        actions=cited(record.actions),
    )


ANY_RECORD = records().map(coherent).map(with_known_tracks)


def hold(record: Record, folder: Path) -> None:
    """Check every form of a record."""
    lints(markdown(record, OPTIONS))
    page = ReadPage(HtmlReport(FullShelf()).render(record, OPTIONS))
    targets = {name for _, has in page.tags if (name := has.get("id"))}
    assert {href[1:] for href in page.all("a", "href") if href.startswith("#")} <= targets
    assert "script" not in {tag for tag, _ in page.tags}
    assert docx.Document(io.BytesIO(DocxReport().render(record, OPTIONS))).paragraphs
    for form in (TimelineCsv(), JiraCsv(), LinearCsv()):
        path = folder / "table.csv"
        form.write(record, path, options=replace(OPTIONS, overwrite=True))
        heads, *rows = csv.reader(path.read_text("utf-8-sig").splitlines(keepends=True))
        assert all(len(row) == len(heads) for row in rows)
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    with contextlib.suppress(ExportError):  # which says that there are no dates
        assert icalendar.Calendar.from_ical(calendar_bytes(record, OPTIONS)).walk("VEVENT")
    for audience in set(Audience) - {Audience.ENGINEERING}:
        made = brief(record, audience, TEMPLATES, OPTIONS)
        lints(made.markdown)
        assert all(made.content(form, OPTIONS) for form in FORMS)


def lints(text: str) -> None:
    """Check Markdown as pymarkdownlnt does, but for what GitHub's own pages need.

    Lines of tables cannot wrap; targets of links and line ends inside cells are HTML.
    """
    linter = PyMarkdownApi().disable_rule_by_identifier("md013")
    linter.set_string_property("plugins.md033.allowed_elements", "a,br")
    found = linter.scan_string(text)
    assert [(f.rule_id, f.line_number) for f in found.scan_failures] == []
    assert not found.pragma_errors


@pytest.mark.parametrize("record", [the_whole_record(), a_nasty_record(), a_record()])
def test_a_full_a_hostile_and_an_empty_record_have_every_form(
    record: Record, tmp_path: Path
) -> None:
    hold(record, tmp_path)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(record=ANY_RECORD)
def test_generated_records_have_every_form(
    tmp_path_factory: pytest.TempPathFactory, record: Record
) -> None:
    hold(record, tmp_path_factory.mktemp("forms"))


@pytest.mark.prove
@pytest.mark.timeout(1_800)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(record=ANY_RECORD)
def test_two_hundred_generated_records_have_every_form(
    tmp_path_factory: pytest.TempPathFactory, record: Record
) -> None:
    hold(record, tmp_path_factory.mktemp("forms"))
