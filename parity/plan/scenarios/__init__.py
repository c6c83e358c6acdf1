"""Scenarios: services as they are and as they are to be, their cost, and people who move on."""
