from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.times import UtcTexts, after, iso_utc

DAY_MS = 86_400_000
STARTS = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    max_value=datetime(9998, 1, 1),  # noqa: DTZ001  as above
    timezones=st.timezones() | st.just(UTC),
)


@given(STARTS, st.lists(st.integers(-DAY_MS, DAY_MS), max_size=5))
@example(datetime(2026, 3, 12, 14, 46, 59, 999_999, tzinfo=UTC), [0, 1, 60_000])
@example(datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC), [-1, 0, 1])
def test_moments_that_are_spelled_many_at_once_are_spelled_like_one(
    start: datetime, offsets: list[int]
) -> None:
    texts = UtcTexts(start)
    assert [texts.after(ms) for ms in offsets] == [iso_utc(after(start, ms)) for ms in offsets]
