"""Opportunities: what reviews of case files found, and what could be saved."""
