"""Parity: one workspace for commissioning mental-health care – analyse, plan, secure, review."""

import os

__version__ = "0.1.0"

# NumPy's threads spin while they wait, and their number changes the last digits: one is faster here on a busy machine,
# and gives the same bytes on any. NumPy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
