"""Further numbers and addresses of customers and people, as heads of files name them one by one."""

# Chinese in code: heads of spreadsheets

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.integrations.imports.beside import Slot


def _slot(
    key: str,
    label: Any,
    kind: str,
    use: str,
    *heads: str,
    beside: tuple[str, ...] = ("phone",),
    also: tuple[str, ...] = (),
) -> Slot:
    values = {"kind": kind} | ({"use": use} if use else {})
    return Slot(key, label, heads, values, beside, also)


# What a bare head means where another column is the number or address that it says first.
_PHONES: tuple[str, ...] = (
    "电话",
    "联系电话",
    "座机",
    "固定电话",
    "phone",
    "tel",
    "telephone",
    "phone number",
    "primary phone",
)
_MOBILES = ("手机", "手机号", "手机号码", "mobile", "mobile phone", "mobile number", "cell phone", "cell")
_EMAILS: tuple[str, ...] = (
    "邮箱",
    "电子邮箱",
    "电子邮件",
    "email",
    "e-mail",
    "mail",
    "email address",
    "e-mail address",
    "primary email",
    "email 1",
)
_NAMED = ("work", "profile", "blog", "home", "home-page", "other")
_PAGES = (
    *(
        f"{name}{number}"
        for name in ("website", "personal web page", "web page")
        for number in ("", " 2", " 3", " 4")
    ),
    *(f"website {name}" for name in _NAMED),
)


# The further values of a cell of Google's address book.
_MORE_PHONES, _MORE_EMAILS, _MORE_PAGES = (
    tuple(f"{name} {n} - value ({further})" for n in range(1, 5) for further in range(2, 6))
    for name in ("phone", "e-mail", "website")
)
_PHONES += _MORE_PHONES
_EMAILS += _MORE_EMAILS
_PAGES += _MORE_PAGES
_FAX = _slot("fax", _("Fax"), "fax", "work", "传真", "传真号", "传真号码", "fax", "fax number", "business fax",
             "work fax", "fax phone", "fax 1", "公司传真")  # fmt: skip
_QQ = _slot("qq", _("QQ"), "qq", "", "qq", "qq号", "qq号码")

PEOPLE = (
    _slot("work_phone", _("Work phone"), "phone", "work", "办公电话", "单位电话", "座机", "固定电话", "工作电话",
          "work phone", "business phone", "phone work", "phone_work", "office phone", "work number",
          "telephonenumber", "telephone number", "company main phone", "phone 2 - value"),
    _slot("work_phone_2", _("Second work phone"), "phone", "work", "work phone 2", "business phone 2", "办公电话2",
          "座机2", "phone 3 - value"),
    _slot("home_phone", _("Home phone"), "phone", "private", "家庭电话", "住宅电话", "宅电", "home phone",
          "phone_home", "homephone"),
    _slot("home_phone_2", _("Second home phone"), "phone", "private", "home phone 2"),
    _slot("mobile_2", _("Second mobile"), "mobile", "", "手机2", "手机号2", "备用手机", "第二手机", "mobile 2",
          "mobile phone 2", "car phone", also=_MOBILES),
    _slot("other_phone", _("Other phone"), "phone", "other", "其他电话", "备用电话", "电话2", "联系电话2",
          "other phone", "phone_other", "phone 2", "second phone", "alternate phone", "asst. phone", *_MORE_PHONES,
          "assistant's phone", "radio phone", also=_PHONES),
    _slot("other_phone_2", _("Second other phone"), "phone", "other", "其他电话2", "电话3", "phone 3", "other phone 2",
          also=_PHONES),
    _slot("other_phone_3", _("Third other phone"), "phone", "other", "其他电话3", "电话4", "phone 4", "other phone 3",
          also=_PHONES),
    _FAX,
    _slot("home_fax", _("Home fax"), "fax", "private", "home fax"),
    _slot("email_2", _("Second e-mail"), "email", "", "邮箱2", "备用邮箱", "第二邮箱", "secondary email",
          "secondary e-mail", "e-mail 2", "email 2", "e-mail 2 address", "e-mail 2 - value", "other email",
          "mozillasecondemail", "additional email", "email_1", *_MORE_EMAILS,
          beside=("email",), also=_EMAILS),
    _slot("email_3", _("Third e-mail"), "email", "", "邮箱3", "e-mail 3", "email 3", "e-mail 3 address",
          "e-mail 3 - value", "email_other", "home e-mail 2", beside=("email",), also=_EMAILS),
    _slot("email_4", _("Fourth e-mail"), "email", "", "邮箱4", "e-mail 4", "email 4", "e-mail 4 address",
          "e-mail 4 - value", beside=("email",), also=_EMAILS),
    _slot("email_5", _("Fifth e-mail"), "email", "", "邮箱5", "e-mail 5", "email 5", "e-mail 5 address",
          "e-mail 5 - value", beside=("email",), also=_EMAILS),
    _slot("email_home", _("Home e-mail"), "email", "private", "个人邮箱", "私人邮箱", "home e-mail", "home email",
          "personal email", "personal e-mail", "email_home", beside=("email",)),
    _slot("email_work", _("Work e-mail"), "email", "work", "工作邮箱", "work e-mail", "work email", "business email",
          "work e-mail 2", beside=("email",)),
    _slot("web", _("Web page"), "web", "", "个人主页", "website", "web page", "web page 1", "personal web page",
          "linkedin_url",
          "linkedin", "linkedin profile", "linkedin url", "profile url", "website 1 - value",
          "website work", "website profile", beside=(), also=_PAGES),
    _slot("web_2", _("Second web page"), "web", "", "web page 2", "website 2", "website 2 - value", "website blog",
          *_MORE_PAGES,
          "website home", "website home-page", beside=(), also=_PAGES),
    _slot("web_3", _("Third web page"), "web", "", "web page 3", "website 3", "website 3 - value", beside=(),
          also=_PAGES),
    _slot("web_4", _("Fourth web page"), "web", "", "web page 4", "website 4", "website 4 - value", beside=(),
          also=_PAGES),
    _QQ,
)  # fmt: skip
CUSTOMERS = (
    _slot("other_phone", _("Other phone"), "phone", "other", "其他电话", "备用电话", "电话2", "联系电话2",
          "other phone",
          "phone 2", "phone_alternate", "alternate phone", "second phone", also=(*_PHONES, *_MOBILES)),
    _FAX,
    _slot("email", _("E-mail"), "email", "work", "公司邮箱", "企业邮箱", "邮箱", "电子邮箱", "电子邮件", "email",
          "e-mail",
          "email address", "company email", "primary email", "email1", beside=()),
    _slot("email_2", _("Second e-mail"), "email", "", "邮箱2", "email 2", "secondary email", "other email", "email2",
          beside=()),
    _slot("web", _("Web page"), "web", "", "linkedin_url", "linkedin", "linkedin company page",
          "facebook company page",
          "twitter", "其他网址", "blog", beside=()),
    _QQ,
)  # fmt: skip
