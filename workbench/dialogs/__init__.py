"""Dialogs. Each is opened without blocking and tells by a signal what was chosen."""
