"""The life of a project around its editing: welcome, recent files, keeping and recovery, more windows."""
