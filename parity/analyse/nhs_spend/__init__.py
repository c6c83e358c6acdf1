"""What the NHS spends on mental health, on placements far from home, and what a contact or bed day costs."""
