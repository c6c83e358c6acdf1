"""The WSGI application, for gunicorn and for the server of one person's machine."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parity.web.settings")
application = get_wsgi_application()
