import json
import tomllib
from pathlib import Path

import pytest
from environment import SIZES, SMALL_MIB, download_mib, part_of, platform_key
from lock_file import CUDA, LockFile, diarization_of, read_lock
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from relock import PLATFORMS


@pytest.fixture(scope="module")
def lock(root: Path) -> LockFile:
    return read_lock(root / "requirements.lock")


@pytest.fixture(scope="module")
def diarization(root: Path) -> frozenset[str]:
    return diarization_of(root / "pyproject.toml")


def test_everything_the_project_wants_is_pinned_as_it_wants_it(root: Path, lock: LockFile) -> None:
    """Else ``make lock`` was forgotten; HOTWASH_TORCH=none would then leave too much out."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["project"]
    program = [*project["dependencies"], *project["optional-dependencies"]["diarization"]]
    wanted = [(line, "hotwash (pyproject.toml)") for line in program]
    wanted += [
        (line, "hotwash (pyproject.toml:dev)") for line in pyproject["dependency-groups"]["dev"]
    ]

    for line, by in wanted:
        requirement = Requirement(line)
        pins = [pin for pin in lock.pins if pin.name == canonicalize_name(requirement.name)]
        fitting = [pin for pin in pins if requirement.specifier.contains(pin.version)]
        assert [pin for pin in fitting if by in pin.wanted_by], f"{line}: run make lock"


def test_the_build_backend_is_pinned_too(root: Path, lock: LockFile) -> None:
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {Requirement(line).name for line in pyproject["build-system"]["requires"]}

    # editables is what hatchling makes an editable install with
    assert needed | {"editables"} <= lock.names


def test_every_pin_has_hashes_and_none_names_an_address(root: Path, lock: LockFile) -> None:
    assert len(lock.pins) > 150
    assert [pin.name for pin in lock.pins if "--hash=sha256:" not in pin.text] == []
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text


def test_the_lock_is_read_whole(root: Path, lock: LockFile) -> None:
    assert lock.text() == (root / "requirements.lock").read_text(encoding="utf-8")
    assert part_of(lock, frozenset(), "full") is lock


def test_without_torch_recognition_and_the_window_are_left_and_diarization_goes(
    lock: LockFile, diarization: frozenset[str]
) -> None:
    names = part_of(lock, diarization, "none").names

    assert diarization == {"pyannote-audio", "torch", "torchaudio"}
    assert names.isdisjoint(diarization)
    assert not [name for name in names if CUDA.match(name) or "torch" in name or "lightn" in name]
    assert {"faster-whisper", "ctranslate2", "numpy", "pyside6", "pytest", "hatchling"} <= names


def test_with_the_cpu_build_only_torch_itself_comes_from_elsewhere(
    lock: LockFile, diarization: frozenset[str]
) -> None:
    left_out = lock.names - part_of(lock, diarization, "cpu").names

    assert {"torch", "torchaudio"} < left_out
    assert {name for name in left_out if not CUDA.match(name)} == {"torch", "torchaudio"}
    assert any(name.startswith("nvidia-") for name in left_out)


def test_a_package_wanted_from_both_sides_stays(tmp_path: Path) -> None:
    path = tmp_path / "some.lock"
    path.write_text(
        "only-torch==1 \\\n    --hash=sha256:1\n    # via torch\n"
        "shared==2 ; sys_platform == 'linux' \\\n    --hash=sha256:2\n    # via\n"
        "    #   kept\n    #   torch\n"
        "kept==3 \\\n    --hash=sha256:3\n    # via hotwash (pyproject.toml)\n"
        "torch==4 \\\n    --hash=sha256:4\n    # via\n"
        "    #   hotwash (pyproject.toml)\n    #   only-torch\n"
    )

    assert read_lock(path).only_for({"torch"}) == {"torch", "only-torch"}


def test_the_sizes_told_before_a_download_are_of_what_is_locked(lock: LockFile) -> None:
    table = json.loads(SIZES.read_text(encoding="utf-8"))

    assert set(table) == set(PLATFORMS)
    for platform, sizes in table.items():
        assert set(sizes) <= lock.names, f"make lock is to be run again ({platform})"
        assert all(size > SMALL_MIB for size in sizes.values())
    assert sum(table["linux-x86_64"].values()) > 2000
    assert 300 < sum(table["win32-x86_64"].values()) < 1000


def test_the_size_is_told_for_this_platform_and_shrinks_without_torch(
    lock: LockFile, diarization: frozenset[str]
) -> None:
    full = download_mib(sorted(lock.names))
    without = download_mib(sorted(part_of(lock, diarization, "none").names))

    assert platform_key() in PLATFORMS
    assert 100 < without < full
