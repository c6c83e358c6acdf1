"""Scenarios: what happens to people, places, staff and money, month by month, if services change."""
