"""The addresses of the whole workspace."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from parity.web import pages
from parity.web.api import api

handler400 = "parity.web.errors.bad_request"
handler403 = "parity.web.errors.not_allowed"
handler404 = "parity.web.errors.not_found"
handler500 = "parity.web.errors.went_wrong"

urlpatterns = [
    path("sign-in/", pages.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("accessibility/", pages.show_accessibility, name="accessibility"),
    path(".well-known/security.txt", pages.show_security_contact, name="security-contact"),
    path("api/", api.urls),
    path("", include("parity.register.urls")),
    path("<slug:programme>/analyse/", include("parity.analyse.urls")),
    path("<slug:programme>/plan/", include("parity.plan.urls")),
    path("<slug:programme>/secure/", include("parity.secure.urls")),
    path("<slug:programme>/review/", include("parity.review.urls")),
]
