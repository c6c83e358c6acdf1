"""Targets: what is promised by when, and which task delivers it."""
