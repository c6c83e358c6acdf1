"""Models of how people flow between settings of care: how one is built, begun with services as they are, or brought."""
