"""Particular groups: people in prison, and people who have two kinds of need at once."""
