"""What councils spend on social care of adults who need mental-health or memory support."""
