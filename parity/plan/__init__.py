"""Stage 2 of the commissioning cycle: outcomes, scenarios, options, targets, improvement plans and budgets."""
