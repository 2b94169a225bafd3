"""Proofs that the engine computes what PyTorch 2.13 (CPU) and Keras 3 on its torch backend compute.

They are driven by the registries: whatever is registered in the engine must have a reference here, or a test fails by
its name. A reference is written anew, on torch tensors, and shares no code with the engine.

The ordinary test run leaves this folder alone, because it needs two large packages more. To run it:

    .venv/bin/pip install -e ".[test,parity]"
    .venv/bin/python -m pytest -m parity tests/parity

Nothing here skips: without torch or keras that command fails.
"""
