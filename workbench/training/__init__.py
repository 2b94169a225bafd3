"""Training in the background: the thread that learns, the thread that looks, and the controller between them and Qt."""
