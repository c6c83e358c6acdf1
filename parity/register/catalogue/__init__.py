"""The catalogue: every indicator, and each figure's own page with all it rests on."""
