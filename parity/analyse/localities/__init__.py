"""Need of the localities of a council or county: its wards, or its districts."""
