"""Our words: units, periods, areas, indicators, figures, assumptions and errors. Imports nothing else of ours."""
