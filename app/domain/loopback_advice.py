"""How what a machine plays comes to be among the sources, where it is not by itself."""

from __future__ import annotations

ATTACH = "attach the call's recording afterwards"
ADVICE = {
    "linux": "Start the sound server (PulseAudio or PipeWire)",
    "win32": "Switch an output on in the system's sound settings, or install the program's Python "
    "packages again",
    # What the loudspeakers play is no input there until a driver makes it one.
    "darwin": "Install BlackHole 2ch, make a Multi-Output Device of it and your headphones in "
    "Audio MIDI Setup, choose that as the system's output, and BlackHole as the bridge",
}


def loopback_advice(platform: str) -> str:
    """Return what to do about a machine whose output cannot be recorded."""
    return f"{ADVICE.get(platform, ADVICE['linux'])}; or {ATTACH}."
