"""The words of what happened to a sign-in."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import SecurityEvent

WORDS: dict[str, str | Promise] = {
    "signed_in": _("Signed in"),
    "sign_in_failed": _("Wrong password"),
    "second_step_failed": _("Wrong code"),
    "first_visit": _("Company set up"),
    "password_changed": _("Password changed"),
    "password_set": _("Password changed"),
    "password_reset": _("Password reset by mail"),
    "password_set_for": _("Password set by an administrator"),
    "name_changed": _("Name changed"),
    "username_changed": _("Sign-in name changed"),
    "email_changed": _("E-mail changed"),
    "phone_changed": _("Mobile changed"),
    "totp_activated": _("Authenticator app set up"),
    "totp_deactivated": _("Authenticator app removed"),
    "second_step_removed": _("Second step removed by whoever runs the server"),
    "webauthn_added": _("Passkey added"),
    "webauthn_removed": _("Passkey removed"),
    "recovery_codes_generated": _("New recovery codes"),
    "session_ended": _("A device signed out"),
    "other_sessions_ended": _("All other devices signed out"),
    "token_created": _("API token made"),
    "token_revoked": _("API token revoked"),
    "feed_created": _("Calendar address made"),
    "feed_ended": _("Calendar address ended"),
    "account_closed": _("Account closed"),
    "account_reopened": _("Account opened again"),
}


def event_words(event: SecurityEvent) -> str:
    """What happened, in the reader's language."""
    return str(WORDS.get(event.kind, event.kind))
