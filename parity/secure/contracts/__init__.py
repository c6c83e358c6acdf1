"""Contracts: what runs until when, what it costs, and when a decision is due."""
