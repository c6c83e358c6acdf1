"""Spend: where the money goes, how it changed, and what it would be at a comparator's level."""
