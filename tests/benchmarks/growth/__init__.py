"""How cost and memory grow with what is trained, shown and edited."""
