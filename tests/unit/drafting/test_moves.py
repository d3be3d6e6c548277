"""How severity, state and roles moved on."""

import re
from typing import Any

from app.domain.incident import Incident, IncidentState
from drafting.markdown import markdown
from tests.builders import a_record, an_entry, an_incident, at
from tests.record_builders import a_checkpoint
from tests.unit.drafting.checkout import OPTIONS
from tests.unit.drafting.outlined import report_of
from tests.unit.drafting.rendered import made, text_of


def an_incident_that_moved() -> Incident:
    worse = an_incident().with_severity("SEV1", at=at("14:06"), by="Priya", reason="12% | fail")
    milder = worse.with_severity("SEV2", at=at("14:40"), by="Priya")
    return milder.with_state(IncidentState.MITIGATED, at=at("14:31"), by="Tom")


def what_moved() -> dict[str, Any]:
    taken = a_checkpoint(at=at("14:10"), acknowledged_at=at("14:12"), acknowledged_by="Priya")
    return {"incident": an_incident_that_moved(), "checkpoints": (a_checkpoint(), taken)}


def test_changes_and_acknowledged_handovers_stand_in_their_order() -> None:
    rows = [(m.at[11:16], m.what, m.before, m.after, m.by, m.reason)
            for m in report_of(**what_moved()).moves]  # fmt: skip
    assert rows == [
        ("14:06", "severity", "none", "SEV1", "Priya", "12% | fail"),
        ("14:12", "IC", "Marcus", "Priya", "Priya", "handover acknowledged"),
        ("14:31", "state", "active", "mitigated", "Tom", ""),
        ("14:40", "severity", "SEV1", "SEV2", "Priya", ""),
    ]


def test_the_pages_and_markdown_show_them_under_the_timeline() -> None:
    record = a_record(an_entry(), **what_moved())
    text = markdown(record, OPTIONS)
    moves = text[text.index("### How it moved") : text.index("## Decisions")]
    assert "| 2026-03-12 14:06 UTC | severity | none → SEV1 | Priya | 12% \\| fail |" in moves
    assert "| 2026-03-12 14:31 UTC | state | active → mitigated | Tom | *not recorded* |" in moves
    with made(record) as pdf:
        page = text_of(pdf)
    shown = page[page.index("How it moved") : page.index("Decisions")]
    assert "2026-03-12 14:06 UTC severity none → SEV1 Priya 12% | fail" in shown
    assert re.search(r"14:12 UTC IC Marcus → Priya Priya handover acknowledged", shown)


def test_where_nothing_moved_there_is_no_such_table() -> None:
    record = a_record(an_entry(), checkpoints=(a_checkpoint(),))
    assert "How it moved" not in markdown(record, OPTIONS)
    with made(record) as pdf:
        assert "How it moved" not in text_of(pdf)
