"""Workforce: posts funded and filled, by role, grade and who pays for them."""
