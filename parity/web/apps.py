"""The web workspace as a Django app: its receivers and checks are known once Django is ready."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from parity.register.jobs.rules import offer_job
from parity.web.checks import check_served
from parity.web.sign_in import sessions  # noqa: F401 -- its receivers listen from here on


class WebConfig(AppConfig):
    """Registers what must hold before others are served, and the job of the exit pack."""

    name = "parity.web"

    def ready(self) -> None:
        """Nothing; `django check --deploy` knows what must hold, and people may ask for an exit pack."""
        register(check_served, Tags.security, deploy=True)
        offer_job("export", "parity.web.exit_pack.writing.write_exit_pack_job", title="Exit pack")
