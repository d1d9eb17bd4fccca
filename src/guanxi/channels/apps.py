from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "guanxi.channels"
    label = "channels"
    verbose_name = _("Channels")

    def ready(self) -> None:
        from guanxi.channels import jobs
        from guanxi.channels.services import mailboxes, sending
        from guanxi.foundation.accounts.queries import OwnPage, own_pages
        from guanxi.foundation.jobs.regular import every_few_minutes
        from guanxi.foundation.ledger.labels import label_verbs

        own_pages["mailbox"] = OwnPage(
            "mailbox",
            _("Your mailbox"),
            _("E-mails with customers stand on their cards; answers leave from there"),
            mailboxes.CONNECT,
        )
        mailboxes.register()
        sending.register()
        every_few_minutes("mailboxes", jobs.ask_all)
        label_verbs(
            {
                "channels.mailbox.connect": _("connected a mailbox"),
                "channels.mailbox.disconnect": _("disconnected a mailbox"),
                mailboxes.COMPANY_NEVER: _("changed whose mail is never kept"),
                "channels.message.send": _("sent an e-mail"),
                "channels.message.discard": _("gave up an e-mail"),
            }
        )
