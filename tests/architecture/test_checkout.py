import re
import subprocess
from pathlib import Path

import pytest

# Put together here, or this file would name them.
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "deb.debian" + ".org",
    "archive.ubuntu" + ".com",
    "registry.npmjs" + ".org",
]
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root|home|Users|work|srv)/\w")


@pytest.fixture(scope="module")
def texts(root: Path) -> dict[str, str]:
    """Every committed text, by its path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    ).stdout
    contents = {name: (root / name).read_bytes() for name in listed.split("\0") if name}
    return {
        name: content.decode("utf-8", errors="replace")
        for name, content in contents.items()
        if b"\0" not in content
    }


def test_no_file_names_a_package_registry(texts: dict[str, str]) -> None:
    assert "requirements.lock" in texts
    named = {name: host for name, text in texts.items() for host in HOSTS if host in text}

    assert named == {}


def test_no_file_depends_on_one_machines_folders(texts: dict[str, str]) -> None:
    found = {name: hit[0] for name, text in texts.items() if (hit := MACHINE_PATHS.search(text))}

    assert found == {}


def test_packaging_and_resources_are_folders_and_not_packages(root: Path) -> None:
    shadows = "it would shadow the package of that name"

    assert not list((root / "packaging").rglob("__init__.py")), shadows
    assert not list((root / "resources").rglob("__init__.py")), shadows


def test_the_script_of_the_demo_is_read_by_tests_only(texts: dict[str, str]) -> None:
    knowing = [
        name
        for name, text in texts.items()
        if re.search(r"(demo_)?script\.json", text) and not name.startswith("tests/")
    ]

    assert [name for name in knowing if not name.endswith(".md")] == []
    scripts = [name for name in texts if name.endswith("script.json")]
    assert scripts
    assert all(name.startswith("tests/data/") for name in scripts)


def test_the_documents_are_there_and_what_they_name_too(root: Path) -> None:
    documents = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"]
    assert [name for name in documents if not (root / name).stat().st_size] == []

    for document in sorted(root.glob("*.md")):
        text = document.read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^)#\s]+)[^)]*\)|<img [^>]*src=\"([^\"]+)", text)
        named = [link or image for link, image in links]
        local = [name for name in named if "://" not in name and not name.startswith("mailto:")]
        gone = [name for name in local if not (document.parent / name).exists()]
        assert gone == [], document.name


def test_the_make_targets_that_documents_name_exist(root: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.MULTILINE))
    for document in root.glob("*.md"):
        text = document.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:`|^\s*|\$ )make ([a-z]+)\b", text, re.MULTILINE))
        assert named <= targets, document.name


def test_make_alone_tells_every_target(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE)) - {"checks"}

    told = subprocess.run(["make"], cwd=root, check=True, capture_output=True, text=True).stdout

    assert set(re.findall(r"^  make ([a-z]+) +\S", told, re.MULTILINE)) == targets
    assert {"demo", "test", "prove", "run", "setup", "lock", "lint", "bench", "clean"} <= targets
