"""Charts on a time axis: a metric, who held which role, when updates were due and sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from drafting.pdf.fonts import REGULAR, draw_line
from drafting.pdf.hatching import hatch
from drafting.pdf.labels import SIZE, STEP, Label, clock_runs, draw_label, lines_of, placed
from drafting.pdf.look import ACCENT, INK, LINE, PAPER, RAISED, SECONDARY, WARNING, WARNING_TINT
from drafting.wording import amount

if TYPE_CHECKING:
    from drafting.pdf.fonts import Typesetter
    from drafting.report_charts import CadenceStrip, LaneChart, MetricChart, TimeAxis

AXIS_HEIGHT = 14.0
PLOT_HEIGHT = 74.0
VALUES_WIDTH = 54.0
NAMES_WIDTH = 128.0
LANE_HEIGHT = 15.0
STRIP_HEIGHT = 26.0
EDGE = 5.0  # marks at the ends keep clear of the page's edge
SHORT_MARK = 2.2
GAP_OF_TICKS = 6.0


class TimeChart(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """A chart whose places from left to right are times."""

    left = 0.0

    def __init__(self, axis: TimeAxis, types: Typesetter) -> None:
        super().__init__()
        self._axis = axis
        self._types = types

    def place(self, offset_s: float) -> float:
        """Return where a time lies, in points from the left edge."""
        room = float(self.width) - self.left - 2 * EDGE
        return self.left + EDGE + offset_s / self._axis.length_s * room

    def draw_axis(self, top: float) -> None:
        """Draw ticks and their times below ``top``, at the foot of the chart."""
        canvas = self.canv
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.line(self.left, AXIS_HEIGHT, self.width, AXIS_HEIGHT)
        canvas.setFont(REGULAR, SIZE)
        canvas.setFillColor(SECONDARY)
        end = -GAP_OF_TICKS
        for tick in self._axis.ticks:
            x = self.place(tick.offset_s)
            canvas.line(x, AXIS_HEIGHT, x, top)
            width = stringWidth(tick.words, REGULAR, SIZE)
            start = min(max(x - width / 2, self.left), self.width - width)
            if start >= end + GAP_OF_TICKS:
                canvas.drawString(start, AXIS_HEIGHT - SIZE - 2.5, tick.words)
                end = start + width

    def words(self, text: str, x: float, y: float, room: float) -> None:
        """Draw words from ``x`` on, cut where the room ends."""
        draw_line(self.canv, self._types.fitting(text, REGULAR, SIZE, room), x, y, SIZE)


class MetricPlot(TimeChart):
    """A metric as a line, the anchors standing on it, in words where it is ``labelled``."""

    left = VALUES_WIDTH

    def __init__(self, chart: MetricChart, types: Typesetter, *, labelled: bool) -> None:
        super().__init__(chart.axis, types)
        self._chart = chart
        self._labelled = labelled
        self._labels: list[Label] = []

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Place the labels; return the size in points."""
        self.width = width
        marks = [(self.place(m.offset_s), clock_runs(m.clock, m.words)) for m in self._chart.marks]
        self._labels = placed(marks, width)
        above = lines_of(self._labels) * STEP + 3 if self._labelled else 2.0
        self.height = AXIS_HEIGHT + PLOT_HEIGHT + above
        return self.width, self.height

    def draw(self) -> None:
        """Draw axis, anchors, then the line over them."""
        canvas, chart = self.canv, self._chart
        top = AXIS_HEIGHT + PLOT_HEIGHT
        self.draw_axis(top)
        canvas.setFillColor(SECONDARY)
        self._value(chart.high, top - 4)
        self._value(chart.low, AXIS_HEIGHT + 4)
        canvas.saveState()
        canvas.setStrokeColor(SECONDARY)
        canvas.setLineWidth(0.6)
        for label in self._labels:
            canvas.setDash([2, 2])
            canvas.line(label.x, AXIS_HEIGHT, label.x, top)
            canvas.setDash([])
            if self._labelled:
                canvas.line(label.x, top, label.x, top + label.line * STEP + SIZE)
        for label in self._labels if self._labelled else ():
            draw_label(canvas, label, top + label.line * STEP + 3)
        canvas.restoreState()
        self._line()

    def _value(self, value: float, y: float) -> None:
        self.words(f"{amount(value)} {self._chart.unit}", 0, y - 2.5, VALUES_WIDTH - 4)

    def _height_of(self, value: float) -> float:
        low, high = self._chart.low, self._chart.high
        share = (value - low) / (high - low) if high > low else 0.5
        return AXIS_HEIGHT + 4 + share * (PLOT_HEIGHT - 8)

    def _line(self) -> None:
        canvas = self.canv
        path = canvas.beginPath()
        for number, (offset, value) in enumerate(self._chart.points):
            step = path.lineTo if number else path.moveTo
            step(self.place(offset), self._height_of(value))
        canvas.saveState()
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(1.3)
        canvas.setLineJoin(1)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.restoreState()


class LanePlot(TimeChart):
    """Bars in lanes, such as who held which role; an open end has no edge."""

    left = NAMES_WIDTH

    def __init__(self, chart: LaneChart, types: Typesetter) -> None:
        super().__init__(chart.axis, types)
        self._chart = chart

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        self.width = width
        self.height = AXIS_HEIGHT + LANE_HEIGHT * len(self._chart.lanes) + 2
        return self.width, self.height

    def draw(self) -> None:
        """Draw axis, lanes, then the marks across them."""
        canvas = self.canv
        self.draw_axis(self.height)
        for number, lane in enumerate(self._chart.lanes, start=1):
            y = self.height - LANE_HEIGHT * number
            canvas.setFillColor(INK)
            self.words(lane.name, 0, y + 4.5, NAMES_WIDTH - 8)
            for place, bar in enumerate(lane.bars):
                start, end = self.place(bar.start_s), self.place(bar.end_s)
                self._bar(start, max(end - start, 1.5), y, shaded=bool(place % 2))
                canvas.setFillColor(INK)
                name = f"{bar.words} →" if bar.open_end else bar.words
                self.words(name, start + 4, y + 4.5, end - start - 8)
        self._marks()

    def _bar(self, x: float, width: float, y: float, *, shaded: bool) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(SECONDARY)
        canvas.setLineWidth(0.6)
        canvas.setFillColor(PAPER if shaded else RAISED)
        canvas.rect(x, y + 1.5, width, LANE_HEIGHT - 3, fill=1)
        canvas.restoreState()

    def _marks(self) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(1.2)
        for mark in self._chart.marks:
            x = self.place(mark.offset_s)
            canvas.line(x, AXIS_HEIGHT, x, self.height)
        canvas.restoreState()


class CadencePlot(TimeChart):
    """Updates as dots on a line, when they were due below it, lateness hatched."""

    def __init__(self, strip: CadenceStrip, types: Typesetter) -> None:
        super().__init__(strip.axis, types)
        self._strip = strip

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        self.width, self.height = width, AXIS_HEIGHT + STRIP_HEIGHT
        return self.width, self.height

    def draw(self) -> None:
        """Draw axis, lateness, what was due, what was sent."""
        canvas, middle = self.canv, AXIS_HEIGHT + STRIP_HEIGHT / 2
        self.draw_axis(self.height - 4)
        for bar in self._strip.late:
            x = self.place(bar.start_s)
            width = self.place(bar.end_s) - x
            hatch(canvas, (x, middle - 4, width, 8), ground=WARNING_TINT, colour=WARNING)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.line(0, middle, self.width, middle)
        for mark in self._strip.due:
            draw_due(canvas, self.place(mark.offset_s), middle)
        for mark in self._strip.sent:
            draw_sent(canvas, self.place(mark.offset_s), middle)


def draw_sent(canvas: Any, x: float, y: float) -> None:
    """Draw an update that was sent: a filled dot."""
    canvas.setFillColor(ACCENT)
    canvas.circle(x, y, SHORT_MARK + 0.8, stroke=0, fill=1)


def draw_due(canvas: Any, x: float, y: float) -> None:
    """Draw when an update was due: a hollow triangle under the line."""
    path = canvas.beginPath()
    path.moveTo(x, y - 1)
    path.lineTo(x - SHORT_MARK - 1, y - 7)
    path.lineTo(x + SHORT_MARK + 1, y - 7)
    path.close()
    canvas.setFillColor(PAPER)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.8)
    canvas.drawPath(path, stroke=1, fill=1)


class CadenceLegend(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """What the marks of the cadence strip mean."""

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        self.width, self.height = width, SIZE + 7
        return self.width, self.height

    def draw(self) -> None:
        """Draw each mark with its word."""
        canvas, x, y = self.canv, 4.0, self.height / 2
        draw_sent(canvas, x, y)
        x = self._word("sent", x + 7)
        draw_due(canvas, x, y + 4)
        x = self._word("due", x + 7)
        hatch(canvas, (x - 2, y - 4, 16, 8), ground=WARNING_TINT, colour=WARNING)
        self._word("late by", x + 18)

    def _word(self, word: str, x: float) -> float:
        self.canv.setFillColor(SECONDARY)
        self.canv.setFont(REGULAR, SIZE)
        self.canv.drawString(x, self.height / 2 - 2.6, word)
        return float(x + stringWidth(word, REGULAR, SIZE) + 14)
