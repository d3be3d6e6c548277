"""How pw-record is asked, whichever version of it is there."""

from pathlib import Path

import pytest

from app.domain.engine_types import AudioSource
from app.domain.errors import EnvironmentMissingError
from app.domain.sessions import TrackSource
from capture.pipewire_input import PipeWireStream, is_for_pipewire, pw_record_command
from tests.sound import wait_until

MIC = AudioSource("pulse:bluez_input.00_11.0", "Headset", TrackSource.MIC, 16_000)
MONITOR = AudioSource(
    "pulse:bluez_output.00_11.1.monitor", "Monitor of Headset", TrackSource.LOOPBACK, 48_000
)
BUILT_IN = AudioSource("pulse:alsa_input.pci", "Built-in", TrackSource.MIC, 48_000)
OF_PULSEAUDIO = AudioSource("pulse:bluez_source.00_11", "Headset", TrackSource.MIC, 16_000)


def a_pw_record(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> str:
    """Put a program of that name on the path, and nothing else."""
    program = folder / "pw-record"
    program.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return str(program)


def test_the_sink_is_recorded_and_not_its_monitor_which_pipewire_does_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = a_pw_record(tmp_path, monkeypatch, "echo --target")

    assert pw_record_command(MONITOR) == [
        *(program, "--target", "bluez_output.00_11.1"),
        *("--properties", "{ node.dont-reconnect=true stream.capture.sink=true }"),
        *("--rate", "48000", "--channels", "1", "--format", "s16", "-"),
    ]
    of_mic = pw_record_command(MIC)
    assert of_mic[2] == "bluez_input.00_11.0"
    assert "stream.capture.sink" not in of_mic[4]


def test_a_version_that_would_write_a_header_is_asked_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_pw_record(tmp_path, monkeypatch, "echo '  -a, --raw   RAW mode'")

    assert pw_record_command(MIC)[-2:] == ["--raw", "-"]


def test_only_a_headset_of_pipewires_goes_through_it_and_only_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not is_for_pipewire(MIC)
    with pytest.raises(EnvironmentMissingError, match="pw-record does not start"):
        pw_record_command(MIC)
    a_pw_record(tmp_path, monkeypatch)

    sources = (MIC, MONITOR, BUILT_IN, OF_PULSEAUDIO)
    assert [source for source in sources if is_for_pipewire(source)] == [MIC, MONITOR]


def test_one_that_ends_at_once_is_a_device_that_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_pw_record(tmp_path, monkeypatch, "exit 1")
    stream = PipeWireStream(MIC, lambda _block: None, lambda: 0)
    try:
        wait_until(lambda: not stream.active, "its end is noticed")
    finally:
        stream.close()
