"""What is made of three seconds of levels."""

import pytest

from app.domain.engine_types import AudioSource
from app.domain.levels import bar_text
from app.domain.sessions import TrackSource
from app.domain.source_trial import Level, SourceTrial, TrialVerdict, judged

MIC = AudioSource("pulse:usb", "USB", TrackSource.MIC, 48_000)
OUTPUT = AudioSource("pulse:hdmi.monitor", "Monitor of HDMI", TrackSource.LOOPBACK, 48_000)


def trial(source: AudioSource, *peaks: float) -> SourceTrial:
    return judged(source, [Level(peak, peak / 3) for peak in peaks])


@pytest.mark.parametrize(
    ("peaks", "verdict", "sentence", "is_good"),
    [
        ((0.001, 0.25), TrialVerdict.SPEECH_LEVEL, "Heard speech-level sound, peak -12 dB.", True),
        ((0.01,), TrialVerdict.SPEECH_LEVEL, "Heard speech-level sound, peak -40 dB.", True),
        ((0.009,), TrialVerdict.TOO_QUIET, "Heard only quiet sound, peak -41 dB.", False),
        ((0.1, 1.0), TrialVerdict.TOO_LOUD, "Heard sound that is too loud and clips, ", True),
        ((0.0, 0.0), TrialVerdict.ZEROS, "Heard only zeros.", False),
        ((), TrialVerdict.NO_SIGNAL, "No signal: it delivers no audio.", False),
    ],
)
def test_a_trial_is_summed_up_in_a_sentence_by_its_loudest_moment(
    peaks: tuple[float, ...], verdict: TrialVerdict, sentence: str, *, is_good: bool
) -> None:
    found = trial(MIC, *peaks)

    assert (found.verdict, found.is_good) == (verdict, is_good)
    assert found.sentence.startswith(sentence)


def test_zeros_of_a_microphone_mean_permission_and_of_an_output_that_nothing_plays() -> None:
    assert "allow this program" in trial(MIC, 0.0).remedy
    assert trial(OUTPUT, 0.0).remedy == "Play something on this output, and test again."


@pytest.mark.parametrize("source", [MIC, OUTPUT])
def test_only_what_needs_nothing_done_has_no_remedy(source: AudioSource) -> None:
    found = [trial(source, *peaks) for peaks in ((0.2,), (1.0,), (0.001,), (0.0,), ())]

    assert [one.remedy == "" for one in found] == [True, False, False, False, False]


def test_bars_go_from_silence_to_full_scale() -> None:
    assert bar_text(0.0) == "▯" * 12
    assert bar_text(1.0) == "▮" * 12
    assert bar_text(0.25) == "▮" * 9 + "▯" * 3
