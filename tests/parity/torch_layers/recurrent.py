"""References of the recurrent layers and of the wrappers, one time step after the other, from the papers' equations."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from tests.parity.torch_activations import activate
from tests.parity.torch_layers.references import Nested, apply, nested, reference, variant

Step = Callable[[Tensor, tuple[Tensor, ...]], tuple[Tensor, ...]]
"""Takes the input of one time step and the states; returns the next states, of which the first is the output."""


def unrolled(
    x: Tensor, step: Step, states: int, units: int, return_sequences: bool, go_backwards: bool, mask: Tensor | None
) -> Tensor:
    """Run ``step`` through time; where the mask is False, all states stay as they were."""
    present = tuple(x.new_zeros(len(x), units) for _ in range(states))
    outputs = []
    times = range(x.shape[1])
    for time in reversed(times) if go_backwards else times:
        following = step(x[:, time], present)
        if mask is not None:
            counts = mask[:, time, None]
            following = tuple(torch.where(counts, new, old) for new, old in zip(following, present, strict=True))
        present = following
        outputs.append(present[0])
    return torch.stack(outputs, dim=1) if return_sequences else outputs[-1]


def product(x: Tensor, kernel: Tensor, masks: Tensor | None) -> Tensor:
    """Return x times the kernel, each gate with the mask of dropout that it has for itself, (gates, rows, size)."""
    if masks is None:
        return x @ kernel
    parts = zip(masks, kernel.chunk(len(masks), dim=1), strict=True)
    return torch.cat([(x * mask) @ part for mask, part in parts], dim=1)


@reference(
    "SimpleRNN",
    variant(5, 3, units=4),
    variant(1, 2, units=1, use_bias=False, activation="relu"),
    variant(6, 1, units=3, return_sequences=True, activation="sigmoid"),
    variant(5, 2, units=3, go_backwards=True),
    variant(4, 3, units=2, go_backwards=True, return_sequences=True),
    variant(5, 4, units=3, dropout=0.5, random=True),
    variant(5, 4, units=3, dropout=0.3, recurrent_dropout=0.5, random=True, return_sequences=True),
)
def simple_rnn(
    x: Tensor,
    weights: list[Tensor],
    units: int,
    activation: str | None = "tanh",
    use_bias: bool = True,
    dropout: float = 0.0,  # what it dropped is in the masks
    recurrent_dropout: float = 0.0,
    return_sequences: bool = False,
    go_backwards: bool = False,
    mask: Tensor | None = None,
    input_masks: Tensor | None = None,
    state_masks: Tensor | None = None,
) -> Tensor:
    kernel, recurrent, *bias = weights

    def step(x: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return (
            activate(
                activation, product(x, kernel, input_masks) + product(states[0], recurrent, state_masks) + sum(bias)
            ),
        )

    return unrolled(x, step, 1, units, return_sequences, go_backwards, mask)


@reference(
    "LSTM",
    variant(5, 3, units=4),
    variant(1, 2, units=1),
    variant(6, 1, units=3, return_sequences=True),
    variant(5, 2, units=3, go_backwards=True, use_bias=False),
    variant(4, 3, units=2, go_backwards=True, return_sequences=True),
    variant(5, 2, units=3, activation="relu", recurrent_activation="hard_sigmoid"),
    variant(5, 2, units=3, unit_forget_bias=False),
    variant(5, 4, units=3, dropout=0.5, random=True),
    variant(5, 4, units=3, dropout=0.3, recurrent_dropout=0.5, random=True, return_sequences=True),
)
def lstm(
    x: Tensor,
    weights: list[Tensor],
    units: int,
    activation: str | None = "tanh",
    recurrent_activation: str | None = "sigmoid",
    use_bias: bool = True,
    unit_forget_bias: bool = True,  # a matter of the first weights only
    dropout: float = 0.0,  # what it dropped is in the masks
    recurrent_dropout: float = 0.0,
    return_sequences: bool = False,
    go_backwards: bool = False,
    mask: Tensor | None = None,
    input_masks: Tensor | None = None,
    state_masks: Tensor | None = None,
) -> Tensor:
    kernel, recurrent, *bias = weights

    def step(x: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        hidden, cell = states
        sums = product(x, kernel, input_masks) + product(hidden, recurrent, state_masks) + sum(bias)
        gates = sums.chunk(4, dim=1)
        enters, stays, leaves = (activate(recurrent_activation, gates[index]) for index in (0, 1, 3))
        cell = stays * cell + enters * activate(activation, gates[2])
        return leaves * activate(activation, cell), cell

    return unrolled(x, step, 2, units, return_sequences, go_backwards, mask)


@reference(
    "GRU",
    variant(5, 3, units=4),
    variant(1, 2, units=1),
    variant(5, 3, units=4, reset_after=False),
    variant(6, 1, units=3, return_sequences=True),
    variant(6, 2, units=3, return_sequences=True, reset_after=False, go_backwards=True),
    variant(5, 2, units=3, go_backwards=True, use_bias=False),
    variant(4, 3, units=2, reset_after=False, use_bias=False),
    variant(5, 2, units=3, activation="relu", recurrent_activation="hard_sigmoid"),
    variant(5, 4, units=3, dropout=0.5, random=True),
    variant(5, 4, units=3, dropout=0.3, recurrent_dropout=0.5, random=True, return_sequences=True),
    variant(5, 4, units=3, recurrent_dropout=0.5, random=True, reset_after=False, go_backwards=True),
)
def gru(
    x: Tensor,
    weights: list[Tensor],
    units: int,
    activation: str | None = "tanh",
    recurrent_activation: str | None = "sigmoid",
    use_bias: bool = True,
    dropout: float = 0.0,  # what it dropped is in the masks
    recurrent_dropout: float = 0.0,
    return_sequences: bool = False,
    go_backwards: bool = False,
    reset_after: bool = True,
    mask: Tensor | None = None,
    input_masks: Tensor | None = None,
    state_masks: Tensor | None = None,
) -> Tensor:
    kernel, recurrent, *biases = weights
    bias = biases[0] if biases else kernel.new_zeros((2, 3 * units) if reset_after else 3 * units)
    input_bias, recurrent_bias = bias if reset_after else (bias, torch.zeros_like(bias))

    def step(x: Tensor, states: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        (hidden,) = states
        update_x, reset_x, new_x = (product(x, kernel, input_masks) + input_bias).chunk(3, dim=1)
        update_h, reset_h, new_h = (product(hidden, recurrent, state_masks) + recurrent_bias).chunk(3, dim=1)
        update = activate(recurrent_activation, update_x + update_h)
        reset = activate(recurrent_activation, reset_x + reset_h)
        kept = hidden if state_masks is None else hidden * state_masks[2]
        inner = reset * new_h if reset_after else (reset * kept) @ recurrent[:, 2 * units :]
        new = activate(activation, new_x + inner)
        return (update * hidden + (1 - update) * new,)

    return unrolled(x, step, 1, units, return_sequences, go_backwards, mask)


@reference(
    "Bidirectional",
    variant(5, 3, layer=nested("LSTM", units=4)),
    variant(4, 2, layer=nested("LSTM", units=3, return_sequences=True)),
    variant(5, 2, layer=nested("GRU", units=2, return_sequences=True), merge_mode="sum"),
    variant(4, 2, layer=nested("GRU", units=3, reset_after=False), merge_mode="mul"),
    variant(5, 1, layer=nested("SimpleRNN", units=3), merge_mode="ave"),
    variant(5, 3, layer=nested("SimpleRNN", units=2, use_bias=False, return_sequences=True)),
)
def bidirectional(
    x: Tensor, weights: list[Tensor], layer: Nested, merge_mode: str = "concat", mask: Tensor | None = None
) -> Tensor:
    half = len(weights) // 2
    keywords = {**layer.keywords, "mask": mask}
    forward = apply(Nested(layer.name, keywords), x, weights[:half])
    backward = apply(Nested(layer.name, {**keywords, "go_backwards": True}), x, weights[half:])
    if layer.keywords.get("return_sequences"):
        backward = backward.flip(1)
        if mask is not None:  # in this wrapper, and only here, masked steps put out zeros
            forward, backward = forward * mask[..., None], backward * mask[..., None]
    if merge_mode == "concat":
        return torch.cat([forward, backward], dim=-1)
    if merge_mode == "mul":
        return forward * backward
    return (forward + backward) / (2 if merge_mode == "ave" else 1)


@reference(
    "TimeDistributed",
    variant(4, 3, layer=nested("Dense", units=5)),
    variant(3, 2, layer=nested("Dense", units=2, activation="softmax", use_bias=False)),
    variant(5, 4, layer=nested("Dense", units=3, activation="relu")),
)
def time_distributed(x: Tensor, weights: list[Tensor], layer: Nested) -> Tensor:
    return torch.stack([apply(layer, x[:, time], weights) for time in range(x.shape[1])], dim=1)
