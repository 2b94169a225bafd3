"""A person who does anything at any moment: what this person can do, and what must hold whatever was done."""
