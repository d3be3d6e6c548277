"""Shows where the open incident stands at this moment, and changes it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from app.domain.cadence import ClockState, DueBy
from app.domain.card import card_text
from app.domain.incident import IncidentState
from app.domain.incident_times import incident_times
from app.domain.roles import COMMANDER
from app.domain.situation import roles_held
from app.domain.times import MS_PER_SECOND
from ui.moments import duration_text, full_text
from ui.widgets.banner import Tone
from ui.widgets.entry_bar import Preview, Question

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.ports import Clock
    from app.domain.record import Record
    from app.services.live_situation import Situation
    from app.services.program import Program
    from ui.background import Lane
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident

TICK_MS = 1_000
READ_AGAIN = timedelta(seconds=10)  # time alone brings a nudge
LONG = timedelta(days=2)  # from then on nobody counts seconds
NUDGE = "nudge"


class Standing(QObject):
    """Follows the record at once, and the clock each second. The focus stays where it is."""

    def __init__(
        self,
        program: Program,
        storage: Lane,
        window: MainWindow,
        incident: OpenIncident,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._live = program.live_work
        self._storage = storage
        self._window = window
        self._strip = window.live
        self._incident = incident
        self._clock = clock
        self._situation: Situation | None = None
        self._silent_until: datetime | None = None
        rubric = self._live.rubric.rubric
        self._strip.offer_levels({level.name: level.meaning for level in rubric.levels})
        self._strip.severity_requested.connect(self._on_severity_requested)
        self._strip.state_requested.connect(self._on_state_requested)
        self._strip.card_requested.connect(self.toggle_card)
        window.banner.dismissed.connect(self._on_dismissed)
        incident.opened.connect(self._on_opened)
        incident.record_changed.connect(self.follow)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    @Slot()
    def follow(self) -> None:
        """Show the record as it stands now."""
        record = self._incident.record
        if record is None:
            return
        self._situation = self._live.situation.read(record)
        self._strip.show_standing(record.incident.severity, record.incident.state)
        self._strip.show_commander(self._commander(record))
        self._strip.show()
        if self._window.card.isVisible():
            self._window.card.show_card(card_text(self._situation.card))
        self._show_clock(record)
        self._show_nudge()

    @Slot()
    def tick(self) -> None:
        """Show what the clock has changed."""
        record, now = self._incident.record, self._clock()
        if record is None or self._situation is None:
            return
        if not timedelta(0) <= now - self._situation.now < READ_AGAIN:
            self._situation = self._live.situation.read(record)
            self._show_nudge()
        self._show_clock(record)

    @Slot()
    def toggle_card(self) -> None:
        """Show the card as of now and copy it, or put it away."""
        record, card = self._incident.record, self._window.card
        if card.isVisible():
            card.hide()
        elif record is not None:
            text = card_text(self._live.situation.read(record).card)
            QGuiApplication.clipboard().setText(text)
            card.show_card(text)
            self._window.status.say(
                self.tr("The card is copied: paste it where people join. Ctrl+K closes it.")
            )

    # What the strip says

    def _commander(self, record: Record) -> str:
        held = [role.person for role in roles_held(record) if role.name == COMMANDER]
        if held:
            return self.tr("IC {0}").format(", ".join(one for one in held if one))
        if any(role.name == COMMANDER and role.not_needed for role in record.roles):
            return self.tr("IC not needed")
        return self.tr("No IC: /role ic NAME") if record.incident.state.is_running else ""

    def _show_clock(self, record: Record) -> None:
        now = self._clock()
        self._strip.show_running(*self._running(record, now))
        self._show_due(now)

    def _running(self, record: Record, now: datetime) -> tuple[str, str]:
        if not record.incident.state.is_running:
            return "", ""
        times = incident_times(record.entries)
        since, tip = record.incident.created_at, self.tr("Entered {0}")
        if times.started is not None:
            since, tip = times.started, self.tr("Impact since {0}")
        elif times.declared is not None:
            since, tip = times.declared, self.tr("Declared {0}")
        span = now - since
        elapsed = duration_text(round(span.total_seconds() * MS_PER_SECOND))
        if span > LONG:
            elapsed = self.tr("{0} d {1} h").format(span.days, span.seconds // 3600)
        return f"T+{elapsed}", tip.format(full_text(since))

    def _show_due(self, now: datetime) -> None:
        clock = None if self._situation is None else self._situation.clock
        left = None if clock is None else clock.remaining(now)
        if clock is None or clock.due_at is None or left is None:
            self._strip.show_due("", "", warns=False)
            return
        state, span = clock.state(now), _span_text(left)
        if state is ClockState.OVERDUE:
            text = self.tr("▲ update late by {0}").format(span)
        elif state is ClockState.SOON:
            text = self.tr("! next update in {0}").format(span)
        else:
            text = self.tr("next update in {0}").format(span)
        by = (
            self.tr("as promised")
            if clock.due_by is DueBy.PROMISE
            else self.tr("by the severity's cadence")
        )
        tip = self.tr("Due {0}, {1}").format(full_text(clock.due_at), by)
        self._strip.show_due(text, tip, warns=state in {ClockState.SOON, ClockState.OVERDUE})

    def _show_nudge(self) -> None:
        nudge = None if self._situation is None else self._situation.nudge
        quiet = self._silent_until is not None and self._clock() < self._silent_until
        if nudge is None or quiet:
            self._window.banner.release(NUDGE)
        else:
            self._window.banner.hold(NUDGE, Tone.NUDGE, nudge.message, nudge.remedy)

    # What a person does

    @Slot(str)
    def _on_dismissed(self, name: str) -> None:
        if name == NUDGE:
            minutes = self._live.rubric.rubric.nudge_minutes
            self._silent_until = self._clock() + timedelta(minutes=minutes)

    @Slot(str)
    def _on_severity_requested(self, name: str) -> None:
        incident_id = self._incident.incident_id
        if incident_id is not None:
            standing = self._live.standing
            self._storage.run(
                lambda: standing.set_severity(incident_id, name or None), None, self._on_refused
            )

    @Slot(object)
    def _on_state_requested(self, state: IncidentState) -> None:
        record = self._incident.record
        if record is not None and record.incident.state is IncidentState.CLOSED is not state:
            self._window.entry.ask(
                Question(
                    self.tr("Why is it opened again?"),
                    lambda reason: Preview("", is_problem=not reason.strip()),
                    lambda reason: self._set_state(state, reason),
                    example=self.tr("the customer reports it again"),
                )
            )
        else:
            self._set_state(state)
        self.follow()

    def _set_state(self, state: IncidentState, reason: str = "") -> None:
        incident_id, standing = self._incident.incident_id, self._live.standing
        if incident_id is not None:
            self._storage.run(
                lambda: standing.set_state(incident_id, state, reason=reason),
                None,
                self._on_refused,
            )

    def _on_refused(self, error: Exception) -> None:
        self.follow()  # the menu's mark goes back to where it stands
        self._storage.failed.emit(error)

    @Slot(str)
    def _on_opened(self, _incident_id: str) -> None:
        self._situation, self._silent_until = None, None
        self._window.banner.release(NUDGE)
        self._window.card.hide()


def _span_text(span: timedelta) -> str:
    """Return ``04:12``, with hours where there are any; the sign is for others to say."""
    seconds = int(abs(span.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"
