"""The command line: one file for each group of commands.

Invariant: nothing here imports Qt, and reading the arguments imports nothing slow.
"""
