import contextlib
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audio_files.reader import FolderAudioReader
from app.domain.errors import AudioUnreadableError
from app.domain.sessions import GapReason
from tests.unit.audio_files.recordings import SECOND, noise, record, room_of, writing

STEPS = st.lists(
    st.tuples(st.sampled_from(["audio", "gap", "sync"]), st.integers(1, 5_000)), max_size=25
)


@settings(max_examples=40, deadline=None)
@given(
    steps=STEPS, closed=st.booleans(), span=st.tuples(st.integers(0, 3_000), st.integers(0, 2_000))
)
def test_any_stretch_reads_back_as_it_was_written(
    *, steps: list[tuple[str, int]], closed: bool, span: tuple[int, int]
) -> None:
    expected = bytearray()
    reader = FolderAudioReader()
    with tempfile.TemporaryDirectory() as name, writing(Path(name), file_frames=1_700) as writer:
        track = room_of(Path(name))
        for number, (step, frames) in enumerate(steps):
            if step == "audio":
                writer.append(pcm := noise(frames, number))
                expected += pcm
            elif step == "gap":
                writer.gap(frames, GapReason.OVERFLOW)
                expected += bytes(2 * frames)
            else:
                writer.sync()
                reader.pcm(track, 0, 10)  # the reader keeps an index, which must not go stale
        with contextlib.ExitStack() as at_end:
            at_end.callback(writer.close)
            if closed:
                at_end.close()
            start_ms, end_ms = span[0], sum(span)
            wanted = bytes(expected[start_ms * 32 : end_ms * 32]).ljust(
                (end_ms - start_ms) * 32, b"\0"
            )
            assert reader.pcm(track, start_ms, end_ms) == wanted
            audio_end = len(bytes(expected).rstrip(b"\0")) // 32
            assert abs(reader.duration_ms(track) - audio_end) <= 1
            assert (
                b"".join(reader.blocks(track, block_ms=70))
                == bytes(expected)[: reader.duration_ms(track) * 32]
            )


def test_samples_are_float_at_full_scale_one(tmp_path: Path) -> None:
    extremes = np.array([-32_768, 0, 16_384, 32_767] * 4, dtype="<i2")
    record(tmp_path, extremes.tobytes())

    samples = FolderAudioReader().samples(room_of(tmp_path), 0, 1)

    assert samples.dtype == np.float32
    assert samples[:4] == pytest.approx([-1.0, 0.0, 0.5, 32_767 / 32_768])


def test_only_the_files_that_a_stretch_touches_are_read(tmp_path: Path) -> None:
    pcm = noise(4 * SECOND)
    record(tmp_path, pcm, file_frames=SECOND)
    for number in (1, 2, 4):
        (tmp_path / f"room-{number:06d}.wav").unlink()

    assert FolderAudioReader().pcm(room_of(tmp_path), 2_100, 2_900) == pcm[2_100 * 32 : 2_900 * 32]


def test_a_missing_or_shortened_file_is_a_known_error(tmp_path: Path) -> None:
    record(tmp_path, noise(2 * SECOND), file_frames=SECOND)
    reader = FolderAudioReader()
    second = tmp_path / "room-000002.wav"

    second.write_bytes(second.read_bytes()[:-2])
    with pytest.raises(AudioUnreadableError, match="not as long as it was"):
        reader.pcm(room_of(tmp_path), 0, 2_000)
    second.unlink()
    with pytest.raises(AudioUnreadableError, match=r"room-000002.wav cannot .* missing"):
        reader.pcm(room_of(tmp_path), 0, 2_000)


def test_a_session_without_audio_has_no_length_and_reads_as_silence(tmp_path: Path) -> None:
    with writing(tmp_path):
        pass
    reader = FolderAudioReader()

    assert reader.duration_ms(room_of(tmp_path)) == 0
    assert reader.pcm(room_of(tmp_path), 0, 5) == bytes(160)
    assert list(reader.blocks(room_of(tmp_path))) == []
