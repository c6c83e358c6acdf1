"""The addresses of what every stage holds in common."""

from django.urls import path

from parity.register.areas import pages as areas
from parity.register.audit import pages as audit
from parity.register.calendars import pages as calendars
from parity.register.catalogue import pages as catalogue
from parity.register.connections import pages as connections
from parity.register.exchange import pages as exchange
from parity.register.home import pages as home
from parity.register.jobs import pages as jobs
from parity.register.keeping import pages as keeping
from parity.register.memberships import pages as memberships
from parity.register.notices import pages as notices
from parity.register.partners import pages as partners
from parity.register.records import pages as records
from parity.register.thread import pages as thread
from parity.register.webhooks import pages as webhooks

REGISTER = "<slug:programme>/registers/<slug:stem>/"
RECORD = f"{REGISTER}<uuid:record>/"
ORGANISATIONS = "<slug:programme>/organisations/"
ORGANISATION = f"{ORGANISATIONS}<uuid:organisation>/"
CONNECTIONS = "<slug:programme>/connections/"
WEBHOOK = "<slug:programme>/webhooks/<uuid:webhook>/"

urlpatterns = [
    path("", home.show_home, name="home"),
    path("jobs/", jobs.show_jobs, name="jobs"),
    path("jobs/<uuid:job>/", jobs.show_job, name="job"),
    path("jobs/<uuid:job>/cancel/", jobs.cancel, name="cancel-job"),
    path("jobs/<uuid:job>/files/<path:name>", jobs.give_file, name="job-file"),
    path("<slug:programme>/", home.show_programme, name="programme"),
    path("<slug:programme>/figures/", catalogue.show_catalogue, name="catalogue"),
    path("<slug:programme>/figures/<slug:key>/", catalogue.show_indicator, name="indicator"),
    path("<slug:programme>/thread/", thread.show_thread, name="thread"),
    path("<slug:programme>/audit/", audit.show_audit, name="audit"),
    path("<slug:programme>/registers/", records.show_registers, name="registers"),
    path(REGISTER, records.show_register, name="register"),
    path(f"{REGISTER}new/", records.show_new, name="new-record"),
    path(f"{REGISTER}template.xlsx", exchange.show_template, name="register-template"),
    path(f"{REGISTER}export.csv", exchange.show_csv, name="register-csv"),
    path(f"{REGISTER}export.xlsx", exchange.show_workbook, name="register-workbook"),
    path(f"{REGISTER}upload/", exchange.show_upload, name="upload"),
    path(f"{REGISTER}upload/<uuid:upload>/", exchange.show_preview, name="uploaded"),
    path(RECORD, records.show_record, name="record"),
    path(f"{RECORD}edit/", records.show_edit, name="edit-record"),
    path(f"{RECORD}share/", records.show_sharing, name="share-record"),
    path(f"{RECORD}keep/", keeping.show_keeping, name="keep-record"),
    path(f"{RECORD}give/", keeping.show_giving, name="give-record"),
    path(f"{RECORD}withdraw/", records.show_withdrawal, name="withdraw-record"),
    path(f"{RECORD}restore/", records.show_restoration, name="restore-record"),
    path("<slug:programme>/areas/", areas.show_areas, name="areas"),
    path(ORGANISATIONS, partners.show_organisations, name="organisations"),
    path(f"{ORGANISATIONS}new/", partners.show_new_organisation, name="new-organisation"),
    path(ORGANISATION, partners.show_organisation, name="organisation"),
    path(f"{ORGANISATION}edit/", partners.show_description, name="edit-organisation"),
    path(f"{ORGANISATION}close/", partners.show_closing, name="close-organisation"),
    path(f"{ORGANISATION}hand-over/", partners.show_hand_over, name="hand-over"),
    path("<slug:programme>/people/", memberships.show_people, name="people"),
    path("<slug:programme>/people/invite/", memberships.show_invitation, name="invite"),
    path("<slug:programme>/people/<uuid:membership>/invite/", memberships.show_second_invitation, name="invite-again"),
    path("<slug:programme>/people/<uuid:membership>/end/", memberships.show_ending, name="end-membership"),
    path("<slug:programme>/notices/", notices.show_notices, name="notices"),
    path("notices/stop/<str:token>/", notices.stop, name="stop-notices"),
    path("calendars/<uuid:calendar>/<str:secret>.ics", calendars.show_calendar, name="calendar-feed"),
    path(CONNECTIONS, connections.show_connections, name="connections"),
    path(f"{CONNECTIONS}calendar/", connections.show_calendar, name="calendar"),
    path(f"{CONNECTIONS}calendar/end/", connections.stop_calendar, name="end-calendar"),
    path(f"{CONNECTIONS}e-mails/", connections.show_choice, name="choose-notices"),
    path(f"{CONNECTIONS}tokens/new/", connections.show_new_token, name="new-token"),
    path(f"{CONNECTIONS}tokens/<uuid:token>/end/", connections.stop_token, name="end-token"),
    path("<slug:programme>/webhooks/", webhooks.show_webhooks, name="webhooks"),
    path("<slug:programme>/webhooks/new/", webhooks.show_new, name="new-webhook"),
    path(WEBHOOK, webhooks.show_webhook, name="webhook"),
    path(f"{WEBHOOK}secret/", webhooks.show_renewal, name="renew-secret"),
    path(f"{WEBHOOK}test/", webhooks.send_test, name="test-webhook"),
    path(f"{WEBHOOK}end/", webhooks.stop, name="end-webhook"),
]
