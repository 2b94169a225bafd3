"""Tests of the watching panels and of what they share."""
