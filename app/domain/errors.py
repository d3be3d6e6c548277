"""Errors a person can act on, and how they are told apart from bugs.

``AppError``                    base; str() is a sentence fit for the screen
 +- CaptureError                 the microphone, the loopback source or the disk
 |   +- NoDeviceError             no such source, or none at all
 |   +- DeviceBusyError           the source exists and does not open
 |   +- DeviceLostError           the source went away while recording
 |   +- AudioNotStoredError       samples could not be written
 |   +- RecorderUnreachableError  the recorder process does not answer
 +- AudioUnreadableError         a file is no audio, empty or damaged
 +- StartUnknownError            nobody says when a recording began
 +- WorkCancelledError           a person stopped long work
 +- ModelError                   a model is missing, damaged or does not load
 |   +- ModelMissingError
 |   +- ModelDamagedError
 |   +- ModelDownloadError
 |   +- ServerRefusedError        a transcription server will not do it, however often it is asked
 |   +- ServerUnavailableError    it does not answer now, and may later
 |   +- RecognitionBrokenError    a fault of the program itself ended recognition
 +- RecognitionStoppedError      somebody stopped it; it goes on from there
 +- LabellingStoppedError        somebody stopped telling voices apart; no label has changed
 +- DiarizationUnavailableError  no pipeline, or its library, is installed
 +- RecordError                  the incident's record
 |   +- NotFoundError
 |   +- InvalidRecordError        what was given does not fit the record; names the place
 |   |   +- LineNotUnderstoodError  a line of the live log; names the column
 |   |   +- NameTakenError      another voice is called that; names it
 |   +- ExportError
 |   |   +- TemplateError         a text for an audience cannot be made; names file and line
 |   |   +- NotApprovedError      it would leave the house without a name, or give something away
 |   +- EvidenceError           a file of evidence is not stored, or is no picture
 |   +- BundleError             a bundle cannot be read, or must not be opened here
 +- StorageError                 the data folder and its database
 |   +- NewerDatabaseError
 |   +- DatabaseDamagedError
 +- RubricError                  the team's own severity levels cannot be used
 +- GlossaryError                the team's own words cannot be used
 +- ShortcutError                keys that should work in all programs do not
 +- EnvironmentMissingError      a library or program of the system is not there

Anything that is not an ``AppError`` is a bug: it is logged with its traceback and shown as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.ids import SpeakerId
    from app.domain.line_problem import LineProblem


class AppError(Exception):
    """An expected failure.

    Attributes:
        remedy: What the person can do now, one imperative sentence; empty if nothing.
        exit_code: What the command line ends with (1 refused, 3 the environment lacks something).
    """

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class EnvironmentMissingError(AppError):
    """A library or program of the system is not there."""

    exit_code = 3


class CaptureError(AppError):
    """Recording could not start or had to stop."""

    exit_code = 3


class NoDeviceError(CaptureError):
    """The wanted source is not there."""


class DeviceBusyError(CaptureError):
    """The source exists but does not open."""

    def __init__(self, device_name: str, reason: str) -> None:
        super().__init__(
            f"“{device_name}” does not open: {reason}.",
            remedy="Close other programs that use it, or choose another input.",
        )


class DeviceLostError(CaptureError):
    """An input device went away while recording."""

    def __init__(self, device_name: str, *, recorded_ms: int) -> None:
        super().__init__(
            f"“{device_name}” stopped delivering audio. "
            f"The first {recorded_ms // 1000} s are saved.",
            remedy="Reconnect it or choose another input.",
        )
        self.device_name = device_name
        self.recorded_ms = recorded_ms


class AudioNotStoredError(CaptureError):
    """Recorded samples could not be written to disk."""

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(
            f"Audio could not be written to {path.parent}: {cause.strerror or cause}.",
            remedy="Free some disk space.",
        )
        self.path = path


class RecorderUnreachableError(CaptureError):
    """The recorder process does not answer."""


class AudioUnreadableError(AppError):
    """A file holds no audio that can be read."""

    def __init__(self, path: Path, reason: str, *, remedy: str = "") -> None:
        super().__init__(
            f"{path.name} cannot be read as audio: {reason}.",
            remedy=remedy or "Check that the file plays elsewhere, or export it again.",
        )
        self.path = path


class StartUnknownError(AppError):
    """Neither a file nor its name says when the recording began, and no person did."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"When {path.name} began is not known: neither the file nor its name says it.",
            remedy="Say when the recording began.",
        )


class WorkCancelledError(AppError):
    """A person stopped long work; what it had begun is gone again."""


class ModelError(AppError):
    """A recognition or diarization model cannot be used."""

    exit_code = 3


class ModelMissingError(ModelError):
    """The model is not installed."""


class ModelDamagedError(ModelError):
    """The model's files are there and do not load."""


class ModelDownloadError(ModelError):
    """The model could not be fetched."""


class ServerRefusedError(ModelError):
    """A transcription server does not do what it is asked; asking again will not help."""


class ServerUnavailableError(ModelError):
    """A transcription server does not answer, or not with a transcript; later it may.

    Attributes:
        retry_after_s: How long the server wants to be left alone, 0 if it does not say.
    """

    def __init__(self, message: str, *, remedy: str, retry_after_s: float = 0.0) -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after_s = retry_after_s


class RecognitionBrokenError(ModelError):
    """A fault of the program itself ended recognition."""

    def __init__(self, bug: Exception) -> None:
        super().__init__(
            f"A fault of the program ended recognition ({type(bug).__name__}: {bug}).",
            remedy="The audio and the words so far are kept: recognise again to go on from there.",
        )


class RecognitionStoppedError(AppError):
    """Recognition was stopped before its end, by a person or with the program."""

    def __init__(self) -> None:
        super().__init__(
            "Recognition was stopped; what was recognised is kept.",
            remedy="Recognise again, or run “hotwash transcribe”, to go on from there.",
        )


class LabellingStoppedError(AppError):
    """Telling voices apart was stopped before its end, by a person or with the program."""

    def __init__(self) -> None:
        super().__init__(
            "Telling voices apart was stopped; the labels are as they were.",
            remedy="Run “hotwash diarize” to begin again.",
        )


class DiarizationUnavailableError(ModelError):
    """Speakers cannot be told apart here; the transcript is labelled by track instead."""


class VoicesProcessEndedError(ModelError):
    """The process that tells how voices sound has ended, by itself or because it was stopped."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(
            f"The process that listens to voices ended unexpectedly ({exit_code}).",
            remedy="Close other programs if memory is short; lines keep the label of their track.",
        )


class VoicePrintError(AppError):
    """Remembered voices cannot be read, kept or forgotten."""


class PassphraseNeededError(VoicePrintError):
    """The remembered voices are sealed with a passphrase, or would be, and none was given."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__(
            "The remembered voices need a passphrase: this system keeps no key for them.",
            remedy="Give it at the terminal, or in HOTWASH_VOICE_PASSPHRASE.",
        )


class WrongPassphraseError(VoicePrintError):
    """Another passphrase was given than the one with which the voices were sealed."""

    def __init__(self) -> None:
        super().__init__(
            "That is not the passphrase with which the voices were sealed.",
            remedy="Give the right one; if nobody knows it, “hotwash voices forget-all” begins "
            "again.",
        )


class RecordError(AppError):
    """Something about the record of an incident."""


class NotFoundError(RecordError):
    """Nothing has that id."""


class InvalidRecordError(RecordError):
    """What was given does not fit the record.

    Attributes:
        place: Where, for example ``entries[3].kind``.
    """

    def __init__(self, place: str, reason: str, *, remedy: str = "Nothing was changed.") -> None:
        super().__init__(f"{place}: {reason}.", remedy=remedy)
        self.place = place


class LineNotUnderstoodError(InvalidRecordError):
    """A line that was typed into the live log is not understood.

    Attributes:
        problem: Which part of the line, and what to type instead.
    """

    def __init__(self, problem: LineProblem) -> None:
        reason = problem.message.removesuffix(".")
        super().__init__(f"column {problem.start + 1}", reason, remedy=problem.remedy)
        self.problem = problem


class NameTakenError(InvalidRecordError):
    """A voice is to be called what another one is called already.

    Attributes:
        other: That one; the two may be the same person.
    """

    def __init__(self, name: str, other: SpeakerId) -> None:
        super().__init__(
            name,
            "another voice is called that",
            remedy="If they are one person, merge them; else choose a name that tells them apart.",
        )
        self.other = other


class ExportError(RecordError):
    """A document could not be made or written."""


class TemplateError(ExportError):
    """A template for an audience cannot be used."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        """``reason`` is a clause; ``line`` is None where none is at fault."""
        place = f", line {line}" if line is not None else ""
        super().__init__(
            f"The template {path}{place}: {reason}.",
            remedy="Correct the file, or move it away to use the shipped one.",
        )
        self.path = path
        self.line = line


class NotApprovedError(ExportError):
    """A text would leave the house that nobody has approved, or that gives something away.

    Attributes:
        text: The text, for whoever is to approve it; empty where there is none to be.
    """

    def __init__(self, message: str, *, remedy: str, text: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.text = text


class EvidenceError(RecordError):
    """A file of evidence could not be stored, or shows no picture."""


class RubricError(AppError):
    """The file of the team's own severity levels cannot be used."""

    def __init__(self, path: Path, reason: str, *, remedy: str = "") -> None:
        super().__init__(
            f"The severity levels in {path} cannot be used: {reason}.",
            remedy=remedy or "Correct the file, or move it away to work with the defaults.",
        )
        self.path = path


class GlossaryError(AppError):
    """The file of the team's own words, or one to be imported into it, cannot be used."""

    def __init__(self, path: Path, reason: str, *, remedy: str = "", done: str = "used") -> None:
        """``done`` is what cannot be with it: it may well be used, and only not be changed."""
        super().__init__(
            f"The glossary in {path} cannot be {done}: {reason}.",
            remedy=remedy or "Correct the file, or move it away to work without one.",
        )
        self.path = path
        self.reason = reason


class ShortcutError(AppError):
    """Keys that should work in all programs do not."""

    def __init__(self, message: str, action: str = "") -> None:
        """``action`` is what the keys should do; empty where it is about all of them."""
        remedy = "The keys of the window itself, the compact bar and the tray work."
        if action:
            example = f'"shortcuts": {{"{action}": "Ctrl+Alt+F1"}}'
            remedy = f'Choose others in settings.json, for example {example}; "" for none.'
        super().__init__(message, remedy=remedy)


class BundleError(RecordError):
    """A bundle cannot be read, or must not be opened here."""


class StorageError(AppError):
    """The data folder or its database cannot be used."""

    exit_code = 3


class NewerDatabaseError(StorageError):
    """The database was made by a newer version of the program."""


class DatabaseDamagedError(StorageError):
    """The database is not readable."""
