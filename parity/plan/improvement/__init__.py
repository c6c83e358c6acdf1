"""Improvement plans: tasks, their money, and the targets they deliver."""
