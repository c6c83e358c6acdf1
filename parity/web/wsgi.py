"""The WSGI application, for gunicorn and for the server of one person's machine."""

import os

from django.conf import settings

from parity.web.checks import refuse_unsafe
from parity.web.serving import whole_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parity.web.settings")
application = whole_application()
if not settings.ON_LOOPBACK:
    refuse_unsafe()
