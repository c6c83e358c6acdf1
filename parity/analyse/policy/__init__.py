"""Policy: what law and policy require and what that means here, and whether a needs assessment fits another area."""
