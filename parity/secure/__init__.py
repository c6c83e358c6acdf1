"""Stage 3 of the commissioning cycle: allocation to lots, evaluation of bids, contracts."""
