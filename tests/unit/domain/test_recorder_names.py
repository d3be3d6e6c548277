from datetime import UTC, datetime, timedelta, timezone
from pathlib import PurePath

import pytest

from app.domain.recorder_names import told_by_name

LOCAL = datetime(2026, 3, 12, 14, 46)  # noqa: DTZ001  these names tell no zone
IN_UTC = LOCAL.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "GMT20260312-144600_Recording_1920x1080.mp4",  # Zoom's cloud
        "Checkout-20260312_144600UTC-Meeting Recording.mp4",  # Teams
        "PXL_20260312_144600123.mp4",
        "20260312T144600Z.wav",
        "abc-defg-hij (2026-03-12 at 14 46 GMT).mp4",
    ],
)
def test_a_name_that_tells_its_zone_is_read_in_it(name: str) -> None:
    told = told_by_name(PurePath(name))
    assert told is not None
    assert told.at == IN_UTC


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("abc-defg-hij (2026-03-12 at 15 46 GMT+1).mp4", 1),  # Meet
        ("2026-03-12T09:16:00-05:30.wav", -5.5),
        ("2026-03-12T07-46-00-0700.wav", -7),
        ("2026-03-12 16-46-00 +02.mkv", 2),
    ],
)
def test_an_offset_in_a_name_counts(name: str, hours: float) -> None:
    told = told_by_name(PurePath(name))
    assert told is not None
    assert told.at == IN_UTC
    assert told.at.tzinfo == timezone(timedelta(hours=hours))


@pytest.mark.parametrize(
    "name",
    [
        "2026-03-12 14-46-00.mkv",  # OBS
        "2026-03-12_14.46.ogg",
        "Screen Recording 2026-03-12 at 14.46.00.mov",
        "Screen Recording 2026-03-12 at 2.46.00\u202fPM.mov",
        "Screencast from 2026-03-12 14-46-00.webm",
        "Checkout-20260312_144600-Meeting Recording.mp4",
        "20260312 144600-AB12CD34.m4a",  # voice memos
        "Voice 260312_144600.m4a",
        "Recording_20260312_144600.amr",
        "VID_20260312_144600.mp4",
        "bridge 2026-03-12 14-46 call.wav",
        "2026-03-12 14.46.00 Checkout/audio_only.m4a",  # Zoom on one's own machine
        "2026-03-12 14-46-00-2.mkv",  # a second of that name
        "2026-03-12 14-46-1.mkv",
        "20260312-144600-0001.wav",  # a splitter's count
    ],
)
def test_a_name_without_a_zone_tells_a_time_without_one(name: str) -> None:
    told = told_by_name(PurePath(name))
    assert told is not None
    assert told.at == LOCAL
    assert told.place == ("folder's name" if "/" in name else "name")


@pytest.mark.parametrize(
    "name",
    [
        "bridge.wav",
        "2026-03-12.wav",
        "call 2026-03-12 1080p.mp4",
        "2026-13-12 14-46-00.mkv",
        "2026-03-12 25-46-00.mkv",
        "PTT-20260312-WA0001.opus",
        "WhatsApp Audio 2026-03-12 at 14.46.00.opus",  # when it was sent
        "signal-2026-03-12-14-46-00-123.m4a",
        "Checkout - 2026_03_12 14_46 CST - Recording.mp4",  # of China or of Chicago
        "ticket 202603121446001234.wav",
        "2026-03-12-001.wav",  # the day's first, not a minute past midnight
        "2026-03-12_100.wav",
        "2026-03-12 14-46-00-02.mkv",  # the second part, or a zone
    ],
)
def test_a_name_that_tells_no_start_for_certain_tells_none(name: str) -> None:
    assert told_by_name(PurePath(name)) is None
