"""Organisations that commission and provide care."""
