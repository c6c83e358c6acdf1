"""Why a scenario comes out as it does, and how sure that is."""
