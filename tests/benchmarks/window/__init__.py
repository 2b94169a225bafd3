"""What the window costs: the training that it shows, and the person who waits for it to open."""
