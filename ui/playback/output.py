"""Where sound comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice

from app.domain.errors import EnvironmentMissingError
from app.domain.times import MS_PER_SECOND

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioSink

SAMPLE_RATE = 16_000
BYTES_PER_SAMPLE = 2
PLUG_IN = "Connect headphones or loudspeakers, and play again."


class Output(Protocol):
    """Plays one stretch of sound at a time."""

    def play(self, pcm: bytes) -> None:
        """Begin to play 16 kHz mono s16le samples, in place of any others.

        Raises:
            EnvironmentMissingError: There is nothing to play on.
        """

    def stop(self) -> None:
        """Be silent."""

    def played_ms(self) -> int:
        """Return how much of the sound has been played."""


class DesktopOutput:
    """The desktop's default output, looked up anew each time: people plug in headphones."""

    def __init__(self) -> None:
        self._sink: QAudioSink | None = None
        self._buffer = QBuffer()

    def play(self, pcm: bytes) -> None:
        """Begin to play."""
        # Loaded late: the window must not wait for a library that it may never need
        from PySide6.QtMultimedia import (  # noqa: PLC0415  starts the sound system
            QAudioFormat,
            QAudioSink,
            QMediaDevices,
            QtAudio,
        )

        self.stop()
        device = QMediaDevices.defaultAudioOutput()
        if device.isNull():
            raise EnvironmentMissingError("There is no sound output here.", remedy=PLUG_IN)
        sound = QAudioFormat()
        sound.setSampleRate(SAMPLE_RATE)
        sound.setChannelCount(1)
        sound.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._buffer.setData(QByteArray(pcm))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink = QAudioSink(device, sound)
        self._sink.start(self._buffer)
        if self._sink.error() != QtAudio.Error.NoError:
            self.stop()
            raise EnvironmentMissingError(
                f"“{device.description()}” does not play.", remedy=PLUG_IN
            )

    def stop(self) -> None:
        """Be silent."""
        if self._sink is not None:
            self._sink.stop()
            self._sink = None
        self._buffer.close()

    def played_ms(self) -> int:
        """Return how much has been handed to the device."""
        return 0 if self._sink is None else self._sink.processedUSecs() // MS_PER_SECOND
