"""Reads a page as a browser's parser does, without drawing it."""

from __future__ import annotations

from html.parser import HTMLParser


class ReadPage(HTMLParser):
    """What a page holds: ``tags`` with their attributes, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._words: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._words).split())

    def all(self, tag: str, attribute: str) -> list[str]:
        """Return an attribute's values, of the tags that have it."""
        return [v for name, has in self.tags if name == tag and (v := has.get(attribute))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self._words.append(data)
