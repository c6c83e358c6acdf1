"""Population: ethnic mix, and how it differs from the places compared with."""
