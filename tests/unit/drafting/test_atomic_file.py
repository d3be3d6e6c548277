import os
import sys
from pathlib import Path

import pytest

from app.domain.errors import ExportError
from drafting.atomic_file import write_whole


def test_a_document_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "report.pdf", b"all of it", overwrite=False)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"report.pdf": b"all of it"}


def test_a_file_that_exists_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"yesterday's")
    with pytest.raises(ExportError, match="exists already") as refused:
        write_whole(path, b"today's", overwrite=False)
    assert refused.value.remedy
    assert path.read_bytes() == b"yesterday's"
    write_whole(path, b"today's", overwrite=True)
    assert path.read_bytes() == b"today's"


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be written"):
        write_whole(tmp_path / "nowhere" / "report.pdf", b"", overwrite=False)


def test_a_folder_in_the_file_s_place_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").mkdir()
    with pytest.raises(ExportError, match="cannot be written"):
        write_whole(tmp_path / "report.pdf", b"", overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == ["report.pdf"]


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's own full disk")
def test_a_full_disk_is_a_clear_error() -> None:
    with pytest.raises(ExportError, match="cannot be written"):
        write_whole(Path("/dev/full/report.pdf"), b"", overwrite=True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_a_document_is_read_by_its_owner_only_like_every_export(tmp_path: Path) -> None:
    write_whole(tmp_path / "report.pdf", b"", overwrite=False)
    assert (tmp_path / "report.pdf").stat().st_mode & 0o777 == 0o600
