"""What a session is made of: a step, the batches, what it is asked for, what it shows, when it ends."""
