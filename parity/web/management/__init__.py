"""Commands of Django that Parity has its own way with."""
