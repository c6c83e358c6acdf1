"""The step between password and pages."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest


class SecondStep(AuthenticateStage):
    """Asks for the second factor of whoever has one, unless another provider has asked for theirs already."""

    def _should_handle(self, request: HttpRequest) -> bool:
        told = (self.login.signal_kwargs or {}).get("sociallogin")
        if told is not None and told.account.extra_data.get("second_factor"):
            record_authentication(request, self.login.user, "mfa", type="elsewhere")
            return False
        return super()._should_handle(request)
