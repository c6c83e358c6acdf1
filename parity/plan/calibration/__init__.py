"""Flow models fitted to what was counted."""
