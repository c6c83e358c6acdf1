"""Tenders: bids scored by weighted criteria, step by step."""
