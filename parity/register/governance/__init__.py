"""Governance: boards and their members, decisions with their reasons, and conflicts of interest."""
