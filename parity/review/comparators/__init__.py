"""Comparators: an area's measures beside those of named others."""
