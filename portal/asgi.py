"""The site, for an ASGI server: the front, with Django behind it."""

from portal.wsgi import application as site  # first: it sets Django up

# isort: split
from portal.front.app import Front

application = Front(site)
