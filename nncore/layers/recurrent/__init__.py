"""Layers that read a sequence step by step."""

from __future__ import annotations

# The order of the palette.
# isort: off
from nncore.layers.recurrent.simple_rnn import SimpleRNN
from nncore.layers.recurrent.lstm import LSTM
from nncore.layers.recurrent.gru import GRU
from nncore.layers.recurrent.bidirectional import Bidirectional
from nncore.layers.recurrent.time_distributed import TimeDistributed
# isort: on

__all__ = ["GRU", "LSTM", "Bidirectional", "SimpleRNN", "TimeDistributed"]
