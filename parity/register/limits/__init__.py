"""Limits: how often somebody may ask for what costs much, or tries out much."""
