import base64
import hashlib
import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes

import av
import pytest
from PIL import Image

from app.domain.record import Record
from drafting.html.document import HtmlReport
from drafting.options import Section
from drafting.outline import outline
from tests.builders import a_record, an_entry, an_incident
from tests.lacking import skip_for
from tests.unit.drafting.checkout import OPTIONS, the_checkout_record
from tests.unit.drafting.full_shelf import FullShelf
from tests.unit.drafting.html_read import ReadPage
from tests.unit.drafting.rendered import a_nasty_record
from tests.unit.drafting.whole import the_whole_record

HARMLESS = {"audio", "a", "img", "meta", "svg"}


def page_of(record: Record, **options: object) -> str:
    return HtmlReport(FullShelf()).render(record, replace(OPTIONS, **options))


def test_the_page_needs_nothing_beside_it_and_runs_nothing() -> None:
    page = ReadPage(page_of(the_whole_record()))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base"}
    loaded = [*page.all("img", "src"), *page.all("audio", "src")]
    assert loaded
    assert all(address.startswith("data:") for address in loaded)
    assert not [name for _, has in page.tags for name in has if name.startswith(("on", "style"))]


def test_the_policy_allows_the_page_s_own_style_and_nothing_from_elsewhere() -> None:
    text = page_of(the_checkout_record())
    policy = next(p for p in ReadPage(text).all("meta", "content") if "default-src" in p)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'", f"style-src 'sha256-{digest}'", "img-src data:",
        "media-src data:", "base-uri 'none'", "form-action 'none'",
    ]  # fmt: skip


def test_every_line_is_told_and_every_link_of_the_page_has_its_target() -> None:
    record = the_whole_record()
    page = ReadPage(page_of(record))
    for row in outline(record, OPTIONS).timeline:
        assert row.text in page.words
    targets = [name for _, has in page.tags if (name := has.get("id"))]
    assert len(targets) == len(set(targets))
    led_to = {href[1:] for href in page.all("a", "href") if href.startswith("#")}
    assert led_to
    assert led_to <= set(targets)


def test_links_into_a_section_that_is_left_out_are_mere_words() -> None:
    left_out = frozenset({Section.TIMELINE, Section.SOURCES})
    page = ReadPage(page_of(the_whole_record(), sections_left_out=left_out))
    targets = {name for _, has in page.tags if (name := has.get("id"))}
    assert {href[1:] for href in page.all("a", "href") if href.startswith("#")} <= targets
    assert "T2" in page.words
    assert not page.all("audio", "src")


def test_clips_and_pictures_are_inside_and_whole() -> None:
    record = the_whole_record()
    page, report = ReadPage(page_of(record)), outline(record, OPTIONS)
    sounds = page.all("audio", "src")
    assert len(sounds) == sum(row.audio is not None for row in report.sources) > 20
    with av.open(io.BytesIO(_bytes_of(sounds[0]))) as container:
        assert container.streams.audio[0].codec_context.name == "flac"
        assert sum(frame.samples for frame in container.decode(audio=0)) == 8_000
    pictures = page.all("img", "src")
    assert len(pictures) == len(report.evidence) > 0
    with Image.open(io.BytesIO(_bytes_of(pictures[0]))) as image:
        assert (image.format, image.size) == ("PNG", (300, 200))


def test_hostile_words_stay_words() -> None:
    nasty = "</style><script>alert(1)</script><img src=x onerror=alert(1)>\" ' & <b>\x00\u202ex"
    record = a_record(
        an_entry(nasty, occurred="14:02", owner_role=nasty),
        incident=an_incident(title=nasty, severity=nasty, owner=nasty, classification=nasty),
    )
    text = page_of(record)
    page = ReadPage(text)
    assert {"script", "b"}.isdisjoint(tag for tag, _ in page.tags)
    assert not page.all("img", "onerror")
    assert "<script>alert(1)</script>" in page.words
    assert "\x00" not in text
    assert "\u202e" not in text


def test_other_scripts_are_told_in_their_own_direction() -> None:
    text = page_of(a_nasty_record())
    assert "数据库连接池已耗尽" in text
    assert "فشل الدفع بعد النشر" in text
    assert text.encode("utf-8")
    assert "unicode-bidi: plaintext" in text


def test_the_same_record_gives_the_same_page() -> None:
    assert page_of(the_whole_record()) == page_of(the_whole_record())


@pytest.mark.prove
def test_a_browser_shows_the_page_and_its_policy_blocks_nothing_of_it(tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        skip_for("there is no Chromium here (apt-get install chromium)")
    path = tmp_path / "page.html"
    path.write_text(page_of(the_whole_record()), "utf-8")
    done = subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
            "--v=0", f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1200,2000",
            f"--screenshot={tmp_path / 'page.png'}", path.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "Content Security Policy" not in done.stderr
    with Image.open(tmp_path / "page.png") as shot:
        colours = shot.convert("RGB").getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 50, "the style was applied"


def _bytes_of(address: str) -> bytes:
    head, _, content = address.partition(",")
    return base64.b64decode(content) if head.endswith(";base64") else unquote_to_bytes(content)
