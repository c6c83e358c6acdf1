"""Places: any area of England, chosen, compared with others and described from what is published."""
