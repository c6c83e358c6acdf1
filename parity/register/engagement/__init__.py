"""Engagement: who has a stake in the programme, and what was said when they were asked."""
