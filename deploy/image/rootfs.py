"""File systems of the image's layers, and how they become archives that are the same each time."""

import io
import re
import stat
import tarfile
from dataclasses import dataclass

from errors import BuildError

USER = 65532  # The number that images without a shell commonly use for "nonroot".

# Of the packages: shared libraries themselves, not the folders of optional modules beside them; OpenSSL's providers; licences; release.
KEPT = (
    re.compile(r"usr/lib/[^/]+-linux-gnu/[^/]+\.so(\.[^/]*)?$"),
    re.compile(r"usr/lib/[^/]+-linux-gnu/ossl-modules/[^/]+\.so$"),
    re.compile(r"usr/lib64/[^/]+$"),
    re.compile(r"usr/share/doc/[^/]+(/copyright)?$"),
    re.compile(r"usr/share/common-licenses/[^/]+$"),
    re.compile(r"(etc|usr/lib)/os-release$"),
)
CERTIFICATE = re.compile(r"usr/share/ca-certificates/mozilla/[^/]+\.crt$")
MERGED = re.compile(r"(lib|lib64|bin|sbin)/")

# Beside the program in a publish folder, and of no use where nobody can start a debugger or a tracer.
UNUSED = re.compile(r"(\.pdb|\.xml|^createdump|^libcoreclrtraceptprovider\.so|^libmscordbi\.so|^libmscordaccore\.so)$")


@dataclass(frozen=True)
class Entry:
    mode: int
    content: bytes = b""
    link: str = ""
    is_folder: bool = False


class Layer:
    def __init__(self):
        self.entries = {}

    def folder(self, path, mode=0o755):
        self._parents(path)
        self.entries[path] = Entry(mode, is_folder=True)

    def file(self, path, content, mode=0o644):
        self._parents(path)
        self.entries[path] = Entry(mode, content)

    def link(self, path, target):
        self._parents(path)
        self.entries[path] = Entry(0o777, link=target)

    def archive(self, epoch):
        """An uncompressed tar archive: sorted, everything root's, one time for all."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for path, entry in sorted(self.entries.items()):
                member = tarfile.TarInfo(path)
                member.mode, member.mtime = entry.mode, epoch
                member.type = tarfile.DIRTYPE if entry.is_folder else tarfile.SYMTYPE if entry.link else tarfile.REGTYPE
                member.linkname, member.size = entry.link, len(entry.content)
                archive.addfile(member, io.BytesIO(entry.content))
        return buffer.getvalue()

    def _parents(self, path):
        parts = path.split("/")[:-1]
        for i in range(1, len(parts) + 1):
            self.entries.setdefault("/".join(parts[:i]), Entry(0o755, is_folder=True))


def base(packages):
    """Libraries, certificates, and the few files by which a C library and a scanner know where they are. No program at all."""
    layer = Layer()
    certificates = {}
    for package in packages:
        for path, member, content in package.members():
            path = MERGED.sub(r"usr/\g<0>", path, count=1) if MERGED.match(path) else path
            if CERTIFICATE.match(path):
                certificates[path] = content
            if not any(kept.match(path) for kept in KEPT):
                continue
            if member.issym():
                layer.link(path, member.linkname)
            elif member.isfile():
                # The loader and the C library can be run as programs; nothing else needs to.
                layer.file(path, content, stat.S_IMODE(member.mode) & 0o755)
        layer.file(f"var/lib/dpkg/status.d/{package.name}", package.control.encode())
    for name in ("lib", "lib64"):
        layer.link(name, f"usr/{name}")
    if not certificates:
        raise BuildError("the package ca-certificates has no certificates where they are looked for")
    layer.file("etc/ssl/certs/ca-certificates.crt", b"".join(content.rstrip() + b"\n" for _, content in sorted(certificates.items())))
    layer.file("etc/passwd", f"root:x:0:0:root:/:/sbin/nologin\nnonroot:x:{USER}:{USER}:nonroot:/:/sbin/nologin\n".encode())
    layer.file("etc/group", f"root:x:0:\nnonroot:x:{USER}:\n".encode())
    layer.file("etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\n")
    for name in ("dev", "proc", "sys"):
        layer.folder(name)
    layer.folder("tmp", 0o1777)
    return layer


def program(folder):
    """The published program, and its place at the root by which it is started."""
    layer = Layer()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not UNUSED.search(name):
            layer.file(f"usr/lib/fairlead/{name}", path.read_bytes(), 0o755 if name == "fairlead" else 0o644)
    layer.link("fairlead", "usr/lib/fairlead/fairlead")
    return layer
