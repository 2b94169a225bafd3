"""Layers that are random in training: what they drew is read off, and everything else must follow from it.

The same draw is repeated for several inputs: ones or zeros show a mask or a noise, the coordinates of the pixels show
where a picture was moved to. Prediction, where these layers do nothing, is compared with the others.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import torch

from nncore.layers import LAYERS
from nncore.network import Network
from nncore.types import Array
from tests.parity.comparing import assert_same
from tests.parity.engine import DTYPES, Driven, inputs, make
from tests.parity.torch_layers import REFERENCES, Variant

RANDOM = [name for name, reference in REFERENCES.items() if reference.forward is None]
ROWS = 40


def variants(*names: str) -> list[Any]:
    return [
        pytest.param(name, variant, id=f"{name}-{variant}")
        for name in names
        if name in LAYERS
        for variant in REFERENCES[name].variants
    ]


def drawn(name: str, variant: Variant, x: Array) -> dict[str, Array]:
    """Return output, target and input gradient in training; the same draw for every input of this shape."""
    case = Driven(Network(variant.shape, (make(name, variant),)), x)
    found = case.train()
    return {"y": found["output"], "dy": case.case.target, "dx": found["input gradient"]}


def masked(name: str, variant: Variant) -> Array:
    """Check a layer that multiplies with a mask, and return the mask."""
    for dtype in DTYPES:
        x = inputs(variant, ROWS, dtype)
        mask = drawn(name, variant, np.ones_like(x))["y"]
        found = drawn(name, variant, x)
        assert_same(found["y"], x * mask, dtype, f"{name}({variant}): output")
        assert_same(found["dx"], found["dy"] * mask, dtype, f"{name}({variant}): gradient")
    kept = 1 / (1 - variant.keywords["rate"])
    assert np.isclose(np.unique(mask), [0, kept]).all(), f"{name}({variant}): the mask has {np.unique(mask)}"
    return mask


def assert_share(found: float, expected: float, draws: int) -> None:
    """Fail when a share is more than five standard deviations from what it should be."""
    assert abs(found - expected) < 5 * math.sqrt(expected * (1 - expected) / draws)


@pytest.mark.parametrize("name", RANDOM)
def test_that_every_random_layer_is_watched_here(name: str) -> None:
    assert name in ("Dropout", "SpatialDropout2D", "GaussianNoise", "RandomFlip", *MOVING)


@pytest.mark.parametrize(("name", "variant"), variants("Dropout"))
def test_that_dropout_multiplies_with_a_mask_of_its_rate(name: str, variant: Variant) -> None:
    mask = masked(name, variant)
    assert_share(float((mask == 0).mean()), variant.keywords["rate"], mask.size)


@pytest.mark.parametrize(("name", "variant"), variants("SpatialDropout2D"))
def test_that_spatial_dropout_switches_whole_channels_off(name: str, variant: Variant) -> None:
    mask = masked(name, variant)
    channels = mask[:, :1, :1]
    np.testing.assert_array_equal(mask, np.broadcast_to(channels, mask.shape))
    assert_share(float((channels == 0).mean()), variant.keywords["rate"], channels.size)


@pytest.mark.parametrize(("name", "variant"), variants("GaussianNoise"))
def test_that_gaussian_noise_is_added(name: str, variant: Variant) -> None:
    for dtype in DTYPES:
        x = inputs(variant, ROWS, dtype)
        noise = drawn(name, variant, np.zeros_like(x))["y"]
        found = drawn(name, variant, x)
        assert_same(found["y"], x + noise, dtype, f"{name}({variant}): output")
        assert_same(found["dx"], found["dy"], dtype, f"{name}({variant}): gradient")
    standard = noise / variant.keywords["stddev"]
    assert abs(standard.mean()) < 5 / math.sqrt(noise.size)
    assert abs((standard**2).mean() - 1) < 5 * math.sqrt(2 / noise.size)


@pytest.mark.parametrize(("name", "variant"), variants("RandomFlip"))
def test_that_a_picture_is_flipped_as_a_whole(name: str, variant: Variant) -> None:
    # In Keras one draw decides about both directions.
    axes = {"horizontal": (1,), "vertical": (0,), "horizontal_and_vertical": (0, 1)}
    allowed = ((), axes[variant.keywords.get("mode", "horizontal_and_vertical")])
    x = inputs(variant, 200, np.float64)
    found = drawn(name, variant, x)
    for picture, flipped in zip(x, of_keras(name, variant)(x), strict=True):
        assert any(np.allclose(np.flip(picture, way), flipped) for way in allowed)
    counts = dict.fromkeys(allowed, 0)
    for picture, flipped, dy, dx in zip(x, found["y"], found["dy"], found["dx"], strict=True):
        way = next(way for way in allowed if np.array_equal(np.flip(picture, way), flipped))
        np.testing.assert_array_equal(np.flip(dy, way), dx)
        counts[way] += 1
    for count in counts.values():
        assert_share(count / len(x), 1 / len(allowed), len(x))


# --- Layers that move pictures ----------------------------------------------------------------------------------


Draw = Callable[[Array], Array]
"""Returns the output for a batch of pictures; the same draw for every batch of this shape."""


def smooth(variant: Variant) -> Variant:
    """Return the variant with an interpolation that shows where exactly a picture was read."""
    return Variant(variant.shape, {**variant.keywords, "interpolation": "bilinear"})


def ours(name: str, variant: Variant) -> Draw:
    return lambda x: drawn(name, smooth(variant), x)["y"]


def of_keras(name: str, variant: Variant) -> Draw:
    def draw(x: Array) -> Array:
        seen = variant if name == "RandomFlip" else smooth(variant)
        layer = seen.make(keras.layers, name, seed=3)
        return layer(torch.tensor(x), training=True).numpy()

    return draw


def matrices(draw: Draw, variant: Variant, rows: int, error: float = 1e-9) -> Array:
    """Return (rows, 2, 3): for the place (row, column, 1) in the output, where in the input it was read.

    Pictures whose pixels are their own coordinates show it exactly. Near the middle, no place lies beyond the edge.
    """
    height, width, _ = variant.shape
    places = np.stack(np.meshgrid(np.arange(height), np.arange(width), indexing="ij"), axis=-1).astype(float)
    found = []
    for axis in (0, 1):
        picture = np.broadcast_to(places[..., axis, None], variant.shape)
        found.append(draw(np.broadcast_to(picture, (rows, *variant.shape)).copy())[..., 0])
    read = np.stack(found, axis=-1)
    middle = (slice(height // 2 - 1, height // 2 + 2), slice(width // 2 - 1, width // 2 + 2))
    known = np.concatenate([places, np.ones((height, width, 1))], axis=-1)[middle].reshape(-1, 3)
    solved = []
    for one in read:
        near = one[middle].reshape(-1, 2)
        matrix = np.linalg.lstsq(known, near, rcond=None)[0].T
        np.testing.assert_allclose(known @ matrix.T, near, atol=error)
        solved.append(matrix)
    return np.array(solved)


def span(value: float | tuple[float, float]) -> tuple[float, float]:
    return value if isinstance(value, tuple) else (-value, value)


def assert_within(values: Array, bounds: float | tuple[float, float]) -> None:
    """Fail unless the values fill the whole range and no more."""
    low, high = span(bounds)
    assert low - 1e-6 <= values.min()
    assert values.max() <= high + 1e-6
    reached = values.max() - values.min()
    assert reached > 0.7 * (high - low), f"only from {values.min():.3g} to {values.max():.3g}"


def assert_middle_stays(moves: Array, variant: Variant, error: float) -> None:
    middle = np.array([(size - 1) / 2 for size in variant.shape[:2]])
    np.testing.assert_allclose(moves @ [*middle, 1], np.broadcast_to(middle, (len(moves), 2)), atol=error)


def check_translation(moves: Array, variant: Variant, error: float) -> None:
    np.testing.assert_allclose(moves[:, :, :2], np.broadcast_to(np.eye(2), (len(moves), 2, 2)), atol=error)
    # A positive factor moves the picture down and to the right, so it is read further up and left.
    for axis, key in enumerate(("height_factor", "width_factor")):
        assert_within(-moves[:, axis, 2] / variant.shape[axis], variant.keywords[key])


def check_rotation(moves: Array, variant: Variant, error: float) -> None:
    assert_middle_stays(moves, variant, error)
    angles = np.arctan2(moves[:, 0, 1], moves[:, 0, 0])
    cosine, sine = np.cos(angles), np.sin(angles)
    expected = np.stack([np.stack([cosine, sine], -1), np.stack([-sine, cosine], -1)], 1)
    np.testing.assert_allclose(moves[:, :, :2], expected, atol=error)
    assert_within(angles / (2 * math.pi), variant.keywords["factor"])


def check_zoom(moves: Array, variant: Variant, error: float) -> None:
    assert_middle_stays(moves, variant, error)
    np.testing.assert_allclose(moves[:, [0, 1], [1, 0]], 0, atol=error)
    down, across = moves[:, 0, 0] - 1, moves[:, 1, 1] - 1  # a positive factor zooms out
    assert_within(down, variant.keywords["height_factor"])
    if "width_factor" in variant.keywords:
        assert_within(across, variant.keywords["width_factor"])
    else:
        np.testing.assert_allclose(down, across, atol=error)


MOVING = {"RandomTranslation": check_translation, "RandomRotation": check_rotation, "RandomZoom": check_zoom}


@pytest.mark.parametrize("made_by", [ours, of_keras])
@pytest.mark.parametrize(("name", "variant"), variants(*MOVING))
def test_that_pictures_are_moved_within_the_range(
    name: str, variant: Variant, made_by: Callable[[str, Variant], Draw]
) -> None:
    error = 1e-9 if made_by is ours else 1e-4  # Keras moves in float32
    MOVING[name](matrices(made_by(name, variant), variant, 60, error), variant, error)


@pytest.mark.parametrize(("name", "variant"), variants(*MOVING))
def test_that_a_moved_picture_is_what_keras_makes_of_the_same_movement(name: str, variant: Variant) -> None:
    moves = matrices(ours(name, variant), variant, ROWS)
    for dtype in DTYPES:
        x = inputs(variant, ROWS, dtype)
        found = drawn(name, variant, x)
        pictures = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        # Keras counts columns first.
        order = [moves[:, 1, 1], moves[:, 1, 0], moves[:, 1, 2], moves[:, 0, 1], moves[:, 0, 0], moves[:, 0, 2]]
        zeros = np.zeros(len(moves))
        expected = keras.ops.image.affine_transform(
            pictures,
            torch.tensor(np.stack([*order, zeros, zeros], axis=-1)),
            interpolation=variant.keywords.get("interpolation", "bilinear"),
            fill_mode=variant.keywords.get("fill_mode", "reflect"),
            fill_value=variant.keywords.get("fill_value", 0.0),
        )
        (expected * torch.tensor(found["dy"], dtype=torch.float64)).sum().backward()
        assert pictures.grad is not None
        assert_same(found["y"], expected.detach().numpy(), dtype, f"{name}({variant}): output")
        assert_same(found["dx"], pictures.grad.numpy(), dtype, f"{name}({variant}): gradient")
