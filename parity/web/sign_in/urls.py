"""The addresses of sign-in and of a person's own account. No other page of django-allauth can be reached."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as linked
from django.urls import path

from parity.web.sign_in import pages

FORGOTTEN = "sign-in/forgotten/<str:uidb36>/<str:key>/"

urlpatterns = [
    path("sign-in/", pages.SignIn.as_view(), name="account_login"),
    path("sign-in/second-step/", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/forgotten/", account.password_reset, name="account_reset_password"),
    path("sign-in/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    path("sign-in/forgotten/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path(FORGOTTEN, account.password_reset_from_key, name="account_reset_password_from_key"),
    path("sign-in/cancelled/", linked.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/with/<slug:provider_id>/", pages.go_to_provider, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", pages.come_back, name="openid_connect_callback"),
    path("sign-out/", account.logout, name="account_logout"),
    path("invitation/<str:token>/", pages.show_invitation, name="invitation"),
    path("account/", pages.show_account, name="account"),
    # where django-allauth leads who has no password; there is none to set, for their provider signs them in
    path("account/", pages.show_account, name="account_set_password"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/sign-out-everywhere/", pages.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/second-step/", factors.index, name="mfa_index"),
    path("account/second-step/app/", pages.AddApp.as_view(), name="mfa_activate_totp"),
    path("account/second-step/app/remove/", pages.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/second-step/codes/", pages.show_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-step/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/second-step/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/second-step/passkeys/add/", pages.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/second-step/passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/second-step/passkeys/<int:pk>/remove/", pages.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/linked/", pages.Linked.as_view(), name="socialaccount_connections"),
]
