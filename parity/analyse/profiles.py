"""The topics on which any place of England is described, in the order in which they are read."""

from parity.analyse.topics import STAGE

PROFILES = tuple(topic for topic in STAGE.topics if topic.profile is not None)
