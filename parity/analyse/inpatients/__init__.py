"""In-patient care: admissions, bed days, how long people stay, placements outside the area, and contacts with staff."""
