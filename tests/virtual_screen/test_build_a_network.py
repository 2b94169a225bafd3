"""A new user builds the network of the preset ``mnist-cnn`` from an empty list: with the mouse, and by keys alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nncore.project import load_preset
from tests.virtual_screen.screen import Screen, Seen

pytestmark = pytest.mark.virtual_screen

MOST_GESTURES = 12


def is_the_preset(seen: Seen) -> None:
    """Network, data and training are those of the preset, and nothing is wrong with them."""
    wanted = load_preset("mnist-cnn").to_json()
    for part in ("network", "data", "training"):
        assert seen["project"][part] == wanted[part]
    assert seen["problems"] == []


def learned_one_batch(seen: Seen) -> bool:
    return seen["state"] == "paused" and seen["steps"] == 1


def test_that_a_new_user_builds_the_preset_with_twelve_gestures_of_the_mouse(screen: Callable[..., Screen]) -> None:
    """One click, one double click, one drag, one field typed and confirmed: each is a gesture.

    1. Click on *New* on the welcome page, which the program starts with. The list is empty; the data are those that
       were open, and for a new user these are the digits of MNIST 5,000, as in the preset.
    2. Drag *Conv2D* into the list. It comes with 32 filters of 3 x 3 and relu, and the input gets the axis of colours
       that it asks for.
    3. Double click on *MaxPooling2D*: it lands behind the row that was added last, with a pool of 2 x 2.
    4. Double click on *Dense*. It would work on each place of the pictures, says the row,
    5. and its button *Insert Flatten above* mends that.
    6. Double click on the 64 beside *Units*,
    7. and type 128.
    8. Double click on *Dense* once more. The loss says that ten classes need ten numbers,
    9. and its button *Set units to 10 with softmax* gives them.
    10. Double click on the 10 beside *Epochs*,
    11. and type 5.
    """
    hands = screen()
    hands.until(lambda seen: seen["ready"] and seen["active"])
    hands.click("welcome.newAction")
    hands.until(lambda seen: seen["layers"] == [] and seen["ready"])
    hands.drag("palette Conv2D", 0)
    hands.layers("Conv2D")
    hands.double_click("palette MaxPooling2D")
    hands.layers("Conv2D", "MaxPooling2D")
    hands.double_click("palette Dense")
    hands.layers("Conv2D", "MaxPooling2D", "Dense")
    hands.click("mend Insert Flatten above")
    hands.layers("Conv2D", "MaxPooling2D", "Flatten", "Dense")
    hands.double_click("layerForm.units")
    hands.until(lambda seen: seen["focus"] == "layerForm.units")
    hands.type("128")
    hands.until(lambda seen: seen["project"]["network"]["layers"][3]["units"] == 128)
    hands.double_click("palette Dense")
    hands.layers("Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dense")
    hands.click("mend Set units to 10 with softmax")
    hands.until(lambda seen: seen["problems"] == [])
    hands.double_click("trainingForm.epochs")
    hands.until(lambda seen: seen["focus"] == "trainingForm.epochs")
    hands.type("5")
    is_the_preset(hands.until(lambda seen: seen["project"]["training"]["epochs"] == 5))
    assert len(hands.gestures) <= MOST_GESTURES, hands.gestures

    hands.click("stepButton")
    hands.until(learned_one_batch)


def test_that_a_new_user_builds_the_preset_by_keys_alone(screen: Callable[..., Screen]) -> None:
    """No mouse is touched; F1 lists these keys.

    1. Space on *New*, where the focus is when the program starts.
    2. Ctrl+F goes to the search of the palette; *conv2d* and Return add the layer. What was typed stays selected, so
       that *maxpooling2d* and Return, and *dense* and Return, can follow at once.
    3. Ctrl+2 goes to the list. The row with the error shows the key of its button, Ctrl+Return: *Insert Flatten above*.
    4. F3 changes the first setting of the current row in its place: 128, Return.
    5. Ctrl+F, *dense*, Return: another one. Ctrl+2, Ctrl+Return: *Set units to 10 with softmax*.
    6. End goes to the last row, the loss; Return to its settings, those of the training; Tab to *Epochs*: 5, Return.
    7. Ctrl+2, and Right learns one batch.
    """
    hands = screen()
    hands.until(lambda seen: seen["ready"] and seen["active"] and seen["focus"] == "welcome.newAction")
    hands.press("space")
    hands.until(lambda seen: seen["layers"] == [] and seen["ready"])
    hands.press("ctrl+f")
    hands.until(lambda seen: seen["focus"] == "layerSearch")
    hands.type("conv2d")
    hands.layers("Conv2D")
    hands.type("maxpooling2d")
    hands.layers("Conv2D", "MaxPooling2D")
    hands.type("dense")
    hands.layers("Conv2D", "MaxPooling2D", "Dense")
    hands.press("ctrl+2")
    hands.until(lambda seen: seen["focus"] == "layerList")
    hands.press("ctrl+Return")
    hands.layers("Conv2D", "MaxPooling2D", "Flatten", "Dense")
    hands.press("F3")
    hands.until(lambda seen: seen["focus"] == "inPlace")
    hands.type("128")
    hands.until(lambda seen: seen["project"]["network"]["layers"][3]["units"] == 128)
    hands.press("ctrl+f")
    hands.until(lambda seen: seen["focus"] == "layerSearch")
    hands.type("dense")
    hands.layers("Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dense")
    hands.press("ctrl+2")
    hands.until(lambda seen: seen["focus"] == "layerList")
    hands.press("ctrl+Return")
    hands.until(lambda seen: seen["problems"] == [])
    hands.press("End", "Return")
    hands.until(lambda seen: seen["focus"] == "trainingForm.loss")
    hands.tab_to("trainingForm.epochs")
    hands.type("5")
    is_the_preset(hands.until(lambda seen: seen["project"]["training"]["epochs"] == 5))

    hands.press("ctrl+2")
    hands.until(lambda seen: seen["focus"] == "layerList")
    hands.press("Right")
    assert hands.until(learned_one_batch)["mouse_events"] == 0
