"""Risks: impact, probability, rating and trend."""
