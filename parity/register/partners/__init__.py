"""The organisations that take part in a programme: what they are, what became of them, and what they keep."""
