"""Enablement: weeks of support after which fewer people need a package; what it costs, avoids and saves."""
