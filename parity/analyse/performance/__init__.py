"""Performance: an area's measures beside those of the areas it is compared with."""
