import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actions import ActionCategory, ActionStatus, Horizon, Ticket
from app.domain.errors import ExportError
from app.domain.record import Record
from drafting.outline import outline
from drafting.tables import jira_csv, linear_csv, timeline_csv
from drafting.tables.csv_file import csv_bytes, harmless
from tests.builders import a_record, an_action, an_entry, an_incident
from tests.record_builders import a_factor
from tests.unit.drafting.checkout import OPTIONS, the_checkout_record
from tests.unit.drafting.test_docx import converted

JIRA = "Summary,Issue Type,Description,Priority,Assignee,Reporter,Due Date,Labels"
AS_UTF_8 = "--infilter=CSV:44,34,76,1"  # what its dialog proposes for a file with a mark
LINEAR = (
    "Id,Team,Title,Description,Status,Estimate,Priority,Project,Creator,Assignee,Labels,"
    "Cycle Number,Cycle Name,Cycle Start,Cycle End,Created,Updated,Started,Completed,Canceled,"
    "Archived"
)


def written(form: Any, record: Record, folder: Path) -> bytes:
    path = folder / "table.csv"
    form.write(record, path, options=replace(OPTIONS, overwrite=True))
    return path.read_bytes()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_timeline_has_a_row_for_each_line_of_the_report(tmp_path: Path) -> None:
    record = the_checkout_record()
    rows = rows_of(written(timeline_csv.TimelineCsv(), record, tmp_path))
    report = outline(record, OPTIONS)
    assert [row["Event"] for row in rows] == [line.text for line in report.timeline]
    fifth = rows[4]
    assert fifth["Line"] == "T5"
    assert fifth["Date (UTC)"] == "2026-03-12"
    assert fifth["Time (UTC)"] == "≈ 14:10", "no finer than it is known"
    assert fifth["Local time"] == "≈ 15:10 Europe/Berlin"
    assert fifth["Since start"] == "T≈ +00:08"
    assert fifth["Kind"] == "hypothesis"
    assert fifth["Standing"] == "hypothesis, not confirmed"
    assert fifth["Sources"] == "S5"
    assert rows[1]["Customer visible"] == "yes"


def test_a_spreadsheet_learns_that_the_timeline_is_utf_8(tmp_path: Path) -> None:
    content = written(timeline_csv.TimelineCsv(), the_checkout_record(), tmp_path)
    assert content.startswith(b"\xef\xbb\xbfLine,")


def test_jira_gets_its_columns_and_one_task_for_each_action(tmp_path: Path) -> None:
    factor = a_factor("No alert watched the pool")
    first = an_action("Add a reserve")
    action = an_action(
        "Alert above 85 %", owner="Daniel", owner_role="on-call engineer", due=date(2026, 3, 19),
        priority="P1", category=ActionCategory.DETECT, horizon=Horizon.SHORT,
        verification_plan="Fill the pool,\nsee it fire", factors=(factor.id,),
        dependencies=(first.id,),
    )  # fmt: skip
    record = a_record(
        factors=(factor,), actions=(first, action), incident=an_incident(owner="Priya")
    )
    content = written(jira_csv.JiraCsv(), record, tmp_path)
    assert content.decode("utf-8").splitlines()[0] == JIRA
    row = next(row for row in rows_of(content) if row["Summary"] == "Alert above 85 %")
    assert row["Issue Type"] == "Task"
    assert (row["Priority"], row["Due Date"]) == ("High", "2026-03-19")
    assert (row["Assignee"], row["Reporter"]) == ("Daniel", "Priya")
    assert row["Labels"] == "incident detect short"
    assert row["Description"].splitlines() == [
        "Verification: Fill the pool,", "see it fire", "Purpose: detect, short",
        "Owner's role: on-call engineer", "Against: No alert watched the pool",
        "After: Add a reserve", f"Incident: Checkout errors (inc-a, {_ref(record, action.text)})",
    ]  # fmt: skip
    bare = next(row for row in rows_of(content) if row["Summary"] == "Add a reserve")
    assert (bare["Priority"], bare["Assignee"], bare["Due Date"]) == ("", "", "")


def test_linear_gets_its_columns_with_the_due_date_in_the_description(tmp_path: Path) -> None:
    action = an_action("Alert", due=date(2026, 3, 19), status=ActionStatus.IN_PROGRESS)
    content = written(linear_csv.LinearCsv(), a_record(actions=(action,)), tmp_path)
    assert content.decode("utf-8").splitlines()[0] == LINEAR
    (row,) = rows_of(content)
    assert (row["Title"], row["Status"], row["Priority"]) == (
        "Alert",
        "In Progress",
        "No priority",
    )
    assert row["Description"].splitlines()[-1] == "Due: 2026-03-19"
    assert row["Labels"] == "incident"


@pytest.mark.parametrize(
    ("said", "jira", "linear"),
    [
        ("P0", "Highest", "Urgent"),
        ("critical", "Highest", "Urgent"),
        (" High ", "High", "High"),
        ("2", "Medium", "Medium"),
        ("p3", "Low", "Low"),
        ("lowest", "Lowest", "Low"),
        ("whenever", "", "No priority"),
        (None, "", "No priority"),
    ],
)
def test_priorities_are_the_tracker_s_own_words(
    said: str | None, jira: str, linear: str, tmp_path: Path
) -> None:
    record = a_record(actions=(an_action(priority=said),))
    (row,) = rows_of(written(jira_csv.JiraCsv(), record, tmp_path))
    assert row["Priority"] == jira
    (row,) = rows_of(written(linear_csv.LinearCsv(), record, tmp_path))
    assert row["Priority"] == linear


def test_what_is_settled_or_filed_there_is_not_filed_again(tmp_path: Path) -> None:
    actions = (
        an_action("open"),
        an_action("done", status=ActionStatus.VERIFIED),
        an_action("never", status=ActionStatus.WONT_DO),
        an_action("filed", ticket=Ticket("Jira", "OPS-1")),
    )
    record = a_record(actions=actions)
    rows = rows_of(written(jira_csv.JiraCsv(), record, tmp_path))
    assert [row["Summary"] for row in rows] == ["open"]
    rows = rows_of(written(linear_csv.LinearCsv(), record, tmp_path))
    assert sorted(row["Title"] for row in rows) == ["filed", "open"]


def test_a_long_action_is_cut_in_the_summary_and_whole_in_the_description(tmp_path: Path) -> None:
    text = "Add an alert on every pool. " * 30
    (row,) = rows_of(
        written(jira_csv.JiraCsv(), a_record(actions=(an_action(text.strip()),)), tmp_path)
    )
    assert len(row["Summary"]) <= 255
    assert row["Description"].startswith(text.strip())


def test_jira_s_limit_is_told_before_anything_is_written(tmp_path: Path) -> None:
    record = a_record(actions=tuple(an_action(f"Do {n}") for n in range(1_501)))
    with pytest.raises(ExportError, match="1500 rows at a time, and there are 1501"):
        written(jira_csv.JiraCsv(), record, tmp_path)
    assert not list(tmp_path.iterdir())
    fits = replace(record, actions=record.actions[:1_500])
    assert len(rows_of(written(jira_csv.JiraCsv(), fits, tmp_path))) == 1_500


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\uff20x"]
)
def test_no_cell_begins_a_formula(cell: str) -> None:
    assert harmless(cell).startswith("'")


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=3, max_size=3)))
def test_cells_are_read_back_as_words_in_their_columns(rows: list[list[str]]) -> None:
    content = csv_bytes(("a", "b", "c"), rows, mark=False)
    heads, *read = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    assert heads == ["a", "b", "c"]
    assert read == [[harmless(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("words", ["a - b", "T+00:19", "1=1", "", "'quoted'"])
def test_harmless_words_stay_as_they_are(words: str) -> None:
    assert harmless(words) == words


@pytest.mark.prove
@pytest.mark.parametrize(
    "form", [timeline_csv.TimelineCsv(), jira_csv.JiraCsv(), linear_csv.LinearCsv()]
)
def test_libreoffice_opens_it_with_the_same_columns_and_no_formula(
    form: Any, tmp_path: Path
) -> None:
    nasty = '=HYPERLINK("http://x","a"), "b";\nc\td'
    record = a_record(
        an_entry(nasty, occurred="14:02"), actions=(an_action(nasty, owner="@x", priority="-2"),)
    )
    rows = rows_of(written(form, record, tmp_path))
    page = converted(tmp_path / "table.csv", "fods", AS_UTF_8).read_text("utf-8")
    assert "table:formula" not in page
    for head in rows[0]:
        assert f"<text:p>{head}</text:p>" in page
    assert page.count("HYPERLINK") >= 1


def _ref(record: Record, text: str) -> str:
    return next(row.ref for row in outline(record, OPTIONS).actions if row.text == text)
