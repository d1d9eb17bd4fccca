"""What comes together in files about customers and their people."""

# Chinese in code: heads of spreadsheets that say whose a field is

from guanxi.integrations.imports.beside import Beside, comes_with

_PEOPLE = Beside(
    key="people",
    by="customer",
    anchors=("name",),
    called=("联系人", "contact", "contact person", "primary contact"),
    rather=(
        "手机",
        "手机号",
        "手机号码",
        "mobile",
        "mobile phone",
        "cell",
        "邮箱",
        "email",
        "e-mail",
        "微信",
        "微信号",
    ),
)  # fmt: skip
_BILLING = Beside(
    key="billing_profiles",
    by="customer",
    anchors=("title", "bank", "account"),
    called=("开票", "billing"),
    fills={"title": "name"},
)
_COMPANIES = Beside(
    key="customers",
    by="customer",
    anchors=("name",),
    called=("公司", "客户", "单位", "企业", "company", "account", "organization", "organisation"),
    above=True,
)


def register() -> None:
    """Called once at start-up."""
    comes_with("customers", _PEOPLE)
    comes_with("customers", _BILLING)
    comes_with("people", _COMPANIES)
