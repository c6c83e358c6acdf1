"""Need: populations weighted by need, and how many people a condition is expected to affect."""
