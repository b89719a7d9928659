"""WSGI entry point, served by granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaozuo_grid.settings")

application = get_wsgi_application()

from django.conf import settings  # noqa: E402  (the settings stand once Django is set up)

if settings.PRODUCTION:
    from jiaozuo_grid.checks import refuse_unsafe_start

    refuse_unsafe_start()

if settings.TRUSTED_PROXIES:
    from granian.utils.proxies import wrap_wsgi_with_proxy_headers

    application = wrap_wsgi_with_proxy_headers(application, trusted_hosts=settings.TRUSTED_PROXIES)
