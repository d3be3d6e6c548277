import math
import random
import socket
import sys
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import psutil
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.reader import FolderAudioReader
from app.audio_files.session_folder import end_session, remove_empty_session
from app.domain.engine_types import TrackAudio
from app.domain.errors import AudioUnreadableError
from app.domain.media import MediaOutcome
from capture.media_file import AvMediaReader


def attach(source: Path, target: TrackAudio) -> int:
    return outcome(source, target).duration_ms


def outcome(
    source: Path, target: TrackAudio, *, stream: int = 1, begins_ms: int = 0
) -> MediaOutcome:
    return AvMediaReader().attach(
        source, target, stream=stream, begins_ms=begins_ms, on_progress=lambda _share: None
    )


def a_tone(seconds: float, rate: int, level: float = 1.0) -> np.ndarray:
    return level * np.sin(2 * math.pi * 440 * np.arange(int(seconds * rate)) / rate)


def write_wav(path: Path, samples: np.ndarray, rate: int, channels: int = 1) -> Path:
    frames = np.repeat((samples * 32_767).astype("<i2")[:, None], channels, axis=1)
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        file.writeframes(frames.tobytes())
    return path


def encode(path: Path, codec: str, seconds: float, *, with_video: bool = False) -> Path:
    rate = 48_000
    samples = (a_tone(seconds, rate, 0.5) * 32_767).astype("<i2")
    with av.open(str(path), "w") as container:
        # All streams before the first packet: FFmpeg aborts the process otherwise.
        video = video_stream(container) if with_video else None
        stream = container.add_stream(codec, rate=rate)
        stream.layout = "stereo"
        frame = av.AudioFrame.from_ndarray(np.repeat(samples, 2)[None, :], "s16", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        if video is not None:
            mux_pictures(container, video, seconds)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def video_stream(container: av.container.OutputContainer) -> av.VideoStream:
    video = container.add_stream("mpeg4", rate=5)
    video.width = video.height = 32
    video.pix_fmt = "yuv420p"
    return video


def mux_pictures(
    container: av.container.OutputContainer, video: av.VideoStream, seconds: float
) -> None:
    for _ in range(int(seconds * 5)):
        picture = av.VideoFrame.from_ndarray(np.zeros((48, 32), dtype=np.uint8), "yuv420p")
        container.mux(video.encode(picture))
    container.mux(video.encode(None))


@pytest.mark.parametrize(
    ("rate", "channels"), [(8_000, 1), (16_000, 1), (44_100, 2), (48_000, 1), (96_000, 2)]
)
def test_any_rate_and_layout_keeps_length_pitch_and_full_scale(
    tmp_path: Path, target: TrackAudio, rate: int, channels: int
) -> None:
    source = write_wav(tmp_path / "call.wav", a_tone(3, rate), rate, channels)

    duration_ms = attach(source, target)

    assert abs(duration_ms - 3_000) <= 1
    samples = FolderAudioReader().samples(target, 500, 2_500)
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) / 2 == pytest.approx(440, abs=1)
    assert np.abs(samples).max() == pytest.approx(1.0, abs=0.02)


@pytest.mark.skipif(sys.platform == "win32", reason="no name of a file has a colon there")
def test_a_time_of_day_before_a_files_name_is_no_protocol(
    tmp_path: Path, target: TrackAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_wav(tmp_path / "14:46.wav", a_tone(1, 16_000), 16_000)
    monkeypatch.chdir(tmp_path)

    assert AvMediaReader().facts(Path("14:46.wav")).duration_ms == 1_000
    assert attach(Path("14:46.wav"), target) == 1_000


def test_silence_stays_silence(tmp_path: Path, target: TrackAudio) -> None:
    attach(write_wav(tmp_path / "call.wav", np.zeros(96_000), 48_000, 2), target)

    assert not np.any(FolderAudioReader().samples(target, 0, 2_000))


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp3", "mp3"),
        ("a.m4a", "aac"),
        ("a.aac", "aac"),
        ("a.flac", "flac"),
        ("a.opus", "libopus"),
        ("a.ogg", "libopus"),
        ("a.webm", "libopus"),
        ("a.mov", "alac"),
        ("a.avi", "mp3"),
        ("a.ts", "aac"),
        ("a.aiff", "pcm_s16be"),
    ],
)
def test_the_usual_formats_are_read(
    tmp_path: Path, target: TrackAudio, name: str, codec: str
) -> None:
    duration_ms = attach(encode(tmp_path / name, codec, 4), target)

    assert abs(duration_ms - 4_000) < 100
    rms = float(np.sqrt(np.mean(FolderAudioReader().samples(target, 1_000, 3_000) ** 2)))
    assert rms == pytest.approx(0.5 / math.sqrt(2), rel=0.05)


def test_the_sound_of_a_video_is_read_and_progress_is_told(
    tmp_path: Path, target: TrackAudio
) -> None:
    told: list[float] = []
    source = encode(tmp_path / "call.mkv", "aac", 4, with_video=True)

    duration_ms = AvMediaReader().attach(source, target, on_progress=told.append).duration_ms

    assert abs(duration_ms - 4_000) < 100
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 5


def no_channels(path: Path) -> None:
    write_wav(path, a_tone(1, 16_000), 16_000)
    content = bytearray(path.read_bytes())
    content[22:24] = b"\0\0"
    path.write_bytes(content)


def unknown_encoding(path: Path) -> None:
    write_wav(path, a_tone(1, 16_000), 16_000)
    content = bytearray(path.read_bytes())
    content[20:22] = b"\x34\x12"
    path.write_bytes(content)


def silent_film(path: Path) -> None:
    with av.open(str(path), "w", format="matroska") as container:
        mux_pictures(container, video_stream(container), 2)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Path.touch, "empty"),
        (lambda path: path.write_text("Dear all, the recording is attached.\n" * 50), "no audio"),
        (lambda path: path.write_bytes(random.Random(1).randbytes(50_000)), "audio"),  # noqa: S311  any noise
        (lambda path: path.write_bytes(b"RIFF\x24\0\0\0WAVEfmt "), "audio"),
        (no_channels, "audio"),
        (unknown_encoding, "encoded is not known"),
        (silent_film, "no sound"),
        (Path.mkdir, "a folder"),
        (lambda _path: None, "no such file"),
    ],
    ids=[
        "empty",
        "text",
        "noise",
        "header only",
        "0 channels",
        "unknown encoding",
        "silent film",
        "folder",
        "nothing",
    ],
)
def test_what_is_no_audio_is_a_known_error_and_leaves_nothing(
    tmp_path: Path, target: TrackAudio, make: Callable[[Path], object], reason: str
) -> None:
    source = tmp_path / "call.wav"
    make(source)
    before = sorted(target.session_dir.rglob("*"))

    with pytest.raises(AudioUnreadableError, match=reason):
        attach(source, target)

    assert sorted(target.session_dir.rglob("*")) == before
    remove_empty_session(target.session_dir)
    assert not target.session_dir.exists()


@pytest.mark.parametrize(
    ("name", "codec"), [("a.flac", "flac"), ("a.mp3", "mp3"), ("a.wav", "pcm_s16le")]
)
def test_a_file_that_breaks_off_keeps_what_could_be_read(
    tmp_path: Path, target: TrackAudio, name: str, codec: str
) -> None:
    source = encode(tmp_path / name, codec, 10)
    whole = source.read_bytes()
    source.write_bytes(whole[: len(whole) // 2])

    duration_ms = attach(source, target)

    assert 4_000 < duration_ms < 6_000


@pytest.mark.parametrize("order", [(48_000, 16_000), (16_000, 48_000)])
def test_a_file_whose_rate_and_channels_change_keeps_all_its_sound(
    tmp_path: Path, target: TrackAudio, order: tuple[int, int]
) -> None:
    source = tmp_path / "joined.mp3"
    for rate in order:
        part = tmp_path / f"{rate}.mp3"
        encode_mp3(part, rate, 5)
        with source.open("ab") as file:
            file.write(part.read_bytes())

    duration_ms = attach(source, target)

    assert abs(duration_ms - 10_000) < 300
    for second in (2, 7):
        samples = FolderAudioReader().samples(target, second * 1_000, second * 1_000 + 2_000)
        assert np.argmax(np.abs(np.fft.rfft(samples))) / 2 == pytest.approx(440, abs=2)


def encode_mp3(path: Path, rate: int, seconds: float) -> None:
    layout, channels = ("stereo", 2) if rate == 48_000 else ("mono", 1)
    samples = np.repeat((a_tone(seconds, rate, 0.5) * 32_767).astype("<i2"), channels)
    with av.open(str(path), "w", format="mp3", options={"write_xing": "0"}) as container:
        stream = container.add_stream("mp3", rate=rate)
        stream.layout = layout
        frame = av.AudioFrame.from_ndarray(samples[None, :], "s16", layout)
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def test_a_damaged_middle_does_not_shift_what_follows(tmp_path: Path, target: TrackAudio) -> None:
    source = encode(tmp_path / "a.mp3", "mp3", 10)
    content = bytearray(source.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3_000] = bytes(3_000)
    source.write_bytes(content)

    assert abs(attach(source, target) - 10_000) < 600


def test_a_playlist_fetches_nothing(tmp_path: Path, target: TrackAudio) -> None:
    source = tmp_path / "call.m3u8"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        source.write_text(f"#EXTM3U\n#EXTINF:10,\n{url}\n#EXT-X-ENDLIST\n")

        with pytest.raises(AudioUnreadableError):
            attach(source, target)

        with pytest.raises(BlockingIOError):  # nobody has called
            server.accept()


def test_a_cancelled_attachment_leaves_nothing(tmp_path: Path, target: TrackAudio) -> None:
    class CancelledError(Exception):
        pass

    def cancel(_share: float) -> None:
        raise CancelledError

    source = write_wav(tmp_path / "call.wav", a_tone(5, 48_000), 48_000)
    before = sorted(target.session_dir.rglob("*"))

    with pytest.raises(CancelledError):
        AvMediaReader().attach(source, target, on_progress=cancel)

    assert sorted(target.session_dir.rglob("*")) == before


def test_two_hours_do_not_take_more_memory_than_ten_minutes(
    tmp_path: Path, target: TrackAudio
) -> None:
    source = tmp_path / "long.wav"
    minute = np.zeros(8_000 * 60, dtype="<i2").tobytes()
    with wave.open(str(source), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        for _ in range(120):
            file.writeframesraw(minute)
    grown: list[int] = []
    process = psutil.Process()
    done = AvMediaReader().attach(
        source, target, on_progress=lambda _share: grown.append(process.memory_info().rss)
    )

    assert done.duration_ms == 7_200_000
    after_ten_minutes = grown[len(grown) // 12]
    assert max(grown) - after_ten_minutes < 20_000_000


def test_an_attached_session_is_whole_and_verifies(tmp_path: Path, target: TrackAudio) -> None:
    attach(write_wav(tmp_path / "call.wav", a_tone(125, 8_000), 8_000), target)
    end_session(target.session_dir)

    stored = FolderArchive().describe(target.session_dir)
    assert stored.ended
    assert abs(stored.tracks[0].duration_ms - 125_000) <= 1
    verified = FolderArchive().verify(target.session_dir)
    assert (verified.files, verified.problems) == (3, ())
    assert FolderArchive().recover(target.session_dir) == stored
