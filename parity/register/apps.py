"""The register as a Django app."""

from django.apps import AppConfig

from parity.register.records.tables import offer_records


class RegisterConfig(AppConfig):
    """Offers the register's records as tables once Django is ready."""

    name = "parity.register"

    def ready(self) -> None:
        """Nothing; statements and the thread are tables from now on."""
        offer_records(self)
