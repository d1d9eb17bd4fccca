"""Web and mail domains as keys for comparison; addresses that may be shown as links."""

import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

from guanxi.kernel.errors import Malformed

__all__ = ["PUBLIC_MAIL_DOMAINS", "clean_url", "email_domain", "is_public_mail_domain", "web_domain"]

# Mail hosts where anybody may have an address: an equal domain there says nothing about two customers.
_PUBLIC_MAIL_DOMAINS_TEXT = """
qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com vip.126.com yeah.net 188.com sina.com sina.cn
vip.sina.com sohu.com tom.com 139.com 189.cn wo.cn 21cn.com aliyun.com eyou.com 263.net 263.net.cn netease.com
chinaren.com sogou.com gmail.com googlemail.com outlook.com outlook.de hotmail.com hotmail.co.uk hotmail.fr
live.com live.cn msn.com yahoo.com yahoo.com.cn yahoo.cn yahoo.co.jp yahoo.co.uk yahoo.com.hk yahoo.com.tw
yahoo.de yahoo.fr ymail.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.com web.de t-online.de
freenet.de mail.ru yandex.ru yandex.com proton.me protonmail.com tutanota.com zoho.com mail.com naver.com
daum.net hanmail.net orange.fr wanadoo.fr free.fr laposte.net libero.it docomo.ne.jp hinet.net pchome.com.tw
netvigator.com rediffmail.com
"""
PUBLIC_MAIL_DOMAINS = frozenset(_PUBLIC_MAIL_DOMAINS_TEXT.split())
_HOST = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))", re.IGNORECASE)
_LONGEST = 2000


def _ascii_host(host: str) -> str:
    """The host in ASCII and small letters, or "" where it is none (an address of numbers counts as none)."""
    host = unicodedata.normalize("NFKC", host).replace("。", ".").strip(". ").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return host if _HOST.fullmatch(host) else ""


def web_domain(url: str) -> str:
    """The domain by which a website is compared: "https://www.Foo.com.cn/en?x" → "foo.com.cn"; "" where there
    is none.

    Only "www" is cut off, for shops on a shared host (foo.1688.com) are different customers.
    """
    text = unicodedata.normalize("NFKC", url).strip()
    if not text or len(text) > _LONGEST or any(char.isspace() for char in text):
        return ""
    if "//" not in text:
        text = "//" + text
    try:
        host = urlsplit(text).hostname or ""
    except ValueError:
        return ""
    host = _ascii_host(host)
    bare = re.sub(r"^www\d?\.", "", host)
    return bare if _HOST.fullmatch(bare) else host


def email_domain(address: str) -> str:
    """The domain of a mail address in small letters ("Li <li@Foo.CN>" → "foo.cn"), or ""."""
    text = unicodedata.normalize("NFKC", address).strip().rstrip(">")
    local, at, host = text.rpartition("@")
    return _ascii_host(host) if at and local else ""


def is_public_mail_domain(domain: str) -> bool:
    """Whether anybody may have an address there, so that it identifies no company."""
    return domain.strip().lower() in PUBLIC_MAIL_DOMAINS


def clean_url(value: str) -> str:
    """An address that may stand in a link: http or https, with a host, without a user name. "" stays "".

    Adds https:// where no scheme is given. Raises Malformed with code url.scheme, url.host, url.user or
    url.too_long.
    """
    text = "".join(char for char in value.strip() if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    text = text.replace("\\", "/").replace("：//", "://").strip()
    if not text:
        return ""
    if len(text) > _LONGEST:
        raise Malformed("url.too_long", {"limit": _LONGEST})
    if text.startswith("//"):
        text = "https:" + text
    named = _SCHEME.match(text)
    if named is None:
        text = "https://" + text
    elif named.group(1).lower() not in ("http", "https"):
        raise Malformed("url.scheme", {"scheme": named.group(1).lower()[:20]})
    elif not text[named.end() :].startswith("//"):
        raise Malformed("url.host")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Malformed("url.host") from None
    if "@" in parts.netloc:
        raise Malformed("url.user")
    host = _ascii_host(parts.hostname or "")
    if not host:
        raise Malformed("url.host")
    netloc = host if port is None else f"{host}:{port}"
    path, query, fragment = (re.sub(r"\s", "%20", part) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme.lower(), netloc, path, query, fragment))
