"""Invitations: how people come in, and how what they sign in with ends."""
