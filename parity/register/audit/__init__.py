"""Audit: every change as an event in a chain that an outsider can check."""
