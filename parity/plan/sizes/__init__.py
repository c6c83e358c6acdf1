"""Sizes: how much of each option of a flow model to buy within limits, and what more of a limit would bring."""
