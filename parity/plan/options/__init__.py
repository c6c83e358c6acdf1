"""Options: what each costs and releases, and what speaks for it."""
