"""Intelligence: what people with experience, advisory bodies and those who work in services tell."""
