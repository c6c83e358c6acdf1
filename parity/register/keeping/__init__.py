"""How a record is kept: its lot, who holds it, and which organisation keeps it."""
