"""Damage in large numbers; each module runs alone with as much of it as is asked for."""
