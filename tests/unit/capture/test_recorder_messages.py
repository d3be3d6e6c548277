from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.alarms import Alarm, AlarmKind
from app.domain.engine_types import RecorderStatus, TrackStatus
from app.domain.errors import (
    AppError,
    AudioNotStoredError,
    DeviceBusyError,
    EnvironmentMissingError,
    NoDeviceError,
)
from app.domain.ids import SessionId, TrackId
from app.domain.sessions import Consent, Pause, TrackLabel
from capture.recorder_messages import (
    error_fields,
    error_from,
    pack,
    status_fields,
    status_from,
    unpack,
)
from tests.builders import START


@pytest.mark.parametrize(
    "error",
    [
        NoDeviceError("There is no source.", remedy="Choose another."),
        DeviceBusyError("USB-Gerät", "in use"),
        AudioNotStoredError(Path("folder/room.wav"), OSError(28, "No space left on device")),
        EnvironmentMissingError("No PortAudio.", remedy="Install it."),
    ],
)
def test_an_error_arrives_as_what_it_was(error: AppError) -> None:
    arrived = error_from(unpack(pack(error_fields(error))))

    assert type(arrived) is type(error)
    assert (str(arrived), arrived.remedy) == (str(error), error.remedy)
    assert arrived.exit_code == error.exit_code
    assert getattr(arrived, "path", None) == getattr(error, "path", None)


def test_an_unknown_error_still_arrives_as_one() -> None:
    arrived = error_from({"type": "TYPE_CHECKING", "message": "Odd.", "remedy": ""})

    assert isinstance(arrived, AppError)
    assert str(arrived) == "Odd."


def test_a_status_arrives_as_it_was() -> None:
    track = TrackStatus(TrackId("t"), TrackLabel.ROOM, 900, 0.5, 0.25, 3, "“Mic” stopped.")
    status = RecorderStatus(SessionId("s"), 1_000, (track,), running=False)

    assert status_from(unpack(pack(status_fields(status)))) == status


def test_a_status_tells_what_could_not_be_stored() -> None:
    failure = AudioNotStoredError(Path("folder/room.wav"), OSError(28, "No space left on device"))
    status = RecorderStatus(SessionId("s"), 1_000, (), running=False, failure=failure)

    arrived = status_from(unpack(pack(status_fields(status)))).failure

    assert type(arrived) is AudioNotStoredError
    assert str(arrived) == str(failure)


@pytest.mark.parametrize("message", [b"", b"[]", b"\xff", b"3"])
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whatever JSON says of it
        unpack(message)


def test_a_status_arrives_with_its_pause_its_announcement_and_its_alarms() -> None:
    consent = Consent(START, "Priya", "said aloud")
    alarms = (
        Alarm(AlarmKind.DEVICE_LOST, "“USB” is gone.", "Connect it.", TrackLabel.ROOM, 900),
        Alarm(AlarmKind.LOW_DISK, "Little room.", "Free some."),
    )
    told = RecorderStatus(
        SessionId("ses"), 5, (), pause=Pause(3, None, "Tom"), consent=consent, alarms=alarms
    )
    told = replace(told, leads=False)

    assert status_from(unpack(pack(status_fields(told)))) == told


def test_a_recorder_of_an_earlier_version_is_understood() -> None:
    fields = status_fields(RecorderStatus(SessionId("ses"), 5, ()))
    for name in ("pause", "consent", "alarms", "leads"):
        del fields[name]

    assert status_from(fields) == RecorderStatus(SessionId("ses"), 5, ())
