"""Says where the program's knowledge of words ends: its rules are of English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.languages import ENGLISH, ENGLISH_ONLY, language_name

if TYPE_CHECKING:
    from app.domain.record import Record


def english_only_note(record: Record) -> str:
    """Say that the checks know no other language, if another is spoken; empty if none is known."""
    latest = (one for session in record.sessions for one in session.recognised[-1:])
    spoken = {one.language for one in latest if one.language not in {None, ENGLISH}}
    if not spoken:
        return ""
    names = " and ".join(sorted(language_name(code) for code in spoken if code))
    return f"Spoken: {names}. {ENGLISH_ONLY}"
