"""Resource: the money of several bodies seen as one, and by tier of service."""
