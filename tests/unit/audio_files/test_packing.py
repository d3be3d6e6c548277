"""Packed audio is the same audio: to the reader and to the chain, undamaged and damaged."""

import errno
import hashlib
import random
import threading
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest

from app.audio_files import packing, stored_audio
from app.audio_files.archive import FolderArchive
from app.audio_files.flac import FlacDamagedError, flac_of, read_flac
from app.audio_files.folder_lock import FolderInUseError
from app.audio_files.journal import read_journal
from app.audio_files.journal_lines import Ended, Packed, Sealed
from app.audio_files.reader import FolderAudioReader
from app.audio_files.wav import HEADER_BYTES
from app.domain.engine_types import FileProblem
from app.domain.errors import AudioNotStoredError, AudioUnreadableError
from app.domain.sessions import GapReason
from tests.unit.audio_files.recordings import (
    SECOND,
    content,
    exchange,
    heard,
    murmur,
    murmured,
    pack,
    record,
    room_of,
    sounds,
    writing,
)

ROOT = Path(__file__).parents[3]
FILES = [f"room-00000{number}" for number in (1, 2, 3, 4)]
FLIPS = 200


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_any_stretch_of_a_packed_session_reads_as_before(tmp_path: Path) -> None:
    with writing(tmp_path, file_frames=SECOND) as writer:
        for seed in (1, 2, 3):
            writer.append(murmur(SECOND + 700, seed))
            writer.gap(900, GapReason.STALL)
        writer.close()
    track, dice = room_of(tmp_path), random.Random(5)  # noqa: S311  not a secret
    spans = [(0, 4_000), (999, 1_001)]
    spans += [(start := dice.randrange(3_500), start + dice.randrange(1_500)) for _ in range(60)]
    before = [FolderAudioReader().pcm(track, *span) for span in spans]
    length = FolderAudioReader().duration_ms(track)

    pack(tmp_path)

    assert not list(tmp_path.glob("*.wav"))
    assert [FolderAudioReader().pcm(track, *span) for span in spans] == before
    assert FolderAudioReader().duration_ms(track) == length


def test_the_flac_is_the_wav_that_the_chain_has_sealed(tmp_path: Path) -> None:
    murmured(tmp_path)
    wavs = {name: (tmp_path / f"{name}.wav").read_bytes() for name in FILES}
    before = read_journal(tmp_path)

    packed = pack(tmp_path)

    after = read_journal(tmp_path)
    assert after.intact
    assert after.lines[: len(before.lines)] == before.lines
    told = after.lines[len(before.lines) :]
    sealed = {line.file: line.sha256 for line in before.lines if isinstance(line, Sealed)}
    for name, line in zip(FILES, told, strict=True):
        flac = (tmp_path / f"{name}.flac").read_bytes()
        assert line == Packed(
            f"{name}.wav", sealed[f"{name}.wav"], hashlib.sha256(flac).hexdigest()
        )
        with (tmp_path / f"{name}.flac").open("rb") as file:
            assert read_flac(file, frames=SECOND) == wavs[name][HEADER_BYTES:]
    assert sounds(tmp_path) == [f"{name}.flac" for name in FILES]
    sizes = sum((tmp_path / f"{name}.flac").stat().st_size for name in FILES)
    assert (packed.files, packed.bytes_after) == (4, sizes)
    assert packed.bytes_before == sum(map(len, wavs.values())) > packed.bytes_after
    verified = FolderArchive().verify(tmp_path)
    assert (verified.files, verified.bytes, verified.problems) == (4, sizes, ())
    assert verified.chain_head == after.head


def test_packing_again_changes_nothing(tmp_path: Path) -> None:
    murmured(tmp_path)
    pack(tmp_path)
    before = content(tmp_path)

    again = pack(tmp_path)

    assert (again.files, again.packed_before, again.bytes_before) == (0, 4, 0)
    assert content(tmp_path) == before


def test_a_dry_run_tells_what_packing_then_does_and_touches_nothing(tmp_path: Path) -> None:
    murmured(tmp_path)
    before = content(tmp_path)

    told = pack(tmp_path, dry_run=True)

    assert content(tmp_path) == before
    assert pack(tmp_path) == told


def test_what_a_flac_makes_no_smaller_stays_a_wav(tmp_path: Path) -> None:
    everything = random.Random(3).randbytes(2 * SECOND)  # noqa: S311  as above
    record(tmp_path, everything + murmur(SECOND), file_frames=SECOND)

    packed = pack(tmp_path)

    assert (packed.files, packed.kept) == (1, 1)
    assert sounds(tmp_path) == ["room-000001.wav", "room-000002.flac"]
    assert heard(tmp_path)[: 2 * SECOND] == everything


@pytest.mark.parametrize(
    ("name", "damage", "reason"),
    [
        ("room-000002.flac", flip_a_bit, "changed"),
        ("room-000002.flac", cut_in_half, "changed"),
        ("room-000002.flac", Path.unlink, "missing"),
        ("room-000002.wav", Path.touch, "extra"),
    ],
)
def test_each_damage_to_packed_audio_is_named(
    tmp_path: Path, name: str, damage: Callable[[Path], None], reason: str
) -> None:
    murmured(tmp_path)
    pack(tmp_path)

    damage(tmp_path / name)

    assert FolderArchive().verify(tmp_path).problems == (FileProblem(tmp_path / name, reason),)


def test_other_samples_under_the_hash_of_a_forged_line_are_found(tmp_path: Path) -> None:
    murmured(tmp_path)
    pack(tmp_path)
    exchange(tmp_path, "room-000002", flac_of(murmur(SECOND, 9)))

    problem = FileProblem(tmp_path / "room-000002.flac", "changed")
    assert FolderArchive().verify(tmp_path).problems == (problem,)


@pytest.mark.parametrize("damage", [flip_a_bit, cut_in_half, Path.unlink])
def test_a_reader_names_the_damaged_flac(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    pcm = murmured(tmp_path)
    pack(tmp_path)
    damage(tmp_path / "room-000002.flac")

    with pytest.raises(AudioUnreadableError, match=r"room-000002\.flac cannot be read") as told:
        heard(tmp_path)
    assert "backup" in told.value.remedy
    assert FolderAudioReader().pcm(room_of(tmp_path), 2_000, 4_000) == pcm[2_000 * 32 :]


def test_no_flipped_bit_of_a_flac_is_ever_played(tmp_path: Path) -> None:
    pcm, path = murmur(SECOND), tmp_path / "a.flac"
    whole = flac_of(pcm)
    dice, refused = random.Random(11), 0  # noqa: S311  as above
    for position in [*range(60), *(dice.randrange(len(whole)) for _ in range(FLIPS))]:
        data = bytearray(whole)
        data[position] ^= 1 << dice.randrange(8)
        path.write_bytes(data)
        with path.open("rb") as file:
            try:
                assert read_flac(file, frames=SECOND) == pcm, position
            except FlacDamagedError:
                refused += 1
    assert refused > FLIPS * 0.9


def test_a_flac_that_stands_for_more_than_a_file_holds_is_not_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.flac"
    path.write_bytes(flac_of(bytes(2 * 61 * SECOND)))

    with path.open("rb") as file, pytest.raises(FlacDamagedError, match="longer"):
        read_flac(file, frames=61 * SECOND)


def test_a_changed_file_is_not_packed_nor_are_those_after_it(tmp_path: Path) -> None:
    murmured(tmp_path)
    flip_a_bit(tmp_path / "room-000002.wav")

    with pytest.raises(AudioUnreadableError, match=r"room-000002\.wav .* not as it was recorded"):
        pack(tmp_path)

    assert sounds(tmp_path) == [
        "room-000001.flac",
        *(f"room-00000{number}.wav" for number in (2, 3, 4)),
    ]


def test_a_flac_that_does_not_decode_to_the_wav_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pcm = murmured(tmp_path)
    monkeypatch.setattr(packing, "flac_of", lambda _pcm: flac_of(murmur(SECOND, 9)))
    before = content(tmp_path)

    with pytest.raises(AudioUnreadableError, match="does not decode to what was packed"):
        pack(tmp_path)

    assert content(tmp_path) == before
    assert heard(tmp_path) == pcm


def test_a_session_that_is_being_written_is_not_packed(tmp_path: Path) -> None:
    with writing(tmp_path, file_frames=SECOND) as writer:
        writer.append(murmur(2 * SECOND))
        with pytest.raises(FolderInUseError):
            pack(tmp_path)
    assert list(tmp_path.glob("*.flac")) == []


def test_without_room_for_a_flac_beside_its_wav_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    murmured(tmp_path)
    usage = namedtuple("usage", "free")  # noqa: PYI024  what shutil returns, but for the rest
    monkeypatch.setattr(packing.shutil, "disk_usage", lambda _folder: usage(1_000_000))
    before = content(tmp_path)

    with pytest.raises(AudioNotStoredError, match="No space left"):
        pack(tmp_path)

    assert content(tmp_path) == before


def test_a_disk_that_fills_up_amid_the_packing_leaves_every_file_in_one_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pcm = murmured(tmp_path)
    real = packing.write_atomically

    def full(path: Path, data: bytes) -> None:
        if path.name == "room-000003.flac":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(packing, "write_atomically", full)
        with pytest.raises(AudioNotStoredError, match="No space left"):
            pack(tmp_path)

    assert sounds(tmp_path) == [
        *(f"{n}.flac" for n in FILES[:2]),
        *(f"{n}.wav" for n in FILES[2:]),
    ]
    assert heard(tmp_path) == pcm
    assert FolderArchive().verify(tmp_path).problems == ()
    assert pack(tmp_path).files == 2


def test_who_reads_while_it_is_packed_hears_every_sample(tmp_path: Path) -> None:
    pcm = murmur(40 * SECOND)
    record(tmp_path, pcm, file_frames=SECOND)
    done, wrong, rounds = threading.Event(), list[int](), list[int]()

    def listen() -> None:
        reader, track = FolderAudioReader(), room_of(tmp_path)
        while not done.is_set() or not rounds:
            for start in range(0, 40_000, 2_000):
                if (
                    reader.pcm(track, start, start + 2_000)
                    != pcm[start * 32 : start * 32 + 64_000]
                ):
                    wrong.append(start)
            rounds.append(1)

    listener = threading.Thread(target=listen)
    listener.start()
    pack(tmp_path)
    done.set()
    listener.join()

    assert (len(list(tmp_path.glob("*.flac"))), wrong) == (40, [])


def test_a_file_that_is_packed_between_opening_and_reading_it_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pcm = murmured(tmp_path)
    real = stored_audio._frames_of
    monkeypatch.setattr(stored_audio, "_frames_of", lambda *given: pack(tmp_path) and real(*given))

    assert heard(tmp_path) == pcm


def test_packed_files_are_found_again_without_a_journal(tmp_path: Path) -> None:
    pcm = murmured(tmp_path)
    pack(tmp_path)
    (tmp_path / "room-000004.flac").write_bytes(b"fLaC no more")
    (tmp_path / "journal.jsonl").unlink()

    FolderArchive().recover(tmp_path)

    assert heard(tmp_path) == pcm[: 3 * 2 * SECOND] + bytes(2 * SECOND)
    assert [path.name for path in (tmp_path / "set_aside").iterdir()] == ["room-000004.flac"]
    assert FolderArchive().verify(tmp_path).problems == ()
    assert Ended() not in read_journal(tmp_path).lines
