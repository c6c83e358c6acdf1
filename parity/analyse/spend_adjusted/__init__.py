"""Spending of a programme for each person of its areas, weighted by need or not, and in the prices of one year."""
