"""Which fields of the record hold words that people say or write, and which hold names of things.

Works on the JSON values of an entity, also on those of an older schema: a field that is missing
is passed over.
"""

from __future__ import annotations

import types
from dataclasses import is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from app.domain.communications import Communication
from app.domain.evidence import Evidence
from app.domain.imported import Event, Message, Reconciliation, Series
from app.domain.incident import Incident, SeverityChange
from app.domain.json_names import JSON_NAMES
from app.domain.locks import Lock, LockedPart
from app.domain.recognitions import Recognition
from app.domain.sessions import Track
from app.domain.suggestions import SuggestionSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.record import Entity

# Strings that are no text: ids of anything, hashes, paths, words of the rubric.
NO_TEXT: dict[type[Any], frozenset[str]] = {
    Incident: frozenset({"severity", "display_timezone"}),
    SeverityChange: frozenset({"from_", "to"}),
    Track: frozenset({"source_sha256"}),
    Recognition: frozenset({"language"}),
    SuggestionSource: frozenset({"ref"}),
    Reconciliation: frozenset({"members", "chosen"}),
    Communication: frozenset({"facts_used"}),
    Lock: frozenset({"record_sha256"}),
    LockedPart: frozenset({"type", "id", "sha256"}),
    Evidence: frozenset({"file", "sha256"}),
    Message: frozenset({"external_id"}),
    Event: frozenset({"external_id"}),
    Series: frozenset({"external_id"}),
}
_FIELD_NAMES = {name: field for field, name in JSON_NAMES.items()}

Values = dict[str, Any]


def with_texts(
    kind: type[Entity],
    values: Values,
    change: Callable[[str], str],
    special: dict[type[Any], Callable[[Values], Values]] | None = None,
) -> Values:
    """Return an entity's JSON values with every text changed.

    ``special`` are parts (dataclasses) that are changed as a whole instead.
    """
    return _part(kind, values, change, special or {})


def texts_of(kind: type[Entity], values: Values) -> list[str]:
    """Return every text of an entity's JSON values."""
    texts: list[str] = []

    def kept(text: str) -> str:
        texts.append(text)
        return text

    with_texts(kind, values, kept)
    return texts


def strings_in(values: Any) -> Iterator[str]:
    """Yield every string of JSON values, names of fields apart."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, (list, dict)):
        for item in values.values() if isinstance(values, dict) else values:
            yield from strings_in(item)


def _part(
    kind: type[Any],
    values: Values,
    change: Callable[[str], str],
    special: dict[type[Any], Callable[[Values], Values]],
) -> Values:
    hints = _hints(kind)  # type: ignore[arg-type]
    passed_over = NO_TEXT.get(kind, frozenset())

    def changed(hint: Any, value: Any) -> Any:
        if hint is str:
            return change(value) if isinstance(value, str) else value
        if isinstance(value, list):
            (item, *_rest) = get_args(hint) or (None,)
            return [changed(item, each) for each in value]
        if isinstance(value, dict) and is_dataclass(hint) and isinstance(hint, type):
            whole = special.get(hint)
            return whole(value) if whole else _part(hint, value, change, special)
        return value

    new = {}
    for name, value in values.items():
        field = _FIELD_NAMES.get(name, name)
        known = field in hints and field not in passed_over
        new[name] = changed(hints[field], value) if known else value
    return new


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return {name: _without_none(hint) for name, hint in get_type_hints(kind).items()}


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        options = [option for option in get_args(hint) if option is not type(None)]
        return options[0] if len(options) == 1 else hint
    return hint
