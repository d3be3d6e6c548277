import hashlib
import wave
from pathlib import Path

import pytest

from app.audio_files.format import read_session_info
from app.audio_files.journal import read_journal
from app.audio_files.journal_lines import Clock, Opened, Sealed
from app.domain.errors import AudioNotStoredError, AudioUnreadableError
from app.domain.sessions import Gap, GapReason
from tests.unit.audio_files.recordings import ROOM, SECOND, a_session_info, noise, writing


def test_a_full_file_is_sealed_hashed_and_plays_in_any_player(tmp_path: Path) -> None:
    pcm = noise(250)
    with writing(tmp_path, file_frames=100) as writer:
        writer.append(pcm)
        writer.close()

    sealed = [line for line in read_journal(tmp_path).lines if isinstance(line, Sealed)]
    assert [(line.file, line.start_frame, line.frames) for line in sealed] == [
        ("room-000001.wav", 0, 100),
        ("room-000002.wav", 100, 100),
        ("room-000003.wav", 200, 50),
    ]
    for line in sealed:
        content = (tmp_path / line.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == line.sha256
    with wave.open(str(tmp_path / "room-000002.wav")) as played:
        assert played.getparams()[:4] == (1, 2, 16_000, 100)
        assert played.readframes(200) == pcm[200:400]
    assert not list(tmp_path.glob("*.part"))


def test_audio_counts_as_safe_only_once_it_is_synced(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.append(noise(SECOND))
        before = writer.safe_until_ms
        writer.sync(monotonic_ns=5, utc="2026-03-12T14:46:01Z")
        after = writer.safe_until_ms

    assert (before, after) == (0, 1000)
    assert Clock(ROOM, SECOND, 5, "2026-03-12T14:46:01Z") in read_journal(tmp_path).lines


def test_what_follows_a_gap_begins_a_file_that_lies_later(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.append(noise(SECOND))
        writer.gap(2 * SECOND, GapReason.STALL)
        writer.append(noise(SECOND))
        writer.close()

    lines = read_journal(tmp_path).lines
    assert Gap(ROOM, 1000, 3000, GapReason.STALL) in lines
    assert [line.start_frame for line in lines if isinstance(line, Opened)] == [0, 3 * SECOND]


def test_a_second_writer_does_not_overwrite_what_the_first_has_left(tmp_path: Path) -> None:
    for _ in range(2):
        with writing(tmp_path) as writer:
            writer.append(noise(SECOND))
            writer.sync()

    assert sorted(path.name for path in tmp_path.glob("*.part")) == [
        "room-000001.wav.part",
        "room-000002.wav.part",
    ]


def test_a_folder_that_cannot_be_written_is_a_known_error(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")

    with pytest.raises(AudioNotStoredError), writing(in_the_way / "session"):
        pass


def test_session_json_reads_back_equal(tmp_path: Path) -> None:
    with writing(tmp_path):
        pass

    assert read_session_info(tmp_path) == a_session_info()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 1, "tracks": 3}', "\x00"])
def test_a_damaged_session_json_is_a_known_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "session.json").write_text(content)

    with pytest.raises(AudioUnreadableError, match="damaged"):
        read_session_info(tmp_path)


def test_a_session_of_a_newer_version_says_so(tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text('{"format": 99}')

    with pytest.raises(AudioUnreadableError, match="newer version"):
        read_session_info(tmp_path)
