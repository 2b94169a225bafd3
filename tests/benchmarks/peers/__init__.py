"""How fast the same networks learn here and in other engines; ``python -m tests.benchmarks.peers``."""
