"""Measurements that anyone can repeat. They print numbers and judge nothing; no test waits for them."""
