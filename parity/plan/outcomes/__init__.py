"""Outcomes: what is to get better, for whom, and how it is measured."""
