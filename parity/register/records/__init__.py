"""Records people keep, and the tables they offer to indicators."""
