"""What ``return_sequences`` of the recurrent layers above might make fit."""

from __future__ import annotations

from collections.abc import Iterator

from nncore.editing.advice import gives_sequences, switched_sequences, with_other_sequences
from nncore.editing.edits import Edit, Insert, Replace, Several
from nncore.editing.mend import Aim, Choice, Mend, changed
from nncore.editing.mends_of_output import last_maker, outputs
from nncore.layers import Dense
from nncore.network import Network, layer_words
from nncore.trace import Trace


def for_sequences(network: Network, before: Trace, index: int, aim: Aim) -> Iterator[Choice]:
    """Yield the switch of ``return_sequences`` in the nearest layer above that has one, and in all that need it."""
    found = switched_sequences(network.effective, [row.input_shape for row in before.rows], index, lambda _: True)
    if found is None:
        return
    place, turned = found
    on, edit = gives_sequences(turned), Replace(place, network.layers[place], turned)
    title = f"Switch return sequences {'on' if on else 'off'}"
    switch = Mend(f"{title} in {layer_words(network, place)}", edit)
    if index == len(network):
        yield (switch, *_with_switch(network, title, edit, aim))
        return
    yield (switch,)
    edits = _all_but_the_last(network, place) if on else ()
    if len(edits) > 1:
        yield (Mend(f"{title} in {len(edits)} layers", Several(edits)),)


def _with_switch(network: Network, title: str, edit: Replace, aim: Aim) -> Iterator[Mend]:
    """Yield a switch of ``return_sequences`` together with what makes the output as wide as it has to be."""
    maker = last_maker(network)
    if maker == edit.index:
        for output in outputs(aim):
            yield Mend(f"{title} and append Dense {aim.units:,}", Several((edit, Insert(len(network), output))))
    elif maker is not None and isinstance(network.layers[maker], Dense):
        sized = changed(network.layers[maker], "units", aim.units)
        if sized is not None:
            both = Several((edit, Replace(maker, network.layers[maker], sized)))
            yield Mend(f"{title} and set units to {aim.units:,}", both)


def _all_but_the_last(network: Network, start: int) -> tuple[Edit, ...]:
    """Return the switching on of ``return_sequences`` in each layer from ``start`` on but the last that has one."""
    switches = [(place, layer, with_other_sequences(layer)) for place, layer in enumerate(network.layers)]
    having = [found for found in switches[start:] if found[2] is not None and not found[1].disabled]
    return tuple(
        Replace(place, layer, turned)
        for place, layer, turned in having[:-1]
        if turned is not None and gives_sequences(turned)
    )
