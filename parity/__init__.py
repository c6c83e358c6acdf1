"""Parity: one workspace for commissioning mental-health care – analyse, plan, secure, review."""

__version__ = "0.1.0"
