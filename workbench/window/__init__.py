"""What surrounds the middle of the window: panels at the sides, menus, bars, keys, and how it is divided."""
