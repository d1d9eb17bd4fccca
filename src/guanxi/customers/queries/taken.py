"""What one line means that somebody asks with: a name, a telephone, a code, an address."""

from guanxi.customers.rules.alike import CUSTOMERS, Known, customer_of, person_of
from guanxi.kernel.codes import check_credit_code
from guanxi.kernel.phones import parse_phone
from guanxi.kernel.web import email_domain, web_domain


def typed_fields(text: str) -> dict[str, str]:
    """The field of a customer that a text fills: credit code, phone, website or name."""
    if check_credit_code(text).ok:
        return {"credit_code": check_credit_code(text).value}
    if parse_phone(text, "CN").valid:
        return {"phone": text}
    if " " not in text.strip() and "." in text and "@" not in text and web_domain(text):
        return {"website": text}
    return {"name": text}


def known_from(resource: str, text: str) -> Known:
    """A record of which no more is known than this text."""
    if resource == CUSTOMERS:
        if email_domain(text):
            return customer_of({"website": email_domain(text)})
        return customer_of(typed_fields(text))
    if email_domain(text):
        return person_of({"email": text})
    if parse_phone(text, "CN").valid:
        return person_of({"phone": text})
    return person_of({"name": text, "wechat": text if text.isascii() and " " not in text else ""})
