"""What the frame around every page shows: upper floors put a `Frame` into the context under `frame`."""

from dataclasses import dataclass
from typing import Literal

from guanxi.foundation.design.shapes import Job, MenuItem, Toast

Theme = Literal["auto", "light", "dark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One place in the sidebar or the phone's tab bar. `key` is compared with the page's `active`.

    `jump` is the letter that leads there after g; n is the notices'.
    """

    key: str
    label: str
    icon: str
    url: str
    count: int | None = None
    jump: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavGroup:
    """Places that belong together; a hairline stands between groups. `label` is for screen readers."""

    items: tuple[NavItem, ...]
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company the account belongs to; `url` takes a POST that switches to it."""

    name: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of the screens, named in itself (简体中文, English)."""

    code: str
    name: str
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """A line above every page, such as "You see Guanxi as Chen Hao", with the one way out (a POST)."""

    text: str
    action_text: str = ""
    action_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Everything around the page. An empty URL leaves its control out."""

    company_name: str
    home_url: str
    user_name: str
    who: str = ""  # another text for every account and company: drafts in the browser go by it
    nav: tuple[NavGroup, ...] = ()
    also: tuple[NavItem, ...] = ()  # stand behind "More" on a phone, where a wide page has them elsewhere
    tabs: tuple[NavItem, ...] = ()  # at most four; "More" is added by the template
    create: tuple[MenuItem, ...] = ()
    user_menu: tuple[MenuItem, ...] = ()  # own account and security, administration, help
    active: str = ""
    search_url: str = ""  # answers GET ?q= with `gx/options.html`
    notices_url: str = ""
    notices_latest_url: str = ""  # fetched into the popover behind the bell
    unread: int = 0
    companies: tuple[Company, ...] = ()
    jobs: tuple[Job, ...] = ()
    jobs_url: str = ""  # polled while a job runs; answers with `gx/frame_jobs.html`
    languages: tuple[Language, ...] = ()
    language_url: str = ""  # POST language=, next=
    theme: Theme = "auto"
    theme_url: str = ""  # POST theme=
    sign_in_url: str = ""  # where an expired session signs in again
    sign_out_url: str = ""  # POST
    manifest_url: str = ""  # what makes an app of it on a phone
    banner: Banner | None = None
    watermark: str = ""  # who looks and when, across the page; "" for none
    toasts: tuple[Toast, ...] = ()
