"""A transcription server of the team's own: nothing leaves before a person agrees, all is told."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest

from tests.command_line import Hotwash
from tests.transcription_server import SpeechServer, refusal, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM = Path(__file__).parents[2] / "resources" / "demo" / "room.flac"
START = "2026-03-12T14:46:00Z"
TOKEN = "sk-very-secret"
NO_SOUND = {"PULSE_SERVER": "unix:/nonexistent/pulse", "XDG_RUNTIME_DIR": "/nonexistent"}


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", NO_SOUND | {"ASR_TOKEN": TOKEN})


@pytest.fixture
def speech() -> Iterator[SpeechServer]:
    speech = SpeechServer(hears=lambda _asked: spoken("Wir rollen zurück.", language="german"))
    speech.start()
    yield speech
    speech.stop()


@pytest.fixture(scope="session")
def opening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 6 s of the demonstration: two sentences."""
    path = tmp_path_factory.mktemp("opening") / "room.wav"
    with av.open(str(ROOM)) as container, wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        pcm = b"".join(frame.to_ndarray().tobytes() for frame in container.decode(audio=0))
        file.writeframes(pcm[: 6 * 32_000])
    return path


def attached(hotwash: Hotwash, opening: Path) -> str:
    incident: str = hotwash.json("new", "Checkout")["id"]
    hotwash.json("attach", incident, opening, "--start", START, "--no-transcribe")
    return incident


def set_up(hotwash: Hotwash, speech: SpeechServer) -> None:
    hotwash.json(
        *("server", "set", speech.url, "--model", "whisper-1"),
        *("--token-variable", "ASR_TOKEN", "--agree"),
    )


def test_a_session_recognised_on_a_server_says_so_everywhere(
    hotwash: Hotwash, speech: SpeechServer, opening: Path, tmp_path: Path
) -> None:
    incident = attached(hotwash, opening)
    set_up(hotwash, speech)

    done = hotwash.run("transcribe", incident)
    record = hotwash.json("show", incident)
    hotwash.json("export", incident, "--format", "md", "--out", tmp_path / "report.md")

    assert done.returncode == 0, done.stderr
    assert f"Audio leaves this machine for {speech.host}." in done.stderr
    assert "It sounds like German so far." in done.stderr
    assert {part["text"] for part in record["segments"]} == {"Wir rollen zurück."}
    assert record["segments"][0]["words"][2]["text"] == "zurück."
    assert record["segments"][0]["words"][2]["probability"] is None
    assert record["sessions"][0]["recognised"] == [
        {"made_in": "final", "model": "whisper-1", "language": "de", "host": speech.host}
    ]
    assert {asked.token for asked in speech.asked} == {f"Bearer {TOKEN}"}
    method = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert f"final pass by the model “whisper-1” on {speech.host}, to which audio was" in method
    assert "spoken German" in method
    assert "know English only" in method
    note = json.loads(hotwash.run("check", incident, "--json").stdout)["language_note"]
    assert note.startswith("Spoken: German. ")
    files = [path for path in hotwash.home.rglob("*") if path.is_file()]
    assert not [path for path in files if TOKEN.encode() in path.read_bytes()]


def test_nothing_leaves_before_somebody_agrees(hotwash: Hotwash, speech: SpeechServer) -> None:
    told = hotwash.refusal("server", "set", speech.url, "--model", "whisper-1", code=1)
    assert f"Audio leaves this machine for {speech.host}." in told
    assert "--agree" in told
    assert hotwash.json("server", "show") == {"server": None}

    set_up(hotwash, speech)
    settings = json.loads((hotwash.home / "settings.json").read_text())
    settings["server"]["url"] = speech.url.replace("127.0.0.1", "localhost")
    (hotwash.home / "settings.json").write_text(json.dumps(settings))

    told = hotwash.refusal("server", "check", code=3)
    assert "Nobody has agreed that audio leaves this machine for localhost" in told
    assert "Nobody has agreed" in _doctor(hotwash)["detail"]
    assert speech.asked == []


def test_a_person_goes_back_to_this_machine_and_the_record_tells_both(
    hotwash: Hotwash, speech: SpeechServer, opening: Path
) -> None:
    incident = attached(hotwash, opening)
    set_up(hotwash, speech)
    hotwash.json("transcribe", incident)
    sent = len(speech.asked)

    hotwash.json("transcribe", incident, "--model", "demo-en")
    off = hotwash.json("server", "off")["server"]

    assert (len(speech.asked), off["in_use"]) == (sent, False)
    assert hotwash.json("models", "list")["models"][0]["name"] == "demo-en"
    record = hotwash.json("show", incident)
    assert record["segments"][0]["text"] == "This is Priya, I am the incident commander."
    assert [one["host"] for one in record["sessions"][0]["recognised"]] == [speech.host, ""]


def test_what_a_server_refuses_is_told_and_the_words_stay(
    hotwash: Hotwash, speech: SpeechServer, opening: Path
) -> None:
    incident = attached(hotwash, opening)
    set_up(hotwash, speech)
    hotwash.json("transcribe", incident)
    before = [part["text"] for part in hotwash.json("show", incident)["segments"]]
    speech.hears = lambda _asked: refusal(401, f"Incorrect key: {TOKEN}")

    told = hotwash.refusal("transcribe", incident, code=3)

    assert f"The transcription server {speech.host} refuses (401: Incorrect key: …)." in told
    assert TOKEN not in told
    assert [part["text"] for part in hotwash.json("show", incident)["segments"]] == before


def test_a_server_is_named_wherever_a_model_is(hotwash: Hotwash, speech: SpeechServer) -> None:
    set_up(hotwash, speech)

    used = hotwash.run("models", "use", "demo-en")
    (first, *others) = hotwash.json("models", "list")["models"]
    well, network = _doctor(hotwash), _doctor(hotwash, "network")
    tried = hotwash.run("server", "check")
    speech.hears = lambda _asked: refusal(503)
    ill = _doctor(hotwash)

    assert (first["name"], first["host"], first["default"]) == ("whisper-1", speech.host, True)
    assert first["used_for"] == ["live", "final"]
    assert not any(row["default"] or row["host"] or row["used_for"] for row in others)
    assert f"{speech.host} recognises until you say: hotwash server off." in used.stderr
    assert f"and for recognition on {speech.host}" in network["detail"]
    assert well["state"] == "ok"
    assert "Audio leaves this machine" in well["detail"]
    assert "It answers with a transcript." in tried.stdout
    assert ill["state"] == "fail"
    assert "(503)" in ill["detail"]


def test_offline_nothing_is_sent_and_the_settings_do_not_take_that_over(
    hotwash: Hotwash, speech: SpeechServer
) -> None:
    hotwash.environment["HOTWASH_OFFLINE"] = "1"
    set_up(hotwash, speech)

    told = hotwash.refusal("server", "check", code=3)

    assert "the program is set to stay offline" in told
    assert "HOTWASH_OFFLINE" in told
    assert speech.asked == []
    assert not json.loads((hotwash.home / "settings.json").read_text())["offline"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("asr.example.org", "is no server's address"),
        ("ftp://asr.example.org", "is no server's address"),
        ("https://priya:secret@asr.example.org", "must hold no password"),
        ("https://asr.example.org?key=1", "must end with its path"),
        ("https://asr.example.org:http", "server"),
    ],
)
def test_an_address_that_does_not_fit_is_refused(hotwash: Hotwash, url: str, told: str) -> None:
    said = hotwash.refusal("server", "set", url, "--model", "m", "--agree", code=1)

    assert told in said
    assert "secret" not in said
    assert not (hotwash.home / "settings.json").exists()


def test_an_address_that_anyone_on_the_way_can_read_says_so(hotwash: Hotwash) -> None:
    done = hotwash.run(
        "server", "set", "http://asr.example.org", "--model", "m", "--agree", "--json"
    )

    assert "It is not encrypted on its way." in done.stderr


def test_a_language_is_set_for_a_pass_and_refused_where_the_model_does_not_know_it(
    hotwash: Hotwash, speech: SpeechServer, opening: Path
) -> None:
    incident = attached(hotwash, opening)

    english = hotwash.refusal("transcribe", incident, "--language", "de", code=3)
    unknown = hotwash.refusal("transcribe", incident, "--language", "klingon", code=1)
    set_up(hotwash, speech)
    hotwash.json("transcribe", incident, "--language", "de")

    assert "No recognition model that knows “de” is installed." in english
    assert "“klingon” is no language code" in unknown
    assert {asked.fields["language"][0] for asked in speech.asked} == {"de"}
    (session,) = hotwash.json("show", incident)["sessions"]
    assert session["recognised"][0]["language"] == "de"


def _doctor(hotwash: Hotwash, name: str = "recognition") -> dict[str, str]:
    """Return one of the doctor's checks; what else is wrong here does not matter."""
    checks = json.loads(hotwash.run("doctor", "--json").stdout)["checks"]
    found: dict[str, str] = next(check for check in checks if check["name"] == name)
    return found
