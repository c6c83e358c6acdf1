"""Tokens: how a program acts for a person, in one programme, for a time."""
