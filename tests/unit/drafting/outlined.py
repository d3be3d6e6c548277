from typing import Any

from app.domain.timeline import (
    TimelineEntry,
)
from drafting.outline import outline
from drafting.report import Report
from tests.builders import (
    a_record,
)
from tests.unit.drafting.checkout import OPTIONS


def report_of(*entries: TimelineEntry, **parts: Any) -> Report:
    return outline(a_record(*entries, **parts), OPTIONS)


def method(report: Report) -> dict[str, str]:
    return dict(report.method.points)
