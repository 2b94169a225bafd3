"""Tests of models with the names of Keras."""
