"""Where everything of a drawing stands."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.drawing import (
    FLOW,
    STRAIGHT,
    WEIGHTS,
    WINDOW,
    Box,
    Disc,
    Drawing,
    Letters,
    Mark,
    Node,
    Words,
    arrange,
    draft,
    lettering,
)
from nncore.layers import (
    LAYERS,
    LSTM,
    Activation,
    BatchNormalization,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Layer,
    MaxPooling2D,
    Reshape,
    TimeDistributed,
)
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.project import load_preset, preset_names
from nncore.trace import trace
from tests.nncore import harness
from tests.nncore.networks import INPUT_SHAPES, fitting, networks

EDGE = 1e-6


def drawn(network: Network) -> Drawing:
    return arrange(network, trace(network))


def kinds(network: Network) -> list[str]:
    return [node.glyph.kind for node in drawn(network).nodes]


def joints(network: Network) -> list[str]:
    return [joint.kind for joint in drawn(network).joints]


def extent(mark: Mark) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a mark."""
    if isinstance(mark, Box):
        return mark.x, mark.y, mark.x + mark.width, mark.y + mark.height
    if isinstance(mark, Disc):
        return mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius
    xs, ys = ([point[axis] for point in mark.points] for axis in (0, 1))
    if mark.curved:  # a cubic bow between equal heights reaches three quarters of the way to its handles
        ys = [ys[0], ys[0] + 0.75 * (ys[1] - ys[0])]
    return min(xs), min(ys), max(xs), max(ys)


def check(drawing: Drawing, rows: int) -> None:
    """Assert everything that holds for each drawing."""
    assert [node.row for node in drawing.nodes[: rows + 1]] == list(range(rows + 1))
    assert len(drawing.joints) == len(drawing.nodes) - 1
    assert drawing.nodes[0].left == 0
    assert drawing.nodes[-1].right == drawing.width
    for left, right in itertools.pairwise(drawing.nodes):
        assert left.x < right.x
        assert left.right <= right.left + EDGE
    for node in drawing.nodes:
        check_node(drawing, node)
    for node, joint in zip(drawing.nodes[1:], drawing.joints, strict=True):
        before = drawing.nodes[node.row - 1]
        for x, y, end, last in joint.lines:
            assert node.x + x >= before.left - EDGE
            assert x < end <= 0
            assert drawing.top - EDGE <= min(y, last)
            assert max(y, last) < drawing.labels


def check_node(drawing: Drawing, node: Node) -> None:
    glyph = node.glyph
    assert glyph.width <= node.width
    assert 0 < glyph.shown <= glyph.count or (glyph.shown, glyph.count) == (0, 0)
    for mark in (*glyph.marks, *(glyph.cells.boxes if glyph.cells is not None else ())):
        left, top, right, bottom = extent(mark)
        assert -glyph.width / 2 - EDGE <= left <= right <= glyph.width / 2 + EDGE
        assert -glyph.height / 2 - EDGE <= top <= bottom <= glyph.height / 2 + EDGE
    assert drawing.top <= -glyph.height / 2
    assert glyph.height / 2 < drawing.labels
    assert all(lettering.width(text, size) <= node.width for text, size, _ in node.lines)
    assert "".join(node.title).strip()
    numbers = [number for number, _ in glyph.ports]
    assert numbers == sorted(set(numbers))
    assert all(0 <= number < glyph.size for number in numbers)


@pytest.mark.parametrize("name", preset_names())
def test_that_every_preset_is_drawn_from_left_to_right_without_overlap(name: str) -> None:
    network = load_preset(name).network
    check(drawn(network), len(network))


@harness.QUICK
@given(networks())
def test_that_any_network_is_drawn_whole_and_without_overlap(network: Network) -> None:
    check(drawn(network), len(network))


@harness.QUICK
@given(st.lists(st.sampled_from(list(LAYERS)), max_size=6), st.sampled_from(INPUT_SHAPES))
def test_that_any_heap_of_layers_is_drawn_even_if_none_fits(classes: list[type[Layer]], shape: tuple[int, ...]) -> None:
    network = Network(shape, tuple(cls.suggested() for cls in classes))
    found = trace(network, SparseCategoricalCrossentropy(), Target(3))
    drawing = arrange(network, found)
    check(drawing, len(network))
    for node, row in zip(drawing.nodes[1:], found.rows, strict=False):
        unknown = row.problem is not None or row.output_shape is None
        assert (node.glyph.kind == "unknown") == unknown
        assert bool(node.problem) == (row.problem is not None)
    assert (len(drawing.nodes) == len(network) + 2) == (found.loss_problem is not None and bool(network.layers))


@pytest.mark.parametrize("cls", LAYERS, ids=lambda cls: cls.__name__)
def test_that_every_layer_has_a_glyph_of_what_it_puts_out(cls: type[Layer]) -> None:
    shapes = [shape for shape in INPUT_SHAPES if cls in fitting(shape, True)]
    assert shapes
    for shape in shapes:
        network = Network(shape, (cls.suggested(),))
        drawing = drawn(network)
        check(drawing, 1)
        node = drawing.nodes[1]
        assert "".join(node.title) == cls.__name__
        assert node.family == cls.family
        assert node.glyph.kind != "unknown"


def test_that_shapes_and_weights_choose_the_glyphs() -> None:
    picture = Network((28, 28, 1), (Conv2D(8, (3, 3)), MaxPooling2D((2, 2)), Flatten(), Dense(20), Dense(3)))
    assert kinds(picture) == ["sheets", "sheets", "sheets", "bar", "neurons", "neurons"]
    assert joints(picture) == [WINDOW, WINDOW, FLOW, WEIGHTS, WEIGHTS]
    between = Network((20,), (Dense(9), BatchNormalization(), Activation("relu"), Dropout(0.5), Dense(9)))
    assert kinds(between) == ["neurons", "neurons", "slim", "slim", "neurons", "neurons"]
    assert joints(between) == [WEIGHTS, STRAIGHT, STRAIGHT, STRAIGHT, WEIGHTS]
    sequence = Network((20,), (Embedding(50, 8), LSTM(9, return_sequences=True), TimeDistributed(Dense(4))))
    assert kinds(sequence) == ["neurons", "table", "cell", "neurons"]
    assert joints(sequence) == [FLOW, FLOW, WEIGHTS]
    assert kinds(Network((28, 28), (Flatten(), Reshape((28, 28, 1))))) == ["grid", "bar", "sheets"]


def test_that_what_is_left_out_is_said() -> None:
    nodes = drawn(Network((28, 28, 1), (Conv2D(32, (3, 3)), Flatten(), Dense(128), Dense(10)))).nodes
    assert nodes[1].notes == ("26 × 26 × 32", "32 maps, 10 shown")
    assert nodes[2].notes == ("21,632, 12 shown",)
    assert nodes[3].notes == ("128, 12 shown",)
    assert nodes[4].notes == ("10",)
    nodes = drawn(Network((20,), (Embedding(50, 8), LSTM(64)))).nodes
    assert nodes[1].notes == ("20 × 8", "50 tokens, 12 shown")
    assert nodes[2].notes == ("64", "64 units, 6 shown", "× 20 steps")


def test_that_the_numbers_of_discs_and_sheets_are_those_that_the_notes_say() -> None:
    for count in (1, 2, 5, 12, 13, 128, 5000):
        glyph = drawn(Network((3,), (Dense(count),))).nodes[1].glyph
        discs = [mark for mark in glyph.marks if isinstance(mark, Disc) and mark.radius > 2]
        assert len(discs) == len(glyph.ports) == glyph.shown == min(count, 12)
        sheets = drawn(Network((8, 8, 1), (Conv2D(count, (3, 3)),))).nodes[1].glyph
        assert len([mark for mark in sheets.marks if isinstance(mark, Box)]) == sheets.shown
        assert sheets.shown == count or sheets.shown <= 12


def test_that_larger_pictures_and_more_maps_are_larger() -> None:
    small, large = (
        drawn(Network((size, size, 1), (Conv2D(4, (3, 3)), MaxPooling2D((2, 2))))).nodes for size in (8, 64)
    )
    for nodes in (small, large):
        widths = [node.glyph.front.width for node in nodes if node.glyph.front is not None]
        assert widths == sorted(widths, reverse=True)
        assert widths[0] == pytest.approx(94)
    depths = [drawn(Network((9, 9, 1), (Conv2D(maps, (3, 3)),))).nodes[1].glyph.shown for maps in (1, 4, 8, 32, 512)]
    assert depths == sorted(depths)


def test_that_dropout_strikes_its_share_of_the_neurons() -> None:
    for rate, struck in ((0.0, 0), (0.25, 3), (0.5, 6)):
        glyph = drawn(Network((12,), (Dropout(rate),))).nodes[1].glyph
        crosses = [mark for mark in glyph.marks if not isinstance(mark, Box | Disc)]
        assert len(crosses) == 2 * struck


def test_that_a_recurrent_layer_has_a_bow_for_each_direction() -> None:
    one = drawn(Network((5, 2), (LSTM(3),))).nodes[1].glyph
    both = drawn(Network((5, 2), (Bidirectional(LSTM(3)),))).nodes[1].glyph
    assert [sum(getattr(mark, "curved", False) for mark in glyph.marks) for glyph in (one, both)] == [1, 2]


def test_that_a_layer_with_a_name_of_its_own_shows_it() -> None:
    (node,) = drawn(Network((3,), (Dense(2, name="bottleneck"),))).nodes[1:]
    assert node.title == ("bottleneck",)


def test_that_words_of_another_language_are_used() -> None:
    network = Network((40,), (Dense(2),))
    drawing = arrange(network, trace(network), Words(input="Eingabe", shown="{count}, davon {shown}"))
    assert (drawing.nodes[0].title, drawing.nodes[0].notes) == (("Eingabe",), ("40, davon 12",))


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Dense", ("Dense",)),
        ("MaxPooling2D", ("MaxPooling2D",)),
        ("Conv2DTranspose", ("Conv2D", "Transpose")),
        ("GlobalAveragePooling2D", ("Global", "Average", "Pooling2D")),
        ("BatchNormalization", ("Batch", "Normalization")),
        ("x" * 40, ("x" * 17 + "…",)),
        ("one two three four five six seven eight", ("one two", "three four", "five six seven ei…")),
    ],
)
def test_that_long_names_are_parted_where_words_begin(name: str, lines: tuple[str, ...]) -> None:
    assert lettering.lines(name) == lines


def test_that_a_name_may_have_one_line_or_none() -> None:
    assert lettering.lines("GlobalAveragePooling2D", 1) == ("GlobalAveragePooling2D",)
    assert lettering.lines("x" * 40, 1) == ("x" * 23 + "…",)
    assert lettering.lines("GlobalAveragePooling2D", 2) == ("Global", "AveragePooling2D")
    assert lettering.lines("Dense", 0) == ()


@harness.QUICK
@given(networks(), st.floats(0.5, 6), st.integers(0, 3), st.booleans())
def test_that_letters_of_any_size_have_room_beside_glyphs_that_stay_as_they_are(
    network: Network, factor: float, lines: int, notes: bool
) -> None:
    made, letters = draft(network, trace(network)), Letters(factor, lines, notes)
    drawing, usual = made.arranged(letters), made.arranged()
    check(drawing, len(network))
    assert (drawing.width, drawing.height) == pytest.approx((made.width(letters), made.height(letters)))
    assert [node.glyph for node in drawing.nodes] == [node.glyph for node in usual.nodes]
    assert (drawing.top, drawing.labels) == (usual.top, usual.labels)
    for node, before in zip(drawing.nodes, usual.nodes, strict=True):
        assert len(node.lines) <= lines + (len(before.notes) if notes else 0)
        assert bool(lines) == any(bold for _, _, bold in node.lines)
        assert all(size == pytest.approx(factor * (14.0 if bold else 12.0)) for _, size, bold in node.lines)


def test_that_a_place_is_found_again_in_the_drawing_with_other_letters() -> None:
    made = draft(Network((3,), (Dense(4), Dense(2))), trace(Network((3,), (Dense(4), Dense(2)))))
    small, large = made.arranged(), made.arranged(Letters(factor=3.0))
    for before, after in zip(small.nodes, large.nodes, strict=True):
        assert small.same_place(before.x, large) == pytest.approx(after.x)
    between = (small.nodes[0].x + small.nodes[1].x) / 2
    assert small.same_place(between, large) == pytest.approx((large.nodes[0].x + large.nodes[1].x) / 2)
    assert small.same_place(-7.0, large) == pytest.approx(-7.0)
    assert small.same_place(small.width + 7.0, large) == pytest.approx(large.width + 7.0)


def test_that_200_layers_are_arranged() -> None:
    network = Network((30,), tuple(Dense(10 + number % 30, "relu") for number in range(200)))
    check(arrange(network, trace(network)), 200)
