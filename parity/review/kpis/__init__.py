"""Key performance indicators: estimates against targets."""
