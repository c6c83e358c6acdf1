"""Stage 1: understand need, supply, spend, performance and access."""
