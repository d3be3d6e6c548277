"""What training both networks has in common: batches made ahead, the rate of learning, saving."""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pytorch_lightning
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

T = TypeVar("T")
AHEAD = 4
WARM_UP = 0.08  # of all steps
DECAY = 1e-3
LONGEST_SLOPE = 5.0
TOLD_EVERY = 25


def learn(
    parameters: Iterable[torch.nn.Parameter],
    make: Callable[[], T],
    loss_of: Callable[[T, float], torch.Tensor],
    *,
    rate: float,
    steps: int,
) -> None:
    """Take ``steps`` with as many batches; ``loss_of`` is told the share that is done."""
    learnt = list(parameters)
    optimizer = torch.optim.AdamW(learnt, lr=rate, weight_decay=DECAY)
    rates = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=rate, total_steps=steps, pct_start=WARM_UP
    )
    began, losses = time.monotonic(), []
    for step, batch in enumerate(_made_ahead(make, steps), 1):
        loss = loss_of(batch, step / steps)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, LONGEST_SLOPE)
        optimizer.step()
        rates.step()
        losses.append(float(loss.detach()))
        if step % TOLD_EVERY == 0:
            lasted = time.monotonic() - began
            print(
                f"step {step}: loss {np.mean(losses[-TOLD_EVERY:]):.4f}, {lasted:.0f} s",
                flush=True,
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


def _made_ahead(make: Callable[[], T], count: int) -> Iterator[T]:
    """Yield ``count`` batches, each made by another thread while the ones before are learnt."""
    made: queue.Queue[T] = queue.Queue(AHEAD)

    def work() -> None:
        for _ in range(count):
            made.put(make())

    threading.Thread(target=work, daemon=True).start()
    for _ in range(count):
        yield made.get()
