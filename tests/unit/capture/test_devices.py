from pathlib import Path

import pytest

from app.domain.engine_types import AudioSource
from app.domain.errors import EnvironmentMissingError, NoDeviceError
from app.domain.sessions import TrackSource
from capture.devices import SystemSources, missing_source, require_source
from capture.portaudio_listing import portaudio_sources, sources_from_listing
from capture.pulse_listing import sources_from_pactl

USB = AudioSource("pulse:usb", "USB", TrackSource.MIC, 48_000)


def test_pactl_tells_microphones_from_monitors_and_the_defaults() -> None:
    listed = [
        {
            "name": "alsa_output.hdmi.monitor",
            "description": "Monitor of HDMI",
            "sample_specification": "s32le 2ch 48000Hz",
            "monitor_source": "alsa_output.hdmi",
        },
        {
            "name": "alsa_input.usb",
            "description": "USB-Gerät",
            "sample_specification": "s16le 1ch 44100Hz",
            "monitor_source": "",
        },
    ]
    info = {"default_sink_name": "alsa_output.hdmi", "default_source_name": "alsa_input.usb"}

    assert sources_from_pactl(listed, info) == [
        AudioSource(
            "pulse:alsa_output.hdmi.monitor", "Monitor of HDMI", TrackSource.LOOPBACK, 48_000, True
        ),
        AudioSource("pulse:alsa_input.usb", "USB-Gerät", TrackSource.MIC, 44_100, True),
    ]


def test_portaudio_lists_inputs_of_one_interface_and_knows_loopback_drivers() -> None:
    def device(name: str, hostapi: int, inputs: int) -> dict[str, object]:
        return {
            "name": name,
            "hostapi": hostapi,
            "max_input_channels": inputs,
            "default_samplerate": 48_000.0,
        }

    listing = {
        "devices": [
            device("Mic", 0, 2),
            device("Mic", 1, 2),
            device("Speakers", 1, 0),
            device("BlackHole 2ch", 1, 2),
        ],
        "interfaces": [
            {"name": "MME", "default_input_device": 0},
            {"name": "Core Audio", "default_input_device": 1},
        ],
        "loopbacks": [],
    }

    assert sources_from_listing(listing, platform="darwin") == [
        AudioSource("portaudio:Mic", "Mic", TrackSource.MIC, 48_000, True),
        AudioSource("portaudio:BlackHole 2ch", "BlackHole 2ch", TrackSource.LOOPBACK, 48_000),
    ]


def test_without_a_sound_server_portaudio_is_asked_and_what_it_lists_is_an_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    sources = SystemSources().sources()

    assert sources == portaudio_sources()
    assert all(source.id.startswith("portaudio:") for source in sources)


def test_an_unknown_source_names_those_that_exist() -> None:
    require_source(USB, [USB])
    with pytest.raises(NoDeviceError) as refused:
        require_source(AudioSource("pulse:x", "X", TrackSource.MIC, 48_000), [USB])
    assert refused.value.remedy == "Choose one of: pulse:usb."


def test_loopback_where_there_is_none_names_what_works() -> None:
    wanted = AudioSource("portaudio:Speakers", "Speakers", TrackSource.LOOPBACK, 48_000)

    error = missing_source(wanted, [USB], platform="darwin")

    assert isinstance(error, EnvironmentMissingError)
    assert "BlackHole" in error.remedy
    assert "attach the call's recording" in error.remedy
    blackhole = AudioSource("portaudio:BlackHole 2ch", "BlackHole", TrackSource.LOOPBACK, 48_000)
    assert isinstance(missing_source(wanted, [USB, blackhole], platform="darwin"), NoDeviceError)
