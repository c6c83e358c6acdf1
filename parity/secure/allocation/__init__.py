"""Allocation: a budget shared out among lots by people, need, deprivation and rurality."""
