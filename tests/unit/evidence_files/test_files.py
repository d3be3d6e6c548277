from __future__ import annotations

import hashlib
import os
import sys
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import EvidenceError
from app.domain.home import Home
from app.evidence_files.files import EvidenceFiles
from tests.builders import INCIDENT
from tests.record_builders import an_evidence

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def files(tmp_path: Path) -> EvidenceFiles:
    return EvidenceFiles(Home(tmp_path / "home"))


def test_a_file_lies_under_the_hash_of_its_content(files: EvidenceFiles, tmp_path: Path) -> None:
    given = tmp_path / "Query Result.CSV"
    given.write_bytes(b"a,b\n1,2\n")

    stored = files.add(INCIDENT, given)

    digest = hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert (stored.file, stored.sha256) == (f"{digest[:2]}/{digest}.csv", digest)
    assert stored.bytes == 8
    evidence = an_evidence(file=stored.file, sha256=stored.sha256)
    path = files.path_of(evidence)
    assert path is not None
    assert path.read_bytes() == given.read_bytes()
    assert files.path_of(an_evidence(file=None, sha256=None)) is None


def test_the_same_content_lies_there_once_whatever_it_is_called(
    files: EvidenceFiles, tmp_path: Path
) -> None:
    for name in ("a.log", "b.txt"):
        (tmp_path / name).write_bytes(b"x" * 3_000_000)
    first, second = (files.add(INCIDENT, tmp_path / name) for name in ("a.log", "b.txt"))
    assert first == second == files.add(INCIDENT, b"x" * 3_000_000, suffix=".png")
    assert files.all_files(INCIDENT) == [first.file]


def test_a_stored_file_that_was_damaged_since_is_not_relied_on(files: EvidenceFiles) -> None:
    stored = files.add(INCIDENT, b"whole", suffix=".log")
    (files.folder(INCIDENT) / stored.file).write_bytes(b"whol")
    assert files.add(INCIDENT, b"whole", suffix=".log") == stored
    assert (files.folder(INCIDENT) / stored.file).read_bytes() == b"whole"


def test_an_ending_that_could_mean_a_folder_is_left_off(files: EvidenceFiles) -> None:
    stored = files.add(INCIDENT, b"x", suffix=".a/../../b")
    assert stored.file == f"{stored.sha256[:2]}/{stored.sha256}"


def test_what_is_missing_or_empty_or_a_folder_is_told_and_leaves_nothing(
    files: EvidenceFiles, tmp_path: Path
) -> None:
    (tmp_path / "empty.log").touch()
    for name, reason in (("none.log", "not there"), (".", "no file"), ("empty.log", "nothing")):
        with pytest.raises(EvidenceError, match=reason):
            files.add(INCIDENT, tmp_path / name)
    assert files.all_files(INCIDENT) == []


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything"
)
def test_a_file_that_may_not_be_read_is_told(files: EvidenceFiles, tmp_path: Path) -> None:
    secret = tmp_path / "secret.log"
    secret.write_bytes(b"x")
    secret.chmod(0)
    with pytest.raises(EvidenceError, match="cannot be read"):
        files.add(INCIDENT, secret)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_no_file_and_nobody_waits_for_it(files: EvidenceFiles, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(EvidenceError, match="no file"):
        files.add(INCIDENT, tmp_path / "pipe")


def test_a_folder_that_cannot_be_written_is_told(files: EvidenceFiles) -> None:
    files.folder(INCIDENT).parent.mkdir(parents=True)
    files.folder(INCIDENT).write_bytes(b"in the way")
    with pytest.raises(EvidenceError, match="cannot be stored") as told:
        files.add(INCIDENT, b"x")
    assert "disk space" in told.value.remedy
