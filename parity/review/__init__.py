"""Stage 4 of the commissioning cycle: indicators against targets and comparators, risks."""
