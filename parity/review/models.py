"""The models of stage 4, gathered for Django."""

from parity.review.risks.models import Risk

__all__ = ["Risk"]
