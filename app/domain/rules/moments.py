"""How far two times may lie apart and still be the same: by the precision of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.times import Precision

WIDTHS = {
    Precision.SECOND: timedelta(seconds=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.HOUR: timedelta(hours=1),
}
ABOUT = timedelta(minutes=15)  # “around two” may be this much earlier or later


@dataclass(frozen=True, slots=True)
class Moment:
    """The half-open stretch ``[earliest, latest)`` within which something happened."""

    earliest: datetime
    latest: datetime

    def disagrees_with(self, other: Moment) -> bool:
        """Whether both cannot be the same moment."""
        return self.is_before(other) or other.is_before(self)

    def is_before(self, other: Moment) -> bool:
        """Whether it was over when the other began, as surely as both are known."""
        return self.latest <= other.earliest


def moment(at: datetime, precision: Precision) -> Moment:
    """Return the stretch meant by a time of a precision, as finely as it may be printed."""
    if precision is Precision.SECOND:
        start = at.replace(microsecond=0)
    elif precision is Precision.MINUTE:
        start = at.replace(second=0, microsecond=0)
    elif precision is Precision.HOUR:
        start = at.replace(minute=0, second=0, microsecond=0)
    else:
        return Moment(at - ABOUT, at + ABOUT)
    return Moment(start, start + WIDTHS[precision])
