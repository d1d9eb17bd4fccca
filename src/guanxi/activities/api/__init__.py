"""Operations of the API beside the declared ones."""

from guanxi.activities.api import mail, timeline, visits


def register() -> None:
    """Called once at start-up."""
    mail.register()
    timeline.register()
    visits.register()
