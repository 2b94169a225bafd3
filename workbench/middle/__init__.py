"""The middle of the window: curves above, below what the network makes of samples, and what keeps them up to date."""
