"""The areas that a programme speaks of, and which lies in which."""
