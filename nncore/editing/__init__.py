"""Changing a network: edits with exact inverses, what would mend it, and layers as text."""
