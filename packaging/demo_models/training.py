"""What training both networks has in common: batches made ahead, the rate of learning, saving."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any, TypeVar

import pytorch_lightning
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

AHEAD = 4
T = TypeVar("T")


def batches(make: Callable[[], T], count: int) -> Iterator[T]:
    """Yield ``count`` batches, each made by another thread while the one before is learnt."""
    made: queue.Queue[T] = queue.Queue(AHEAD)

    def work() -> None:
        for _ in range(count):
            made.put(make())

    threading.Thread(target=work, daemon=True).start()
    for _ in range(count):
        yield made.get()


def schedule(optimizer: torch.optim.Optimizer, rate: float, steps: int) -> Any:
    """Warm up over a twentieth of the steps, then cool down to nothing."""
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=rate, total_steps=steps, pct_start=0.08
    )


def save(model: Any, path: Path) -> None:
    """Write a model as pyannote.audio's own loader reads it, at half the precision."""
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = {
        name: weight.half() if weight.is_floating_point() else weight
        for name, weight in model.state_dict().items()
    }
    checkpoint: dict[str, Any] = {
        "state_dict": weights,
        "hyper_parameters": dict(model.hparams),
        "pytorch-lightning_version": pytorch_lightning.__version__,
    }
    model.on_save_checkpoint(checkpoint)
    torch.save(checkpoint, path)
