"""The addresses of the whole workspace."""

from django.urls import include, path

from parity.web import pages
from parity.web.api import api
from parity.web.exit_pack import pages as exit_pack
from parity.web.sign_in.urls import urlpatterns as sign_in

handler400 = "parity.web.errors.bad_request"
handler403 = "parity.web.errors.not_allowed"
handler404 = "parity.web.errors.not_found"
handler429 = "parity.web.errors.too_often"
handler500 = "parity.web.errors.went_wrong"

urlpatterns = [
    *sign_in,
    path("accessibility/", pages.show_accessibility, name="accessibility"),
    path(".well-known/security.txt", pages.show_security_contact, name="security-contact"),
    path("api/", api.urls),
    path("england/", include("parity.analyse.places.urls")),
    path("", include("parity.register.urls")),
    path("<slug:programme>/take-out/", exit_pack.show_take_out, name="take-out"),
    path("<slug:programme>/analyse/", include("parity.analyse.urls")),
    path("<slug:programme>/plan/", include("parity.plan.urls")),
    path("<slug:programme>/secure/", include("parity.secure.urls")),
    path("<slug:programme>/review/", include("parity.review.urls")),
]
