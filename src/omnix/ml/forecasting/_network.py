"""A small LSTM that reads the past of a series, and a head that says what follows: torch's part.

The network is trained in torch. Its head is as small as to be answered by NumPy, so that nobody who
only asks waits for torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omnix.ml.errors import ModelError
from omnix.ml.forecasting._panel import Block

_HIDDEN, _WIDTH = 32, 64
_BATCH = 128
_RATE = 3e-3
#: Without a better error on the last part for so many rounds it stops.
_PATIENCE = 4


@dataclass(frozen=True)
class Lesson:
    """Windows as the network reads them.

    base:   what the answer starts from; the network says how far it is from there.
    sparse: where the mean is wanted, not the median.
    """

    past: Block
    x: Block
    base: Block
    target: Block
    sparse: NDArray[np.bool_]


@dataclass(frozen=True)
class Head:
    """The layers that turn what the LSTM has read, beside the features, into an answer."""

    weights: tuple[Block, ...]
    biases: tuple[Block, ...]

    def __call__(self, state: Block, x: Block) -> NDArray[np.float64]:
        """How far each row is from its base."""
        values = np.concatenate([state, x], axis=1)
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            values = np.maximum(values @ weight.T + bias, 0)
        return np.asarray(values @ self.weights[-1].T + self.biases[-1], dtype=np.float64)[:, 0]


@dataclass(frozen=True)
class Trained:
    """What training gives: the head, and a reader of the past (windows x periods x values)."""

    head: Head
    encoder: Any

    def read(self, past: Block) -> Block:
        """What the LSTM has read of each window."""
        torch = library()
        with _one_thread(torch), torch.no_grad():
            found = [
                self.encoder(torch.from_numpy(past[start : start + 1024]))[1][0][0].numpy()
                for start in range(0, len(past), 1024)
            ]
        return np.concatenate(found)


def trained(lesson: Lesson, exam: Lesson, rounds: int, seed: int) -> Trained:
    """A network that has learnt from `lesson`, as it was when it did best on `exam`."""
    torch = library()
    with _one_thread(torch), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        encoder = torch.nn.LSTM(lesson.past.shape[2], _HIDDEN, batch_first=True)
        head = torch.nn.Sequential(
            torch.nn.Linear(_HIDDEN + lesson.x.shape[2], _WIDTH),
            torch.nn.ReLU(),
            torch.nn.Linear(_WIDTH, _HIDDEN),
            torch.nn.ReLU(),
            torch.nn.Linear(_HIDDEN, 1),
        )
        torch.nn.init.zeros_(head[-1].weight)
        torch.nn.init.zeros_(head[-1].bias)
        _learn(torch, torch.nn.ModuleList([encoder, head]), lesson, exam, rounds)
    layers = [layer for layer in head if hasattr(layer, "weight")]
    weights = tuple(layer.weight.detach().numpy().copy() for layer in layers)
    biases = tuple(layer.bias.detach().numpy().copy() for layer in layers)
    return Trained(Head(weights, biases), encoder)


def _learn(torch: Any, net: Any, lesson: Lesson, exam: Lesson, rounds: int) -> None:
    """Round after round until it is no better on the exam; the best is kept."""
    steps = max(len(lesson.past) // _BATCH, 1)
    optimiser = torch.optim.Adam(net.parameters(), lr=_RATE)
    slowing = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, rounds * steps)
    best, kept, waited = np.inf, _copy(net), 0
    for _ in range(rounds):
        order = torch.randperm(len(lesson.past)).numpy()
        for places in np.array_split(order, steps):
            optimiser.zero_grad()
            _loss(torch, net, lesson, places).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            slowing.step()
        found = _examined(torch, net, exam)
        waited = 0 if found < best else waited + 1
        if found < best:
            best, kept = found, _copy(net)
        if waited >= _PATIENCE:
            break
    net.load_state_dict(kept)


def _loss(torch: Any, net: Any, lesson: Lesson, places: NDArray[np.int64]) -> Any:
    """The mean error: absolute where the median is wanted, squared where the mean is."""
    encoder, head = net
    past, x = (torch.from_numpy(each[places]) for each in (lesson.past, lesson.x))
    state = encoder(past)[1][0][0]
    state = state[:, None, :].expand(-1, x.shape[1], -1)
    told = head(torch.cat([state, x], dim=2))[:, :, 0] + torch.from_numpy(lesson.base[places])
    target = torch.from_numpy(lesson.target[places])
    there = ~torch.isnan(target)
    apart = torch.where(there, told - target.nan_to_num(), 0.0)
    each = torch.where(torch.from_numpy(lesson.sparse[places]), apart**2 / 4, apart.abs())
    return each.sum() / there.sum().clamp(min=1)


def _examined(torch: Any, net: Any, exam: Lesson) -> float:
    with torch.no_grad():
        parts = np.array_split(np.arange(len(exam.past)), max(len(exam.past) // 1024, 1))
        losses = [float(_loss(torch, net, exam, part)) * len(part) for part in parts]
    return sum(losses) / max(len(exam.past), 1)


def _copy(net: Any) -> dict[str, Any]:
    return {name: values.clone() for name, values in net.state_dict().items()}


@contextmanager
def _one_thread(torch: Any) -> Iterator[None]:
    """Sums in one order, whatever the machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def library() -> Any:
    """The package torch.

    Raises:
        ModelError: it is not installed.

    """
    try:
        import torch
    except (ImportError, OSError) as error:
        raise ModelError(
            f"The LSTM cannot be trained: {error}.", "Install it: pip install torch."
        ) from None
    return torch
