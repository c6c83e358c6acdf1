"""Webhooks: an organisation is told by signed requests that something happened, and nothing of what."""
