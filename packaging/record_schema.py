"""Writes the JSON Schema of the record anew; a test holds it to the types."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app.services.record_schema import schema_text  # noqa: E402  the checkout's own app

TARGET = ROOT / "resources" / "schema" / "record-1.json"


def main() -> None:
    """Write the file."""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(schema_text(), encoding="utf-8")
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
