"""Older people: depression and dementia now and in years to come."""
