"""The text of a model's summary."""

from __future__ import annotations

from nncore.network import Network, shape_text
from nncore.plan import layout, trainable_size
from nncore.trace import trace


def summary_text(title: str, network: Network) -> str:
    """Return a line for each layer, with name, output shape and number of parameters, and the sums below."""
    rows = [("Layer (type)", "Output shape", "Parameters")]
    for row, name in zip(trace(network).rows, network.names(), strict=True):
        kind = network.layers[row.index].type_name + (", disabled" if row.disabled else "")
        rows.append((f"{name} ({kind})", shape_text(row.output_shape), f"{row.parameters:,}"))
    slots = layout(network)
    trainable, total = trainable_size(slots), network.count_params()
    totals = [("Trainable parameters", "", f"{trainable:,}")]
    if trainable < total:
        totals = [("Parameters", "", f"{total:,}"), *totals, ("Not trainable", "", f"{total - trainable:,}")]
    first, second, third = (max(len(row[column]) for row in rows + totals) + 2 for column in range(3))
    lines = [f"{row[0]:<{first}}{row[1]:<{second}}{row[2]:>{third}}" for row in rows + totals]
    rule = "-" * (first + second + third)
    head, body, foot = lines[:1], lines[1 : len(rows)], lines[len(rows) :]
    return "\n".join([f'Model: "{title}"', *head, rule, *body, rule, *foot])
