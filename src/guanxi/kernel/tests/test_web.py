import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Malformed
from guanxi.kernel.web import clean_url, email_domain, is_public_mail_domain, web_domain


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("www.foo.com.cn", "foo.com.cn"),
        ("https://WWW.Foo.com/en?x#y", "foo.com"),
        ("foo.1688.com", "foo.1688.com"),
        ("http://foo.com:8080", "foo.com"),
        ("中文.公司", "xn--fiq228c.xn--55qx5d"),
        ("ｗｗｗ．foo．com", "foo.com"),
        ("无", ""),
        ("", ""),
        ("http://127.0.0.1", ""),
        ("http://[::1", ""),
        ("www.com", "www.com"),
        ("foo.com.", "foo.com"),
    ],
)
def test_a_website_is_compared_by_its_domain(url: str, domain: str) -> None:
    assert web_domain(url) == domain


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("www.foo.com", "https://www.foo.com"),
        ("HTTP://Foo.com/A?b=C#d", "http://foo.com/A?b=C#d"),
        ("", ""),
        ("//foo.com", "https://foo.com"),
        ("foo.com:8080/x", "https://foo.com:8080/x"),
        ("http://foo.com/a b", "http://foo.com/a%20b"),
        ("http：//foo.com", "http://foo.com"),
    ],
)
def test_an_address_is_made_fit_for_a_link(value: str, cleaned: str) -> None:
    assert clean_url(value) == cleaned


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("javascript:alert(1)", "scheme"),
        ("java\tscript:alert(1)", "scheme"),
        (" JaVaScRiPt://foo.com/%0aalert(1)", "scheme"),
        ("\x01javascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("vbscript:x", "scheme"),
        ("ftp://foo.com", "scheme"),
        ("http://", "host"),
        ("http:foo.com", "host"),
        ("https://user:secret@foo.com", "user"),
        ("nothing", "host"),
        ("http://foo.com:99999", "host"),
        ("https://x/" + "a" * 3000, "too_long"),
        ("file:///etc/passwd", "scheme"),
    ],
)
def test_what_may_not_be_a_link_is_refused(value: str, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        clean_url(value)
    assert caught.value.code == f"url.{code}"


@given(st.one_of(st.text(max_size=40), st.text("jav:/ascript.\\@\t\x00#?hp", max_size=20)))
def test_whatever_passes_is_http_and_stays_as_it_is(value: str) -> None:
    web_domain(value)
    email_domain(value)
    try:
        cleaned = clean_url(value)
    except Malformed:
        return
    assert cleaned == "" or cleaned.startswith(("http://", "https://"))
    assert clean_url(cleaned) == cleaned


def test_mail_domains() -> None:
    assert email_domain("Li Wei <li@Foo.CN>") == "foo.cn"
    assert email_domain("no address") == ""
    assert is_public_mail_domain("QQ.com")
    assert not is_public_mail_domain("haier.com")
