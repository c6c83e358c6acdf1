"""Budget: lines by heading, gross and controllable, and the staff they pay."""
