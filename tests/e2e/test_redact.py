"""After a redaction, nothing of what was said is left in the data folder: no bytes, no sound."""

from __future__ import annotations

from app.audio_files.archive import FolderArchive
from tests.e2e.redaction_home import PICTURE, REASON, Told, left_in


def test_before_a_redaction_the_words_are_in_every_kind_of_file(told: Told) -> None:
    names = {name for name, _words in left_in(told.home)}

    note = told.evidence("log_query").relative_to(told.home).as_posix()
    assert {"hotwash.db", "hotwash.log", note} <= names
    assert any("before" in name for name in names)
    assert any("damaged" in name for name in names)
    assert any("exports" in name for name in names)


def test_after_a_redaction_no_file_holds_any_of_the_words(told: Told) -> None:
    done = told.redact()

    assert left_in(told.home) == []
    counted = {"segments", "texts", "files", "changed_files", "removed", "others", "left"}
    assert set(done) == {"redactions", *counted}
    exports = f"incidents/{told.incident}/exports"
    assert done["removed"] == [f"{exports}/report.{form}" for form in ("json", "md", "pdf")]
    shot = told.evidence("screenshot")
    assert [place["path"] for place in done["left"]] == [shot.relative_to(told.home).as_posix()]
    assert done["segments"] == 1
    assert shot.read_bytes() == PICTURE


def test_the_stretch_is_silent_on_both_tracks_and_the_rest_is_untouched(told: Told) -> None:
    before = {label: told.pcm(label) for label in ("bridge", "room")}
    start, end = (2 * 16 * told.segment[name] for name in ("start_ms", "end_ms"))

    told.redact()

    margin = 2 * 16 * 200
    for label, samples in before.items():
        after = told.pcm(label)
        assert after[start - margin : end + margin] == bytes(end - start + 2 * margin)
        assert after[: start - margin] == samples[: start - margin]
        assert after[end + margin :] == samples[end + margin :]
    assert any(before["bridge"][start:end])


def test_verification_accepts_the_redaction_and_still_finds_tampering(told: Told) -> None:
    told.redact()
    verified = told.hotwash.json("verify", told.incident)
    assert (verified["ok"], verified["gaps"]) == (True, [])

    folder = told.folder / "audio" / told.session
    path = folder / "bridge-000002.wav"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)

    (problem,) = FolderArchive().verify(folder).problems
    assert (problem.path, problem.reason) == (path, "changed")


def test_the_record_says_what_was_redacted_and_by_whom(told: Told) -> None:
    told.redact()

    shown = told.show()
    (redaction,) = shown["redactions"]
    assert (redaction["by"], redaction["reason"]) == ("Priya", REASON)
    assert len(redaction["track_ids"]) == 2
    assert shown["edits"][-1]["label"] == "redact 1 span"
    (segment,) = (s for s in shown["segments"] if s["id"] == told.segment["id"])
    assert segment["redacted"] is True
    assert segment["text"] == segment["original_text"] == "[redacted]"
    assert [word["text"] for word in segment["words"]] == ["[redacted]"]
    (entry,) = (e for e in shown["entries"] if e["id"] == told.entry)
    assert entry["text"] == "They told the [redacted] to everybody"
    assert entry["sources"][0]["quote"] == "[redacted]"
    assert shown["messages"][0]["text"] == "so the [redacted]*!"
    assert shown["scope"]["users"] == "whoever has [redacted]"
    told.check_evidence()


def test_every_step_can_be_undone_and_done_again_without_bringing_words_back(told: Told) -> None:
    told.redact()
    redacted = told.show()

    steps = 0
    while told.hotwash.json("undo", told.incident)["edit"]:
        steps += 1
        assert left_in(told.home) == []
    assert steps >= 5
    assert told.show()["redactions"] == redacted["redactions"]
    for _step in range(steps):
        assert told.hotwash.json("redo", told.incident)["edit"]
    again = told.show()
    assert (again["entries"], again["segments"]) == (redacted["entries"], redacted["segments"])
    assert left_in(told.home) == []


def test_words_of_a_segment_and_a_stretch_of_the_clock_are_one_step(told: Told) -> None:
    (other,) = (
        s for s in told.show()["segments"] if s["text"].startswith("The rollback finished")
    )
    clock = f"{told.session}@0:20.8-0:23.6"

    done = told.hotwash.json(
        "redact", told.incident, f"{other['id']}[3:5]", clock, "--reason", REASON, "--yes"
    )

    assert len(done["redactions"]) == 2
    shown = told.show()
    texts = {s["id"]: s["text"] for s in shown["segments"]}
    assert texts[other["id"]] == "The rollback finished [redacted]"
    assert shown["edits"][-1]["label"] == "redact 2 spans"
    assert not any("error rate went up" in text for text in texts.values())
