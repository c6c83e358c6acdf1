"""Who a user name and password belong to, told in the same time whether or not anybody bears the name."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from parity.register.models import Person
from parity.register.people.rules import may_sign_in


class PersonBackend(AuthenticationBackend):
    """Finds people by user name or e-mail address, and hashes exactly one password for every answer."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        """True for who may be signed in; asked at every request, so that it ends sessions too."""
        return isinstance(user, Person) and may_sign_in(user, demo=settings.DEMO)

    def _authenticate(self, request: Any, **credentials: Any) -> AbstractBaseUser | None:
        name = str(credentials.get("username") or "")
        found = list(Person.objects.filter(Q(username__iexact=name) | Q(email__iexact=name))) if name else []
        # two people may bear one name as user name and as address: then neither is meant
        return self._check_password(found[0] if len(found) == 1 else None, credentials["password"])

    def _check_password(self, user: AbstractBaseUser | None, password: str) -> AbstractBaseUser | None:
        if user is None:
            return None
        self._did_check_password = True
        return user if user.check_password(password) and self.user_can_authenticate(user) else None
