"""Sharing: which records a partner keeps to itself, and which it shows to whom."""
