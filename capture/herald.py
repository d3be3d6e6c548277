"""Tells people of a recorder's alarms when no program that follows it does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.domain.alarms import NoticePace

if TYPE_CHECKING:
    from app.domain.alarms import Alarm
    from app.domain.recording_ports import Notifier
    from capture.audience import Audience


class Herald:
    """Sends desktop notices, at the pace at which people are told."""

    def __init__(self, audience: Audience, notifier: Notifier) -> None:
        self._audience = audience
        self._notifier = notifier
        self._pace = NoticePace()

    def tell(self, alarm: Alarm) -> None:
        """Tell of an alarm that has begun, if nobody else does."""
        if self._audience.is_empty and self._pace.allows(alarm, time.monotonic()):
            self._notifier.notify(alarm.sentence, alarm.remedy, urgent=alarm.kind.is_urgent)
