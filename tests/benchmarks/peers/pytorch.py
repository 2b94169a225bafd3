"""PyTorch: a loop written by hand, as it comes and compiled."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import torch
from torch import nn

from nncore.layers import GRU, LSTM, Conv2D, Dense, Flatten, Layer, MaxPooling2D
from tests.benchmarks.peers.rows import Row

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}


class Last(nn.Module):
    """A recurrent layer that hands on all its outputs, or the last one."""

    def __init__(self, layer: nn.Module, sequences: bool) -> None:
        super().__init__()
        self.layer, self.sequences = layer, sequences

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (rows, time, units) or (rows, units)."""
        y = self.layer(x)[0]
        return y if self.sequences else y[:, -1]


def _modules(layer: Layer, shape: tuple[int, ...]) -> list[nn.Module]:
    """Return the same layer for samples of ``shape``; a softmax at the end is part of the loss."""
    found: list[nn.Module] = []
    if isinstance(layer, Dense):
        found = [nn.Linear(shape[-1], layer.units)]
    elif isinstance(layer, Conv2D):
        found = [nn.Conv2d(shape[-1], layer.filters, layer.kernel_size)]
    elif isinstance(layer, MaxPooling2D):
        return [nn.MaxPool2d(layer.pool_size)]
    elif isinstance(layer, Flatten):
        return [nn.Flatten()]
    elif isinstance(layer, LSTM | GRU):
        kind = nn.LSTM if isinstance(layer, LSTM) else nn.GRU
        return [Last(kind(shape[-1], layer.units, batch_first=True), layer.return_sequences)]
    activation = ACTIVATIONS.get(layer.output_activation() or "")
    return [*found, activation()] if activation else found


def _model(row: Row) -> nn.Sequential:
    parts = [_modules(layer, shape) for layer, shape in zip(row.network.layers, row.network.shapes(), strict=False)]
    model = nn.Sequential(*itertools.chain(*parts))
    # Weights of Keras's kind, so that no run strays into numbers that are slow to compute with.
    for weight in model.parameters():
        if weight.dim() > 1:
            nn.init.xavier_uniform_(weight)
    return model


def eager(row: Row, *, compiled: bool = False) -> Callable[[int], object]:
    """Return what makes so many steps with ``Adam(fused=True)``."""
    torch.manual_seed(0)
    x, y = (torch.from_numpy(part) for part in row.samples())
    if x.dim() == 4:  # PyTorch's order of axes, in PyTorch's own memory format
        x = x.permute(0, 3, 1, 2).contiguous()
    model = _model(row)
    loss = nn.CrossEntropyLoss() if row.classes else nn.MSELoss()
    run_model = torch.compile(model) if compiled else model
    optimizer = torch.optim.Adam(model.parameters(), fused=True, eps=1e-7)
    batches = itertools.cycle(zip(x.split(row.batch), y.split(row.batch), strict=True))

    def run(steps: int) -> None:
        for inputs, wanted in itertools.islice(batches, steps):
            optimizer.zero_grad(set_to_none=True)
            value = loss(run_model(inputs), wanted)
            value.backward()
            optimizer.step()
        if not math.isfinite(value.item()):
            raise ArithmeticError(f"{row.name}: the loss is {value.item()}")

    return run


def compiled(row: Row) -> Callable[[int], object]:
    """Return the same with the model compiled."""
    return eager(row, compiled=True)
