"""The WSGI application, for gunicorn and for the server of one person's machine."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from parity.web.checks import refuse_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parity.web.settings")
application = get_wsgi_application()
if not settings.ON_LOOPBACK:
    refuse_unsafe()
