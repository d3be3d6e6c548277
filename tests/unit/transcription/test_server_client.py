"""Asking a transcription server, over real HTTP: what goes there, and what is told of it."""

from __future__ import annotations

import email.utils
import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.domain.engine_types import RemoteModel
from app.domain.errors import AppError, ServerRefusedError, ServerUnavailableError
from app.domain.transcription_server import TranscriptionServer
from tests.transcription_server import Answer, SpeechServer, refusal, spoken
from transcription import server_client
from transcription.remote_recognizer import try_server
from transcription.server_client import ServerClient

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.transcription.proxy_server import ProxyServer

TOKEN = "sk-very-secret"
WAV = b"RIFF"


def ask(
    url: str,
    *,
    language: str | None = None,
    prompt: str = "",
    proxy: str = "",
    answer_s: float = 5.0,
    **settings: str,
) -> dict[str, Any]:
    server = TranscriptionServer(url, "whisper-1", **settings)
    client = ServerClient(server, prompt=prompt, proxy=proxy, answer_s=answer_s)
    try:
        return client.transcribe(WAV, language=language)
    finally:
        client.close()


def told(kind: type[AppError], url: str, **how: Any) -> AppError:
    with pytest.raises(kind) as caught:
        ask(url, **how)
    sentence, remedy = str(caught.value), caught.value.remedy
    assert sentence.startswith("The transcription server 127.0.0.1:"), sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "hotwash server off" in remedy
    return caught.value


def test_a_request_says_what_openais_protocol_wants(
    speech: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASR_TOKEN", f"{TOKEN}\n")

    answer = ask(
        f"{speech.url}/v1/", language="de", token_variable="ASR_TOKEN", prompt="checkout-api"
    )

    (asked,) = speech.asked
    assert answer["text"] == "rolling back now"
    assert asked.path == "/v1/audio/transcriptions"
    assert asked.token == f"Bearer {TOKEN}"
    assert asked.fields == {
        "model": ["whisper-1"],
        "response_format": ["verbose_json"],
        "timestamp_granularities[]": ["word", "segment"],
        "temperature": ["0"],
        "language": ["de"],
        "prompt": ["checkout-api"],
    }


def test_a_server_is_asked_through_the_proxy_of_the_settings_unless_it_is_in_the_house(
    speech: SpeechServer, proxy: ProxyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.password = "priya:secret"
    address = f"http://priya:secret@{proxy.address}"

    assert ask(speech.url, proxy=address)["text"] == "rolling back now"
    assert proxy.seen == [f"POST {speech.url}/v1/audio/transcriptions"]

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert ask(speech.url, proxy=address)["text"] == "rolling back now"
    assert len(proxy.seen) == 1
    assert len(speech.asked) == 2


def test_without_one_in_the_settings_the_environments_proxy_is_asked(
    speech: SpeechServer, proxy: ProxyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.address)  # without a scheme, as many write it

    ask(speech.url)

    assert proxy.seen == [f"POST {speech.url}/v1/audio/transcriptions"]


def test_a_proxy_that_is_not_there_or_no_address_is_named_without_its_password(
    speech: SpeechServer,
) -> None:
    away = told(ServerUnavailableError, speech.url, proxy="http://priya:secret@127.0.0.1:9")
    assert "is not reached through the proxy 127.0.0.1:9: " in str(away)
    for unfit in ("ftp://priya:secret@proxy:21", "priya:secret@proxy:8080"):
        refused = told(ServerRefusedError, speech.url, proxy=unfit)
        assert "through the proxy proxy:" in str(refused)
        assert "secret" not in str(refused) + refused.remedy
        assert "“proxy” in the settings" in refused.remedy
    assert speech.asked == []


def test_a_new_token_in_its_file_counts_at_once(speech: SpeechServer, tmp_path: Path) -> None:
    file = tmp_path / "token"
    client = ServerClient(TranscriptionServer(speech.url, "m", token_file=str(file)))

    for token in ("old", "new"):
        file.write_text(f"{token}\n")
        client.transcribe(WAV, language=None)
    client.close()

    assert [asked.token for asked in speech.asked] == ["Bearer old", "Bearer new"]


def test_without_a_token_nothing_is_sent(speech: SpeechServer, tmp_path: Path) -> None:
    with pytest.raises(ServerRefusedError, match="no access token") as missing:
        ask(speech.url, token_file=str(tmp_path / "nowhere"))
    (tmp_path / "bad").write_text("two\nlines")
    with pytest.raises(ServerRefusedError, match="no access token") as unfit:
        ask(speech.url, token_file=str(tmp_path / "bad"))

    assert "hotwash server set" in missing.value.remedy
    assert "two" not in str(unfit.value)
    assert speech.asked == []


@pytest.mark.parametrize(
    ("status", "sentence", "remedy"),
    [
        (401, "refuses (401: No such key)", "token"),
        (403, "refuses (403: No such key)", "token"),
        (404, "refuses (404: No such key)", "model's name"),
        (413, "refuses (413: No such key)", "1 MB"),
        (422, "refuses (422: No such key)", "server show"),
    ],
)
def test_what_the_server_refuses_is_not_asked_again(
    speech: SpeechServer, status: int, sentence: str, remedy: str
) -> None:
    speech.answers.append(refusal(status, "No such key."))

    error = told(ServerRefusedError, speech.url)

    assert sentence in str(error)
    assert remedy in error.remedy


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_what_the_server_cannot_do_now_may_be_asked_again(
    speech: SpeechServer, status: int
) -> None:
    speech.answers.append(refusal(status))

    error = told(ServerUnavailableError, speech.url)

    assert f"cannot do it now ({status})" in str(error), "and no page of HTML"
    assert "The audio is safe" in error.remedy


def test_a_server_that_wants_to_be_left_alone_says_how_long(speech: SpeechServer) -> None:
    at = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    for told_s in ("7", at, "999999", "soon", "-3"):
        speech.answers.append(refusal(429, "slow down", Retry_After=told_s))

    waits = []
    for _ in range(5):
        error = told(ServerUnavailableError, speech.url)
        assert isinstance(error, ServerUnavailableError)
        waits.append(error.retry_after_s)

    assert waits[0] == 7
    assert 30 < waits[1] <= 40
    assert waits[2:] == [600, 0, 0]


@pytest.mark.parametrize("body", [b"<html>login</html>", b"[1]", b"", b"\xff\xfe", b'{"text": 3}'])
def test_an_answer_that_is_no_transcript_is_said_to_be_none(
    speech: SpeechServer, body: bytes
) -> None:
    speech.answers.append(Answer(body=body))

    with pytest.raises(ServerUnavailableError, match="answers, but not with a transcript"):
        try_server(TranscriptionServer(speech.url, "whisper-1"))


def test_a_connection_that_is_cut_is_told(speech: SpeechServer) -> None:
    speech.answers.append(Answer(body=spoken().body, cut=40))

    assert "is not reached" in str(told(ServerUnavailableError, speech.url))


def test_a_server_that_never_answers_is_not_waited_for_for_ever(speech: SpeechServer) -> None:
    speech.answers.append(Answer(never=True))

    error = told(ServerUnavailableError, speech.url, answer_s=0.2)

    assert "has not answered within 0.2 s" in str(error)


def test_an_answer_that_comes_drop_by_drop_is_none(speech: SpeechServer) -> None:
    speech.answers.append(Answer(body=spoken().body, drips=True))

    error = told(ServerUnavailableError, speech.url, answer_s=0.3)

    assert "has not answered within 0.3 s" in str(error)


def test_an_answer_without_end_does_not_fill_the_memory(
    speech: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_client, "LARGEST_ANSWER", 1_000)
    speech.answers.append(Answer(body=b" " * 500_000))

    assert "not with a transcript" in str(told(ServerUnavailableError, speech.url))


def test_nobody_there_is_told() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"

        assert "is not reached: " in str(told(ServerUnavailableError, url))


def test_audio_follows_no_redirection(speech: SpeechServer) -> None:
    elsewhere = SpeechServer()
    elsewhere.start()
    speech.answers.append(refusal(307, Location=f"{elsewhere.url}/v1/audio/transcriptions"))

    error = told(ServerRefusedError, speech.url)
    elsewhere.stop()

    assert f"sends us on to {elsewhere.url}" in str(error)
    assert elsewhere.asked == []


def test_a_token_that_the_server_repeats_is_not_shown(
    speech: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASR_TOKEN", TOKEN)
    speech.answers.append(refusal(401, f"Incorrect API key provided: {TOKEN}."))

    error = told(ServerRefusedError, speech.url, token_variable="ASR_TOKEN")

    assert "Incorrect API key provided: …" in str(error)
    assert TOKEN not in f"{error} {error.remedy} {vars(error)}"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that no authority has signed, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(*form, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    speech = SpeechServer(certificate=certificate)
    speech.start()

    error = told(ServerRefusedError, speech.url)
    speech.stop()

    assert "its certificate does not hold (self-signed certificate)" in str(error)
    assert "SSL_CERT_FILE" in error.remedy
    assert speech.asked == [], "no audio left"


def test_a_teams_own_authority_is_trusted_where_the_system_does(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    speech = SpeechServer(certificate=certificate)
    speech.start()

    answer = ask(speech.url)
    speech.stop()

    assert answer["text"] == "rolling back now"


def test_the_words_to_expect_are_cut_between_words() -> None:
    server = TranscriptionServer("https://asr.example.org", "m", prompt="An incident call")
    model = RemoteModel(server, hotwords=("checkout-api", "x" * 500, "Priya"))

    assert RemoteModel(server, hotwords=("checkout-api",)).prompt == (
        "An incident call, checkout-api"
    )
    assert model.prompt == "An incident call, checkout-api"
    assert RemoteModel(TranscriptionServer("https://asr.example.org", "m")).prompt == ""
