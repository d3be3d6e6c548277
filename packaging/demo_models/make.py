"""Makes the demonstration's speaker pipeline anew: ``make.py SCRATCH [speech|…]``.

Each step keeps what it made below SCRATCH; without a step's name all are done, one after another.
On one core of 2026: speech 5 minutes, segmentation 15 and embedding 20, plda 3, settings 10.
``finish`` puts the pipeline into ``resources/models``; its card is written by hand.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
os.environ |= {"PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_OFFLINE": "1"}
warnings.simplefilter("ignore")  # the libraries' advice to programmers

import embedding  # noqa: E402  the checkout's own, and after what the libraries read
import folder  # noqa: E402  as above
import plda  # noqa: E402  as above
import segmentation  # noqa: E402  as above
import settings  # noqa: E402  as above
from speech import corpus  # noqa: E402  as above

SEED = 7
PLDA_STRETCHES = 3_000
TARGET = ROOT / "resources" / "models" / folder.NAME
PARTS = ("segmentation", "embedding", "plda", folder.CONFIG)


def main(scratch: Path, wanted: list[str]) -> None:
    """Do the steps that are wanted, in their order."""
    made = scratch / "pipeline"
    weights = {name: made / name / "pytorch_model.bin" for name in ("segmentation", "embedding")}
    steps = {
        "speech": lambda: corpus(scratch),
        "segmentation": lambda: segmentation.train(
            corpus(scratch), weights["segmentation"], seed=SEED
        ),
        "embedding": lambda: embedding.train(corpus(scratch), weights["embedding"], seed=SEED),
        "plda": lambda: plda.learn(
            corpus(scratch), weights["embedding"], made / "plda", PLDA_STRETCHES, SEED
        ),
        "settings": lambda: folder.write_config(made, settings.choose(made, scratch)[1]),
        "finish": lambda: _finish(made),
    }
    scratch.mkdir(parents=True, exist_ok=True)
    for name, step in steps.items():
        if not wanted or name in wanted:
            step()


def _finish(made: Path) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        if (made / part).is_dir():
            shutil.copytree(made / part, TARGET / part, dirs_exist_ok=True)
        else:
            shutil.copyfile(made / part, TARGET / part)
    folder.seal(TARGET)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), sys.argv[2:])
