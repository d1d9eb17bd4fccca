"""The operating system's account under which PostgreSQL runs.

PostgreSQL refuses to run as root. Started as root we run it as an account of its own, which then has to reach
its data and its programs: folders on the way get that one account the right to pass through, nothing more.
"""

import os
import pwd
import shutil
import stat
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .home import StartError

ACCOUNT = "guanxi"


@dataclass(frozen=True)
class OsAccount:
    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        return self.uid == os.geteuid()

    def own(self, path: Path) -> None:
        """Give `path` to this account."""
        if not self.is_us:
            os.chown(path, self.uid, self.gid)

    def may_pass_to(self, path: Path) -> None:
        """Let this account pass through every folder above `path`."""
        if self.is_us:
            return
        for folder in path.resolve().parents:
            state = folder.stat()
            if state.st_uid == self.uid or state.st_mode & stat.S_IXOTH:
                continue
            if not _allow_passing(folder, self.uid):
                folder.chmod(stat.S_IMODE(state.st_mode) | stat.S_IXOTH)


def account_for(data: Path) -> OsAccount:
    """Ourselves; where we are root, the owner of existing data, else an account made for the purpose.

    Raises `StartError` where we are root and no account can be made.
    """
    if os.geteuid() != 0:
        entry = pwd.getpwuid(os.geteuid())
        return OsAccount(entry.pw_name, entry.pw_uid, entry.pw_gid)
    if (data / "PG_VERSION").exists() and data.stat().st_uid != 0:
        entry = pwd.getpwuid(data.stat().st_uid)
    else:
        entry = _entry() or _make()
    return OsAccount(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None


def _make() -> pwd.struct_passwd:
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
    elif shutil.which("adduser"):  # BusyBox
        command = ["adduser", "-S", "-D", "-H", ACCOUNT]
    else:
        raise StartError("PostgreSQL does not run as root here. Start Guanxi as an ordinary user.")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    entry = _entry()  # another start may have made it at the same moment
    if entry is None:
        raise StartError(
            f"PostgreSQL does not run as root, and the account '{ACCOUNT}' for it could not be made:\n"
            f"{done.stderr.strip()}\nStart Guanxi as an ordinary user."
        )
    return entry


# POSIX access control lists as Linux keeps them (include/uapi/linux/posix_acl_xattr.h).
_ACL, _VERSION, _ENTRY = "system.posix_acl_access", struct.Struct("<I"), struct.Struct("<HHI")
_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NOBODY, _PASS = 0xFFFFFFFF, 0x1


def _allow_passing(folder: Path, uid: int) -> bool:
    """Give one user the right to pass through `folder`; False where the file system keeps no lists."""
    if not hasattr(os, "setxattr"):
        return False
    try:
        raw = os.getxattr(folder, _ACL)
        entries = [_ENTRY.unpack_from(raw, at) for at in range(_VERSION.size, len(raw), _ENTRY.size)]
    except OSError:
        mode = folder.stat().st_mode
        entries = [
            (_USER_OBJ, mode >> 6 & 7, _NOBODY),
            (_GROUP_OBJ, mode >> 3 & 7, _NOBODY),
            (_OTHER, mode & 7, _NOBODY),
        ]
    kept = {(tag, who): permission for tag, permission, who in entries}
    kept[_USER, uid] = kept.get((_USER, uid), 0) | _PASS
    # The mask caps all but owner and others; computed as setfacl does, so that nobody else gains by it.
    kept[_MASK, _NOBODY] = 0
    for (tag, _who), permission in kept.items():
        if tag in (_USER, _GROUP_OBJ, _GROUP):
            kept[_MASK, _NOBODY] |= permission
    packed = _VERSION.pack(2) + b"".join(
        _ENTRY.pack(tag, permission, who) for (tag, who), permission in sorted(kept.items())
    )
    try:
        os.setxattr(folder, _ACL, packed)
    except OSError:
        return False
    return True
