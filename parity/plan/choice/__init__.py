"""Choice: every portfolio of the options of a flow model, which is best within limits, and how sure that is."""
