"""The models of stage 1, gathered for Django."""

from parity.analyse.supply.models import Service, ServiceMeasure

__all__ = ["Service", "ServiceMeasure"]
