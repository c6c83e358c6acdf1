"""Circumstances: deprivation and other risks to mental health, benefits claimed for it, and work."""
