"""Programmes: several partners working on one plan for one population."""
