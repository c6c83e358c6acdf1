"""Agreements between partners: what they hold together, from when until when."""
