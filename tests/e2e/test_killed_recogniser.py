"""kill -9 of the recogniser's process at random moments: the words come out all the same."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from app.domain.events import SegmentsTranscribed
from tests.bench.hearing import (
    attached,
    recognise_afterwards,
    recognise_live,
    segments_of,
)
from tests.bench.material.recording import BYTES_PER_MS, demonstration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from app.domain.sessions import Session, TrackLabel
    from app.services.program import Program
    from tests.bench.material.recording import Recording
    from tests.proof.recorded import KeepFigure

    Pass = Callable[[Program, Session], None]
    Words = dict[TrackLabel, list[tuple[Any, ...]]]

SHORT_MS = 20_000
LATEST_KILL_S = 1.5
SHORT_LATEST_KILL_S = 0.2
KILLS_A_PASS = 10
CHILD = "spawn_main"  # what a child of multiprocessing is told to run


def shortened(recording: Recording, until_ms: int) -> Recording:
    pcm = {label: pcm[: until_ms * BYTES_PER_MS] for label, pcm in recording.pcm.items()}
    return replace(recording, pcm=pcm)


@pytest.mark.parametrize("recognise", [recognise_afterwards, recognise_live])
def test_a_recogniser_killed_at_any_moment_loses_and_doubles_no_word(
    recognise: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.final_pass.BATCH_SIZE", 2)  # so that there are several
    recording = shortened(demonstration(), SHORT_MS)

    words, killed = recognised_with_kills(
        recording, recognise, a_dice(), times=2, latest_s=SHORT_LATEST_KILL_S
    )

    assert killed == 2
    assert words == recognised_undisturbed(recording, recognise)
    assert all(len(segments) >= 2 for segments in words.values())


@pytest.mark.prove
@pytest.mark.timeout(3_000)
def test_a_recogniser_killed_at_fifty_moments_loses_and_doubles_no_word(
    proof_figure: KeepFigure,
) -> None:
    recording, moments, killed = demonstration(), a_dice(), 0

    passes = (recognise_afterwards, recognise_live)
    undisturbed = {each: recognised_undisturbed(recording, each) for each in passes}
    while killed < 50:
        for each in passes:
            times = min(KILLS_A_PASS, 50 - killed)
            words, more = recognised_with_kills(recording, each, moments, times=times)
            assert words == undisturbed[each]
            killed += more

    bar = "of 50 at random moments of live and final passes: no word missing or there twice"
    proof_figure("kill -9 of the recogniser: taken up again", killed, "times", bar)


def a_dice() -> random.Random:
    return random.Random(20261121)  # noqa: S311  any moments will do, the same each time


def recognised_undisturbed(recording: Recording, recognise: Pass) -> Words:
    with attached(recording) as (program, session):
        recognise(program, session)
        return comparable(program, session)


def recognised_with_kills(
    recording: Recording,
    recognise: Pass,
    moments: random.Random,
    *,
    times: int,
    latest_s: float = LATEST_KILL_S,
) -> tuple[Words, int]:
    """Recognise while children die; return the words and how many died."""
    with attached(recording) as (program, session), ThreadPoolExecutor(1) as pool:
        progress = threading.Event()
        program.bus.subscribe(
            lambda event: progress.set() if isinstance(event, SegmentsTranscribed) else None
        )
        work = pool.submit(recognise, program, session)
        killed = 0
        for child in children(work):
            # A child that never gets as far as a word is given up after the third, and rightly so:
            # every second one is killed after words, the others whatever they are at.
            if killed % 2:
                progress.clear()
                wait_for_either(progress, work)
            wait([work], timeout=moments.uniform(0, latest_s))
            try:
                child.kill()
            except psutil.NoSuchProcess:  # the pass has just come to its end
                break
            killed += 1
            if killed == times:
                break
        work.result()
        return comparable(program, session), killed


def children(work: Future[None]) -> Iterator[psutil.Process]:
    """Each recogniser that the pass starts, one after the other, until the pass is over."""
    seen: set[int] = set()
    while not work.done():
        for child in psutil.Process().children():
            if child.pid not in seen and is_recogniser(child):
                seen.add(child.pid)
                yield child
        wait([work], timeout=0.01)


def is_recogniser(child: psutil.Process) -> bool:
    try:
        return any(CHILD in word for word in child.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def wait_for_either(event: threading.Event, work: Future[None]) -> None:
    while not event.wait(0.01) and not work.done():
        pass


def comparable(program: Program, session: Session) -> Words:
    """What stands on record, less the ids, which are new each time."""
    return {
        label: [
            (segment.span, segment.text, segment.words, segment.flag, segment.bleed)
            for segment in segments
        ]
        for label, segments in segments_of(program, session).items()
    }
