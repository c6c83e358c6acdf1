"""Move-on: people who leave one kind of accommodation for another, year by year, and what that saves."""
