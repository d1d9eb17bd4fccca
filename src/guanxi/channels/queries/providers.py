"""Where the mailboxes of usual providers are reached, by the domain of the address, and what they want in place of the
password."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

__all__ = ["OAUTH", "PROVIDERS", "Preset", "preset_of"]

OAUTH = "oauth"
_NETEASE = _("Settings → POP3/SMTP/IMAP: switch on IMAP/SMTP, then add an authorisation code.")


@dataclass(frozen=True, slots=True)
class Preset:
    """A provider's servers. Ports are those of TLS from the first byte unless `smtp_starttls`. `how` is "code" where
    the provider gives a code for other programs in place of the password, "oauth" where it wants a token; `where` says
    in which of its settings."""

    key: str
    name: Any
    imap: str
    smtp: str
    where: Any
    how: str = "code"
    smtp_port: int = 465
    smtp_starttls: bool = False
    domains: tuple[str, ...] = ()


PROVIDERS = (
    Preset(
        "exmail",
        _("Tencent Exmail"),
        "imap.exmail.qq.com",
        "smtp.exmail.qq.com",
        _(
            "Settings → receiving and sending: switch on IMAP/SMTP. Where secure sign-in is on, make a client "
            "password under Settings → binding."
        ),
    ),
    Preset(
        "qq",
        _("QQ Mail"),
        "imap.qq.com",
        "smtp.qq.com",
        _("Settings → account and security: switch on IMAP/SMTP, then generate an authorisation code."),
        domains=("qq.com", "foxmail.com", "vip.qq.com"),
    ),
    Preset("163", _("NetEase 163"), "imap.163.com", "smtp.163.com", _NETEASE, domains=("163.com",)),
    Preset("126", _("NetEase 126"), "imap.126.com", "smtp.126.com", _NETEASE, domains=("126.com",)),
    Preset("yeah", _("NetEase yeah"), "imap.yeah.net", "smtp.yeah.net", _NETEASE, domains=("yeah.net",)),
    Preset(
        "qiye163",
        _("NetEase business mail"),
        "imap.qiye.163.com",
        "smtp.qiye.163.com",
        _("Settings → client settings: switch on IMAP/SMTP, then make an authorisation code."),
    ),
    Preset(
        "aliyun",
        _("Alibaba Mail"),
        "imap.aliyun.com",
        "smtp.aliyun.com",
        _("Settings → account: switch on IMAP/SMTP; the password, or the security code where one is set."),
        domains=("aliyun.com",),
    ),
    Preset(
        "qiye_aliyun",
        _("Alibaba business mail"),
        "imap.qiye.aliyun.com",
        "smtp.qiye.aliyun.com",
        _("Settings → account and security: make a password for other clients."),
    ),
    Preset(
        "feishu",
        _("Feishu Mail"),
        "imap.feishu.cn",
        "smtp.feishu.cn",
        _("Feishu → Settings → Mail → other mail clients: make a password of its own for this one."),
    ),
    Preset(
        "sina",
        _("Sina Mail"),
        "imap.sina.com",
        "smtp.sina.com",
        _("Settings → POP/IMAP/SMTP of clients: switch it on, then generate an authorisation code."),
        domains=("sina.com", "sina.cn"),
    ),
    Preset(
        "139",
        _("139 Mail"),
        "imap.139.com",
        "smtp.139.com",
        _("Settings → POP3/SMTP/IMAP: switch it on, then generate an authorisation code."),
        domains=("139.com",),
    ),
    Preset(
        "gmail",
        "Gmail",
        "imap.gmail.com",
        "smtp.gmail.com",
        _("Google account → Security → app passwords, with two-step sign-in on."),
        domains=("gmail.com", "googlemail.com"),
    ),
    Preset(
        "outlook",
        "Outlook / Microsoft 365",
        "outlook.office365.com",
        "smtp.office365.com",
        _("No password and no code: it wants a token (OAuth), which your administrator sets up."),
        how=OAUTH,
        smtp_port=587,
        smtp_starttls=True,
        domains=("outlook.com", "hotmail.com", "live.com", "live.cn", "msn.com"),
    ),
    Preset(
        "icloud",
        "iCloud",
        "imap.mail.me.com",
        "smtp.mail.me.com",
        _("Apple account → sign-in and security → app-specific passwords."),
        smtp_port=587,
        smtp_starttls=True,
        domains=("icloud.com", "me.com"),
    ),
)


def preset_of(address: str) -> Preset | None:
    """The provider of an address; None where its domain is nobody's of these: a company's own may be with any."""
    domain = address.rpartition("@")[2].casefold()
    return next((one for one in PROVIDERS if domain in one.domains), None)
