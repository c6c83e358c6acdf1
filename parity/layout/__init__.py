"""How a page looks: base templates, NHS components, form adapter, figure cell, charts on a page."""
