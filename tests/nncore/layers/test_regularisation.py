"""The layers against overfitting: what they do in training, and that they do nothing in prediction."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from nncore.errors import FieldError, ShapeError
from nncore.layers import (
    Dense,
    Dropout,
    Flatten,
    GaussianNoise,
    Layer,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
    SpatialDropout2D,
)
from nncore.network import Network
from nncore.plan import Bound, Plan
from nncore.types import Array, Shape
from tests.nncore import harness
from tests.nncore.harness import Case

PICTURES = [RandomFlip(), RandomTranslation(0.2, 0.2), RandomRotation(0.1), RandomZoom(0.2)]
STILL = [RandomTranslation(0.0, 0.0), RandomRotation(0.0), RandomZoom(0.0), GaussianNoise(0.0), SpatialDropout2D(0.0)]
ALL = [Dropout(0.5), SpatialDropout2D(0.5), GaussianNoise(0.3), *PICTURES]


def run(layer: Layer, x: Array, *, training: bool = True, seed: int = 0) -> Array:
    """Return the output of one layer."""
    network = Network(x.shape[1:], (layer,))
    loss = harness.Probe() if training else None
    plan = Plan(network, np.empty(0, x.dtype), len(x), loss=loss, training=training, rng=np.random.default_rng(seed))
    bound = Bound(plan, len(x))
    bound.x[...] = x
    bound.forward()
    return bound.output.copy()


def pictures(rows: int, *shape: int) -> Array:
    return np.random.default_rng(3).uniform(1.0, 2.0, (rows, *shape))


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.type_name)
def test_that_a_prediction_is_not_disturbed(layer: Layer) -> None:
    x = pictures(5, 6, 7, 3)
    np.testing.assert_array_equal(run(layer, x, training=False), x)


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.type_name)
def test_that_each_step_and_each_sample_draws_anew_and_follows_the_seed(layer: Layer) -> None:
    x = np.repeat(pictures(1, 6, 7, 3), 20, axis=0)
    first = run(layer, x, seed=1)
    np.testing.assert_array_equal(first, run(layer, x, seed=1))
    assert (first != run(layer, x, seed=2)).any()
    assert any((sample != first[0]).any() for sample in first[1:])
    case = Case(Network(x.shape[1:], (layer,)), 20, x=x)
    outputs = []
    for _ in range(2):
        case.bound.x[...] = x
        case.bound.forward()
        outputs.append(case.bound.output.copy())
    assert (outputs[0] != outputs[1]).any()


@pytest.mark.parametrize("layer", STILL, ids=lambda layer: layer.type_name)
def test_that_a_strength_of_zero_changes_nothing_in_training(layer: Layer) -> None:
    x = pictures(5, 6, 7, 3)
    np.testing.assert_allclose(run(layer, x), x, rtol=1e-14)


# --- Noise ------------------------------------------------------------------------------------------------------


def dropped(rate: float) -> tuple[Array, Array]:
    """Return (input, output) of one Dropout layer."""
    x = np.random.default_rng(9).uniform(1.0, 2.0, (200, 500))
    return x, run(Dropout(rate), x)


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.5, 0.9])
def test_that_dropout_drops_its_share_and_keeps_the_mean(rate: float) -> None:
    x, y = dropped(rate)
    assert np.mean(y == 0) == pytest.approx(rate, abs=0.01)
    np.testing.assert_allclose(y[y != 0], x[y != 0] / (1 - rate), rtol=1e-14)
    assert y.mean() == pytest.approx(x.mean(), rel=0.02)


def test_that_a_dropout_of_nothing_changes_nothing_in_training() -> None:
    x, y = dropped(0.0)
    np.testing.assert_array_equal(x, y)


def test_that_spatial_dropout_drops_whole_feature_maps() -> None:
    x = np.random.default_rng(9).uniform(1.0, 2.0, (200, 4, 5, 30))
    y = run(SpatialDropout2D(0.25), x)
    zero = (y == 0).all(axis=(1, 2))
    np.testing.assert_array_equal((y == 0).any(axis=(1, 2)), zero)
    assert zero.mean() == pytest.approx(0.25, abs=0.02)
    np.testing.assert_allclose(y[y != 0], x[y != 0] / 0.75, rtol=1e-14)


@pytest.mark.parametrize("shape", [(5,), (5, 4), (2, 3, 4, 5)])
def test_that_spatial_dropout_refuses_what_has_no_feature_maps(shape: Shape) -> None:
    with pytest.raises(ShapeError, match="SpatialDropout2D") as caught:
        SpatialDropout2D(0.5).output_shape(shape)
    assert "Dropout" in caught.value.remedy


def test_that_gaussian_noise_has_its_standard_deviation() -> None:
    noise = run(GaussianNoise(0.3), np.zeros((100, 1000)))
    assert noise.mean() == pytest.approx(0, abs=0.005)
    assert noise.std() == pytest.approx(0.3, rel=0.01)
    assert np.mean(np.abs(noise) < 0.3) == pytest.approx(0.6827, abs=0.005)


# --- Pictures ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "mirror"),
    [
        ("horizontal", lambda x: x[:, ::-1]),
        ("vertical", lambda x: x[::-1]),
        ("horizontal_and_vertical", lambda x: x[::-1, ::-1]),
    ],
)
@pytest.mark.parametrize("channels", [(), (3,)])
def test_that_every_other_picture_is_mirrored(
    mode: str, mirror: Callable[[Array], Array], channels: tuple[int, ...]
) -> None:
    x = pictures(400, 4, 5, *channels)
    y = run(RandomFlip(mode), x)
    mirrored = np.array([(after == mirror(before)).all() for before, after in zip(x, y, strict=True)])
    same = np.array([(after == before).all() for before, after in zip(x, y, strict=True)])
    np.testing.assert_array_equal(mirrored, ~same)
    assert mirrored.mean() == pytest.approx(0.5, abs=0.1)


def shifted(x: Array, down: int, right: int, mode: str) -> Array:
    """Return pictures moved by whole pixels; ``mode`` is NumPy's name of the border."""
    height, width = x.shape[1:3]
    around = ((0, 0), (height, height), (width, width), (0, 0))
    wide = np.pad(x, around, constant_values=0.5) if mode == "constant" else np.pad(x, around, mode)  # type: ignore[call-overload]
    return wide[:, height - down : 2 * height - down, width - right : 2 * width - right]


BORDERS = [("reflect", "symmetric"), ("constant", "constant"), ("wrap", "wrap"), ("nearest", "edge")]


@pytest.mark.parametrize(("fill_mode", "padding"), BORDERS)
@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
@pytest.mark.parametrize(("down", "right"), [(2, 0), (0, -3), (-4, 5), (3, 1)])
def test_that_a_translation_by_whole_pixels_moves_down_and_right(
    fill_mode: str, padding: str, interpolation: str, down: int, right: int
) -> None:
    x = pictures(3, 4, 5, 2)
    layer = RandomTranslation((down / 4, down / 4), (right / 5, right / 5), fill_mode, interpolation, 0.5)
    np.testing.assert_allclose(run(layer, x), shifted(x, down, right, padding), rtol=1e-12)


def test_that_a_translation_by_half_a_pixel_mixes_two_neighbours() -> None:
    x = pictures(3, 4, 5)
    y = run(RandomTranslation(0.0, (0.1, 0.1)), x)
    np.testing.assert_allclose(y[:, :, 1:], (x[:, :, 1:] + x[:, :, :-1]) / 2, rtol=1e-12)
    np.testing.assert_allclose(y[:, :, 0], x[:, :, 0], rtol=1e-12)  # its left neighbour is its own mirror image


@pytest.mark.parametrize("turns", [1, 2, 3, -1])
def test_that_a_positive_angle_turns_counter_clockwise(turns: int) -> None:
    x = pictures(3, 6, 6, 2)
    y = run(RandomRotation((turns / 4, turns / 4)), x)
    np.testing.assert_allclose(y, np.rot90(x, turns, axes=(1, 2)), rtol=1e-9)


def test_that_a_turn_of_a_quarter_leaves_the_middle_of_a_wide_picture_in_its_place() -> None:
    x = pictures(2, 5, 9)
    y = run(RandomRotation((0.25, 0.25)), x)
    np.testing.assert_allclose(y[:, :, 2:7], np.rot90(x[:, :, 2:7], 1, axes=(1, 2)), rtol=1e-9)


def test_that_zooming_out_by_one_takes_every_second_pixel() -> None:
    x = pictures(3, 5, 9, 2)
    y = run(RandomZoom((1.0, 1.0), fill_mode="constant", fill_value=0.5), x)
    np.testing.assert_allclose(y[:, 1:4, 2:7], x[:, ::2, ::2], rtol=1e-12)
    assert (y[:, [0, 4]] == 0.5).all()


def test_that_zooming_in_by_half_shows_the_middle_at_twice_the_size() -> None:
    x = pictures(3, 5, 9)
    y = run(RandomZoom((-0.5, -0.5)), x)
    np.testing.assert_allclose(y[:, ::2, ::2], x[:, 1:4, 2:7], rtol=1e-12)


def test_that_width_is_zoomed_like_height_unless_it_has_its_own_factor() -> None:
    x = pictures(3, 5, 9)
    y = run(RandomZoom((0.0, 0.0), (-0.5, -0.5)), x)
    np.testing.assert_allclose(y[:, :, ::2], x[:, :, 2:7], rtol=1e-12)


def test_that_factors_are_drawn_evenly_from_their_range() -> None:
    step = np.zeros((2000, 1, 100))
    step[:, :, 50:] = 1.0
    moved = 50 - run(RandomTranslation(0.0, (-0.1, 0.3), "nearest"), step)[:, 0].sum(axis=1)
    assert moved.min() == pytest.approx(-10, abs=0.2)
    assert moved.max() == pytest.approx(30, abs=0.2)
    assert moved.mean() == pytest.approx(10, abs=0.8)
    assert np.quantile(moved, 0.25) == pytest.approx(0, abs=1.5)


@pytest.mark.parametrize("fill_mode", [name for name, _ in BORDERS])
@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
@pytest.mark.parametrize("shape", [(5, 4), (1, 6, 2), (6, 5, 3)])
def test_that_gradients_go_back_to_the_pixels_they_came_from(fill_mode: str, interpolation: str, shape: Shape) -> None:
    for layer in (
        RandomTranslation(1.0, 1.0, fill_mode, interpolation, 0.7),
        RandomRotation(1.0, fill_mode, interpolation, 0.7),
        RandomZoom(0.9, None, fill_mode, interpolation, 0.7),
    ):
        harness.check_gradients(Case(Network(shape, (layer,)), 6))


@pytest.mark.parametrize("layer", PICTURES, ids=lambda layer: layer.type_name)
def test_that_no_gradient_is_asked_for_where_nothing_below_learns(layer: Layer) -> None:
    network = Network((6, 6), (layer, Flatten(), Dense(2)))
    plan = Plan(network, np.zeros(network.count_params()), 4, loss=harness.Probe(), training=True)
    assert plan.bind(4).ops[0].dy is None


@pytest.mark.parametrize("layer", PICTURES, ids=lambda layer: layer.type_name)
@pytest.mark.parametrize("shape", [(5,), (2, 3, 4, 5)])
def test_that_what_is_no_picture_is_refused(layer: Layer, shape: Shape) -> None:
    with pytest.raises(ShapeError, match=f"{layer.type_name} needs pictures") as caught:
        layer.output_shape(shape)
    assert "Flatten" in caught.value.remedy


def test_that_one_number_stands_for_a_range_around_zero() -> None:
    assert RandomRotation(0.1) == RandomRotation((-0.1, 0.1))  # type: ignore[arg-type]
    with pytest.raises(FieldError, match="factor"):
        RandomRotation(1.5)  # type: ignore[arg-type]
