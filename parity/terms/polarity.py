"""Which way is good."""

from enum import Enum


class Polarity(Enum):
    """Whether a higher or a lower value is better, or neither."""

    HIGH = "higher is better"
    LOW = "lower is better"
    NEUTRAL = "neither is better"
