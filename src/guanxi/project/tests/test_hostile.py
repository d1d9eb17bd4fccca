"""What a stranger, or somebody with few rights, sends to make us fall, tell or lead astray."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.accounts.services import set_password
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.permissions.queries import load_actor
from guanxi.integrations.api.tokens import create_token
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
MARKUP = """<script>alert(1)</script>"'><img src=x onerror=alert(2)>${7*7}{{7*7}}"""
LARGE = 6 * 1024 * 1024


def make(world: World, name: str = "淄博鲁味园食品有限公司", **data: str) -> Customer:
    with in_scope(world.seller):
        return services.create_customer(
            world.seller, data={"name": name, "relations": "customer", **data}, allow_duplicate=True
        )


def large() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.txt", b"x" * LARGE)


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["seller"])


# Too much


def test_a_stranger_cannot_fill_the_disk_with_forms_that_are_refused_anyway(world: World) -> None:
    customer = make(world)
    stranger = Client()
    for address in ("/account/sign-in/", f"/customers/{customer.id}/files/", "/customers/import/", "/setup/"):
        assert stranger.post(address, {"file": large()}).status_code == 413, address


def test_files_are_taken_where_files_are_asked_for(
    world: World, seller: Client, client_for: ClientFor
) -> None:
    customer = make(world)
    assert seller.post(f"/customers/{customer.id}/files/", {"file": large()}).status_code == 302
    with in_scope(world.seller):
        assert Attachment.objects.filter(record_id=customer.id, size=LARGE).exists()
    assert seller.post("/customers/new/", {"name": "x", "file": large()}).status_code == 413


def test_a_length_that_is_claimed_is_refused_unread(seller: Client, world: World) -> None:
    customer = make(world)
    answer = seller.generic(
        "POST",
        f"/customers/{customer.id}/files/",
        b"--x\r\n",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 * 1024**3),
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "query",
    [
        "shown=" + "9" * 5000 + "&after=x",
        "created_at.last=" + "9" * 5000,
        "filter=" + "[" * 5000,
        "filter=" + json.dumps({"any": [{"field": "relations", "values": ["customer"]}] * 61}),
        "owner=" + ",".join(["me"] * 300),
        "after=" + "W" * 6000,
        "q=%00",
        "q=" + "%F0%9D%84%9E" * 100,
        "sort=-",
        "sort=id;drop",
        "sort=owner__account__password",
        "owner__account__password.starts=a",
        "name_key=x",
        "tenant_id=x",
    ],
)
def test_what_no_list_can_mean_is_said_so_and_is_no_fault(seller: Client, query: str) -> None:
    for address in ("/customers/", "/customers/total/", "/api/v1/customers"):
        assert seller.get(f"{address}?{query}").status_code in (200, 400, 422)


@pytest.mark.parametrize(
    "place", ["2026-13-45T00:00:00+00:00~x", "x~y", "2026-01-01T00:00:00~x", "~", "\x00"]
)
def test_a_page_of_a_list_that_nobody_wrote_is_not_there(
    client_for: ClientFor, world: World, place: str
) -> None:
    client = client_for(world.members["admin"])
    for address in ("/settings/audit/", "/settings/jobs/", "/jobs/", "/notices/"):
        assert client.get(address, {"after": place}).status_code == 404


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_without_unpacking(
    client_for: ClientFor, world: World
) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(1100):
                sheet.write(b"0" * 1024 * 1024)
    file = SimpleUploadedFile("bomb.xlsx", bomb.getvalue())
    assert len(bomb.getvalue()) < 2 * 1024 * 1024
    answer = client_for(world.members["admin"]).post("/customers/import/", {"file": file})
    assert answer.status_code == 422


def test_long_names_and_remarks_are_indexed_in_a_moment(world: World) -> None:
    """Every reading of every character would be astronomically many."""
    customer = make(world, "单曾解仇查" * 40, remarks="重行长" * 6000)
    assert len(customer.name) == 200


# Astray


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "///evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "http:evil.example",
        "/\r\nSet-Cookie: a=b",
    ],
)
def test_nobody_is_led_away_by_next_or_referer(world: World, client_for: ClientFor, target: str) -> None:
    client = client_for(world.members["manager"])
    customer = make(world)
    for form in ({"next": target}, {}):
        referer = {} if form else {"referer": target}
        answer = client.post(
            "/customers/bulk/edit/",
            {"ids": str(customer.id), "field": "grade", "grade": "A", "save": "1", **form},
            headers=referer,
        )
        assert answer.status_code == 302
        led_to = answer.headers["Location"]
        assert led_to == "/customers/" or (led_to.startswith("/%0D%0A") and "\n" not in led_to)
    answer = client.post("/account/language/", {"language": "en", "next": target})
    assert answer.headers["Location"].startswith(("/", "/%0D%0A"))
    assert "evil" not in answer.headers["Location"]
    signed_in = client.get("/account/sign-in/", {"next": target})
    assert "evil" not in signed_in.headers.get("Location", "")


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:80@evil.example", "localhost.evil.example", "a b"]
)
def test_a_foreign_host_is_refused(host: str, world: World) -> None:
    answer = Client(raise_request_exception=False).get("/account/sign-in/", headers={"host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_every_form_needs_its_token(world: World) -> None:
    assert world.seller.account_id is not None
    account = Account.objects.get(id=world.seller.account_id)
    client = Client(enforce_csrf_checks=True)
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    customer = make(world)
    client.get("/customers/")  # the company opens
    with in_scope(world.seller):
        done = Operation.objects.latest("at").id
    for address in (
        "/customers/new/",
        f"/customers/{customer.id}/edit/",
        f"/customers/{customer.id}/delete/",
        f"/customers/{customer.id}/files/",
        "/customers/bulk/delete/",
        f"/undo/{done}/",
        "/account/profile/",
        "/account/sign-out/",
        "/account/tokens/new/",
    ):
        answer = client.post(address, {"name": "geändert"}, headers={"origin": "https://evil.example"})
        assert answer.status_code == 403, address
    answer = client.post("/api/v1/customers", json.dumps({"name": "x"}), content_type="application/json")
    assert answer.status_code == 403
    with in_scope(world.seller):
        assert Customer.objects.get(id=customer.id).name == customer.name


def test_a_session_gets_a_new_key_at_signing_in(world: World) -> None:
    assert world.seller.account_id is not None
    account = set_password(world.seller.account_id, "ein-langer-satz-hilft")
    client = Client()
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    before = session.session_key
    client.post("/account/sign-in/", {"login": account.username, "password": "ein-langer-satz-hilft"})
    assert client.session.session_key != before


# What is stored and shown


def test_markup_in_any_field_stays_text_on_every_page(
    world: World, seller: Client, client_for: ClientFor
) -> None:
    customer = make(
        world,
        MARKUP,
        short_name=MARKUP[:90],
        phone=f"0512-66001234 {MARKUP}"[:55],
        address=MARKUP,
        remarks=MARKUP,
    )
    seller.post(f"/customers/{customer.id}/files/", {"file": SimpleUploadedFile(MARKUP + ".txt", b"x")})
    seller.post(f"/customers/{customer.id}/edit/", {"version": "1", "name": MARKUP + "2"})
    card = f"/customers/{customer.id}/"
    for address in (
        "/customers/",
        card,
        f"{card}preview/",
        f"{card}history/",
        f"{card}edit/",
        f"{card}field/remarks/value/",
        "/customers/options/parent/?q=script",
        "/search/?q=script",
        "/settings/audit/",
        f"/customers/?q={MARKUP}",
        f"/customers/new/?name={MARKUP}&remarks={MARKUP}",
    ):
        page = seller.get(address, headers={"hx-request": "true"} if "options" in address else {}).content
        assert b"<script>alert" not in page, address
        assert b"<img src=x" not in page, address
    page = seller.get("/customers/", {"after": MARKUP, "sort": MARKUP, MARKUP: MARKUP}).content
    assert b"<script>alert" not in page


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "http://a b", "//x"]
)
def test_a_website_is_a_web_address_or_nothing(seller: Client, world: World, address: str) -> None:
    answer = seller.post("/customers/new/", {"name": "甲", "relations": "customer", "website": address})
    if answer.status_code == 302:
        with in_scope(world.seller):
            assert Customer.objects.latest("created_at").website.startswith(("http://", "https://"))
    else:
        assert answer.status_code == 422


def test_the_name_of_a_file_breaks_neither_header_nor_folder(seller: Client, world: World) -> None:
    customer = make(world)
    names = [
        "../../../etc/passwd",
        "a\r\nSet-Cookie: x=y.txt",
        'a"; filename="b.exe.txt',
        "..\\..\\x.txt",
        ".txt",
    ]
    for name in names:
        seller.post(f"/customers/{customer.id}/files/", {"file": SimpleUploadedFile(name, b"secret")})
    with in_scope(world.seller):
        files = list(Attachment.objects.filter(record_id=customer.id))
    assert files
    for one in files:
        assert not set(one.name) & set('/\\\r\n"')
        answer = seller.get(f"/customers/{customer.id}/files/{one.id}/")
        assert answer.status_code == 200
        assert "\n" not in answer.headers["Content-Disposition"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert b"".join(answer.streaming_content) == b"secret"  # type: ignore[attr-defined]
    root = Path(settings.FILES_ROOT)
    assert all(len(path.name) == 64 for path in (root / str(world.tenant_id)).rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "name", ["a.html", "a.svg", "a.xhtml", "a.html.txt", "a.pdf.exe", "a.HTM", "a.shtml"]
)
def test_what_a_browser_would_run_is_refused(seller: Client, world: World, name: str) -> None:
    customer = make(world)
    seller.post(f"/customers/{customer.id}/files/", {"file": SimpleUploadedFile(name, b"<script>")})
    with in_scope(world.seller):
        found = Attachment.objects.filter(record_id=customer.id).first()
    assert found is None or found.media_type not in ("text/html", "image/svg+xml", "application/xhtml+xml")


def test_a_file_is_reached_through_its_own_record_only(
    world: World, seller: Client, client_for: ClientFor, other_world: World
) -> None:
    mine, other = make(world), make(world, "另一家有限公司")
    seller.post(f"/customers/{mine.id}/files/", {"file": SimpleUploadedFile("a.txt", b"x")})
    with in_scope(world.seller):
        file = Attachment.objects.get(record_id=mine.id)
    assert seller.get(f"/customers/{other.id}/files/{file.id}/").status_code == 404
    assert seller.post(f"/customers/{other.id}/files/{file.id}/remove/").status_code == 404
    for person in (world.members["elsewhere"], other_world.members["admin"]):
        assert client_for(person).get(f"/customers/{mine.id}/files/{file.id}/").status_code == 404


def test_nothing_private_may_be_kept_by_a_cache_in_between(seller: Client, world: World) -> None:
    customer = make(world)
    for address in (
        "/customers/",
        f"/customers/{customer.id}/",
        "/account/",
        "/settings/audit/",
        "/api/v1/me",
    ):
        kept = seller.get(address).headers["Cache-Control"]
        assert "private" in kept or "no-store" in kept, address


def test_seeing_as_somebody_changes_nothing_whatever_is_sent(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["admin"])
    customer = make(world)
    with in_scope(world.seller):
        done = Operation.objects.latest("at").id
    assert client.post(f"/account/see-as/{world.members['seller'].id}/").status_code == 302
    for address in (
        f"/customers/{customer.id}/delete/",
        f"/undo/{done}/",
        "/customers/bulk/delete/",
        "/account/tokens/new/",
        "/account/profile/",
        "/account/password/",
        f"/account/see-as/{world.members['manager'].id}/",
        f"/account/company/{world.tenant_id}/",
    ):
        answer = client.post(address, {"all": "1", "ids": str(customer.id), "name": "x"})
        assert answer.status_code in (403, 409), address
    for method in ("post", "patch", "delete"):
        call = getattr(client, method)
        answer = call(f"/api/v1/customers/{customer.id}", "{}", content_type="application/json")
        assert answer.status_code in (403, 405), method
    with in_scope(world.seller):
        assert Customer.objects.filter(id=customer.id).exists()
        assert Operation.objects.get(id=done).undone_by_id is None


def test_a_token_of_one_company_opens_no_other(world: World, other_world: World) -> None:
    customer = make(world)
    with in_scope(other_world.admin):
        actor = load_actor(other_world.members["admin"].id)
        _token, secret = create_token(actor, name="t", may_write=True)
    header = {"authorization": f"Bearer {secret}"}
    client = Client()
    with in_scope(world.seller):
        done = Operation.objects.latest("at").id
    for method, address in (
        ("get", f"/api/v1/customers/{customer.id}"),
        ("patch", f"/api/v1/customers/{customer.id}"),
        ("delete", f"/api/v1/customers/{customer.id}"),
        ("get", f"/api/v1/operations/{done}"),
        ("post", f"/api/v1/operations/{done}/undo"),
    ):
        call = getattr(client, method)
        given = {} if method in ("get", "delete") else {"data": "{}", "content_type": "application/json"}
        assert call(address, headers=header, **given).status_code == 404, (method, address)


def test_strangers_cannot_fill_the_sessions_with_forms(world: World) -> None:
    stranger = Client(REMOTE_ADDR="10.9.8.7")
    before = Session.objects.count()
    for _ in range(33):
        stranger.cookies.clear()
        assert stranger.post("/customers/new/", {"name": "x" * 1000}).status_code == 302
    assert Session.objects.count() - before <= 30
