"""How the numbers are computed: threads, memory, numbers too small to matter."""
