"""Consultation: who answered, and whether they are like the people of the area."""
