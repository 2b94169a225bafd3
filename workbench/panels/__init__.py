"""The panels that watch a training; none knows another."""
