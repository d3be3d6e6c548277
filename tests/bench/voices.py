"""Who said it: how often the demonstration's speaker pipeline is wrong, and how fast it is.

The generated bridge is spoken by voices that were held out of training. Each track is told apart
by itself, and the error is that of both together: pyannote.metrics, no collar. ``quick`` takes the
demonstration alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from app.domain.settings import Settings
from tests.bench.figures import Figure
from tests.bench.hearing import attached, segments_of
from tests.bench.material import bridge
from tests.bench.material.recording import ROOT, demonstration
from tests.bench.material.voices import Voice
from tests.bench.right_words import right_words
from tests.bench.telling_apart import told_of
from transcription.vad import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bench.material.recording import Recording
    from tests.bench.telling_apart import Told

PIPELINE = ROOT / "resources" / "models" / "demo-voices"
HELD_OUT = bridge.Plan(
    seed=77,
    minutes=10,
    room=(
        Voice("rms", stretch=1.0),
        Voice("en-us+m4", words_per_minute=165, pitch=45),
        Voice("en-gb+f3", words_per_minute=160, pitch=60),
        Voice("en-us+Gene", words_per_minute=155, pitch=50),
    ),
    bridge=(
        Voice("kal16", stretch=0.95),
        Voice("en-gb+Annie", words_per_minute=158, pitch=45),
        Voice("en-us+m7", words_per_minute=162, pitch=50),
        Voice("en-gb+f4", words_per_minute=152, pitch=40),
    ),
)
HELD_OUT_BAR, DEMO_BAR = 0.20, 0.10
WORDS_BAR = 0.95
DRAFT_SHARE = 0.25  # of a window: how far apart they lie in a fast draft
DRAFT_TIME_BAR, DRAFT_ERROR_BAR = 0.6, 0.01


def measure(*, quick: bool = False) -> list[Figure]:
    """Tell voices apart and compare with who spoke."""
    demo = demonstration()
    figures = [*_error_figures(demo, told_of(demo, PIPELINE), DEMO_BAR), _words_figure(demo)]
    if quick:
        return figures
    held_out = bridge.kept(HELD_OUT)
    stock = told_of(held_out, PIPELINE)
    draft = told_of(held_out, PIPELINE, share=DRAFT_SHARE)
    return [
        *_error_figures(held_out, stock, HELD_OUT_BAR),
        *_draft_figures(held_out, stock, draft),
        *figures,
    ]


def error_rate(
    recording: Recording, told: Mapping[str, Told], *, with_overlap: bool = True
) -> float:
    """Return the diarization error rate of all tracks together, without a collar.

    A voice of one track is another one than any of the other track. Without overlap, only the
    time counts in which no two people speak.
    """
    said, heard = Annotation(), Annotation()
    for number, line in enumerate(recording.script):
        stretch = Segment(line.start_ms / 1_000, line.end_ms / 1_000)
        said[stretch, number] = f"{line.track} {line.speaker}"
    for track, each in told.items():
        for number, (start, end, label) in enumerate(each.turns):
            heard[Segment(start, end), f"{track} {number}"] = f"{track} {label}"
    until_s = max(map(len, recording.pcm.values())) / SAMPLE_RATE / 2
    metric = DiarizationErrorRate(collar=0.0, skip_overlap=not with_overlap)
    return float(metric(said, heard, uem=Timeline([Segment(0, until_s)])))


def _error_figures(recording: Recording, told: Mapping[str, Told], most: float) -> list[Figure]:
    rate = error_rate(recording, told)
    took_s = sum(each.took_s for each in told.values())
    return [
        Figure(
            f"{recording.name}: diarization error rate",
            round(rate, 4),
            "",
            bar=f"at most {most}",
            ok=rate <= most,
        ),
        Figure(
            f"{recording.name}: the same where no two people speak",
            round(error_rate(recording, told, with_overlap=False), 4),
            "",
        ),
        Figure(
            f"{recording.name}: voices told apart",
            round(took_s / recording.seconds, 3),
            "s per s of audio",
        ),
    ]


def _draft_figures(
    recording: Recording, stock: Mapping[str, Told], draft: Mapping[str, Told]
) -> list[Figure]:
    stock_s, draft_s = (sum(each.took_s for each in told.values()) for told in (stock, draft))
    stock_rate, draft_rate = (error_rate(recording, told) for told in (stock, draft))
    return [
        Figure(
            f"{recording.name}: time of a fast draft",
            round(draft_s / recording.seconds, 3),
            "s per s of audio",
            baseline=round(stock_s / recording.seconds, 3),
            ratio=round(draft_s / stock_s, 3),
            bar=f"at most {DRAFT_TIME_BAR} of the stock pipeline's",
            ok=draft_s <= DRAFT_TIME_BAR * stock_s,
        ),
        Figure(
            f"{recording.name}: diarization error rate of a fast draft",
            round(draft_rate, 4),
            "",
            baseline=round(stock_rate, 4),
            bar=f"at most {DRAFT_ERROR_BAR} above the stock pipeline's",
            ok=draft_rate <= stock_rate + DRAFT_ERROR_BAR,
        ),
    ]


def _words_figure(recording: Recording) -> Figure:
    """Tell how the whole program does: recognition, voices, and whose words are whose."""
    with attached(recording, Settings(diarization=PIPELINE.name)) as (program, session):
        program.transcription.run(session.incident_id)
        heard = segments_of(program, session)
    share = right_words(
        recording.script,
        [
            (track, (word.start_ms + word.end_ms) // 2, str(segment.speaker_id))
            for track, segments in heard.items()
            for segment in segments
            for word in segment.words
        ],
    )
    return Figure(
        f"{recording.name}: words with the right speaker",
        round(share, 4),
        "",
        bar=f"at least {WORDS_BAR}",
        ok=share >= WORDS_BAR,
    )
