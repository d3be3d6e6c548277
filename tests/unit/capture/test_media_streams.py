"""Files with several audio streams, holes, times that jump, and other sounds' beginnings."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.reader import FolderAudioReader
from app.audio_files.session_folder import end_session
from app.domain.engine_types import TrackAudio
from app.domain.errors import AudioUnreadableError
from app.domain.media import MediaStream
from app.domain.sessions import Gap, GapReason
from capture.media_file import AvMediaReader
from tests.unit.capture.conftest import TRACK
from tests.unit.capture.test_media_file import (
    a_tone,
    encode,
    mux_pictures,
    outcome,
    video_stream,
    write_wav,
)

RATE = 16_000
BLOCK = RATE // 50


def blocks(
    stream: av.AudioStream,
    seconds: float,
    place: Callable[[int], int],
    hertz: int = 440,
) -> Iterator[av.Packet]:
    """Yield the packets of a tone in blocks of 20 ms, each at the sample that ``place`` gives."""
    tone = (0.5 * np.sin(np.arange(int(seconds * RATE)) * 2 * np.pi * hertz / RATE)) * 32_767
    for begin in range(0, tone.size, BLOCK):
        samples = tone[begin : begin + BLOCK].astype("<i2")
        frame = av.AudioFrame.from_ndarray(samples[None, :], "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, place(begin), Fraction(1, RATE)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def placed(path: Path, seconds: float, place: Callable[[int], int]) -> Path:
    """Write a Matroska file of a tone whose blocks lie where ``place`` says."""
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE)
        stream.layout = "mono"
        for packet in blocks(stream, seconds, place):
            container.mux(packet)
    return path


def loud(target: TrackAudio, start_ms: int, end_ms: int) -> bool:
    return bool(np.abs(FolderAudioReader().samples(target, start_ms, end_ms)).max() > 0.1)


def gaps(target: TrackAudio) -> tuple[Gap, ...]:
    end_session(target.session_dir)
    assert FolderArchive().verify(target.session_dir).problems == ()
    return FolderArchive().describe(target.session_dir).gaps


def test_a_long_hole_is_a_gap_and_what_follows_lies_where_it_was(
    tmp_path: Path, target: TrackAudio
) -> None:
    twenty_minutes = 1_200 * RATE
    source = placed(tmp_path / "a.mkv", 4, lambda at: at if at < 2 * RATE else at + twenty_minutes)

    done = outcome(source, target)

    assert abs(done.duration_ms - 1_204_000) < 50
    assert done.remarks == ()
    assert loud(target, 1_900, 2_000)
    assert not loud(target, 2_100, 10_000)
    assert loud(target, 1_202_100, 1_203_900)
    (gap,) = gaps(target)
    assert (gap.track_id, gap.reason) == (TRACK, GapReason.NOT_IN_FILE)
    assert abs(gap.start_ms - 2_000) < 20
    assert abs(gap.end_ms - 1_202_000) < 20


def test_many_holes_too_small_to_notice_do_not_add_up_to_a_shift(
    tmp_path: Path, target: TrackAudio
) -> None:
    source = placed(
        tmp_path / "a.mkv", 4, lambda at: at + at // RATE * RATE // 20
    )  # 50 ms a second

    done = outcome(source, target)

    assert abs(done.duration_ms - 4_150) < 110
    (remark,) = done.remarks
    assert remark == "Short holes in it, 0.1 s in all, are silence."
    assert gaps(target) == ()


@pytest.mark.parametrize(("late_s", "gaps_begin"), [(2, []), (7, [0])])
def test_sound_that_begins_later_than_the_picture_stays_later(
    tmp_path: Path, target: TrackAudio, late_s: int, gaps_begin: list[int]
) -> None:
    source = tmp_path / "a.mp4"
    with av.open(str(source), "w") as container:
        video = video_stream(container)
        sound = container.add_stream("aac", rate=RATE)
        sound.layout = "mono"
        mux_pictures(container, video, 10)
        for packet in blocks(sound, 3, lambda at: at + late_s * RATE):
            container.mux(packet)

    done = outcome(source, target)

    assert abs(done.duration_ms - (late_s + 3) * 1_000) < 150
    assert not loud(target, 0, late_s * 1_000 - 200)
    assert loud(target, late_s * 1_000 + 200, late_s * 1_000 + 1_000)
    assert [gap.start_ms for gap in gaps(target)] == gaps_begin


def test_times_that_jump_back_lose_no_sound_and_are_told(
    tmp_path: Path, target: TrackAudio
) -> None:
    part = encode(tmp_path / "part.ts", "aac", 4).read_bytes()
    source = tmp_path / "joined.ts"
    source.write_bytes(part + part)

    done = outcome(source, target)

    assert abs(done.duration_ms - 8_000) < 200
    assert loud(target, 6_000, 7_000)
    (remark,) = done.remarks
    assert remark.startswith("Its own times jump by 4.")


def test_the_format_of_telephones_is_read(tmp_path: Path, target: TrackAudio) -> None:
    source = tmp_path / "Recording.amr"
    tone = (a_tone(4, 8_000, 0.5) * 32_767).astype("<i2")
    with av.open(str(source), "w") as container:
        stream = container.add_stream("libopencore_amrnb", rate=8_000)
        stream.layout, stream.bit_rate = "mono", 12_200
        frame = av.AudioFrame.from_ndarray(tone[None, :], "s16", "mono")
        frame.sample_rate, frame.pts = 8_000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    done = outcome(source, target)

    assert abs(done.duration_ms - 4_000) < 100
    assert done.remarks == ()
    assert loud(target, 1_000, 3_000)


def test_each_of_several_streams_can_be_taken(tmp_path: Path, target: TrackAudio) -> None:
    source = tmp_path / "obs.mkv"
    with av.open(str(source), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=RATE) for _ in range(2)]
        for stream, title in zip(streams, ("Mic/Aux", "Desktop Audio"), strict=True):
            stream.layout = "mono"
            stream.metadata["title"] = title
        for stream, hertz in zip(streams, (440, 1_000), strict=True):
            for packet in blocks(stream, 3, lambda at: at, hertz):
                container.mux(packet)

    facts = AvMediaReader().facts(source)
    outcome(source, target, stream=2)

    assert facts.streams == (MediaStream(1, "Mic/Aux"), MediaStream(2, "Desktop Audio"))
    assert facts.duration_ms is not None
    assert abs(facts.duration_ms - 3_000) < 50
    samples = FolderAudioReader().samples(target, 500, 2_500)
    assert np.argmax(np.abs(np.fft.rfft(samples))) / 2 == pytest.approx(1_000, abs=1)


def test_a_file_that_begins_later_than_its_session_leaves_the_time_before_it_out(
    tmp_path: Path, target: TrackAudio
) -> None:
    source = write_wav(tmp_path / "call.wav", a_tone(2, RATE), RATE)

    done = outcome(source, target, begins_ms=90_000)

    assert done.duration_ms == 2_000
    assert not loud(target, 80_000, 90_000)
    assert loud(target, 90_000, 92_000)
    assert gaps(target) == (Gap(TRACK, 0, 90_000, GapReason.NOT_IN_FILE),)


def test_any_number_of_channels_becomes_one(tmp_path: Path, target: TrackAudio) -> None:
    for channels in (3, 6, 8):
        source = write_wav(tmp_path / f"{channels}.wav", a_tone(1, RATE, 0.5), RATE, channels)
        assert AvMediaReader().facts(source).duration_ms == 1_000
    assert outcome(source, target).duration_ms == 1_000
    assert loud(target, 100, 900)


def test_a_file_that_breaks_off_says_so(tmp_path: Path, target: TrackAudio) -> None:
    source = write_wav(tmp_path / "call.wav", a_tone(20, RATE), RATE)
    whole = source.read_bytes()
    source.write_bytes(whole[: len(whole) // 2])

    done = outcome(source, target)

    assert done.duration_ms == pytest.approx(10_000, abs=50)
    assert done.remarks == ("It breaks off: it is 320,022 bytes long and should be 640,044.",)


def test_a_film_that_breaks_off_says_so(tmp_path: Path, target: TrackAudio) -> None:
    source = encode(tmp_path / "call.mkv", "aac", 20)
    whole = source.read_bytes()
    source.write_bytes(whole[: len(whole) // 2])

    (remark,) = outcome(source, target).remarks

    assert remark.startswith("Its sound ends at 0:00:09.")
    assert remark.endswith(", though it is 0:00:20.0 long.")


def test_damaged_pieces_are_left_out_and_counted(tmp_path: Path, target: TrackAudio) -> None:
    source = encode(tmp_path / "a.flac", "flac", 10)
    content = bytearray(source.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3_000] = bytes(3_000)
    source.write_bytes(content)

    done = outcome(source, target)

    assert abs(done.duration_ms - 10_000) < 600
    assert any("damaged" in remark or "holes" in remark for remark in done.remarks)


def test_a_recording_that_lost_its_index_is_told_apart(tmp_path: Path, target: TrackAudio) -> None:
    source = encode(tmp_path / "a.mp4", "aac", 4, with_video=True)
    source.write_bytes(source.read_bytes()[:4_000])

    with pytest.raises(AudioUnreadableError, match="its index is missing"):
        outcome(source, target)


def test_sound_that_only_a_licence_opens_is_told_apart(tmp_path: Path, target: TrackAudio) -> None:
    source = encode(tmp_path / "a.m4a", "aac", 2)
    content = source.read_bytes()
    assert content.count(b"mp4a") == 1
    source.write_bytes(content.replace(b"mp4a", b"enca"))

    with pytest.raises(AudioUnreadableError, match="it is encrypted"):
        outcome(source, target)


def test_a_start_in_a_film_is_found(tmp_path: Path) -> None:
    source = tmp_path / "a.mp4"
    with av.open(str(source), "w") as container:
        container.metadata["creation_time"] = "2026-03-12T14:46:00Z"
        stream = container.add_stream("aac", rate=RATE)
        stream.layout = "mono"
        for packet in blocks(stream, 1, lambda at: at):
            container.mux(packet)

    told = AvMediaReader().facts(source).told

    assert told is not None
    assert told.at.isoformat() == "2026-03-12T14:46:00+00:00"
