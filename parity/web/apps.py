"""The web workspace as a Django app: its receivers and checks are known once Django is ready."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from parity.web.checks import check_served
from parity.web.sign_in import sessions  # noqa: F401 -- its receivers listen from here on


class WebConfig(AppConfig):
    """Registers what must hold before others are served."""

    name = "parity.web"

    def ready(self) -> None:
        """Nothing; `django check --deploy` knows what must hold."""
        register(check_served, Tags.security, deploy=True)
