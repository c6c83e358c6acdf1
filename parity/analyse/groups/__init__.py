"""Particular groups: new communities, people in prison, and people who have two kinds of need at once."""
