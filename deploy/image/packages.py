"""The Debian packages that hold what the program needs at run time, from the machine's own apt."""

import hashlib
import io
import pathlib
import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass

from errors import BuildError

# What .NET's self-contained programs load: the C and C++ runtimes and OpenSSL; zstd is for the tailnet's control protocol. ICU is not
# needed, as the program is built culture-invariant, nor are time zones, as all its times are UTC.
# Names that differ between releases stand beside each other, the older one first: the newer may be known from a release that apt knows
# besides the machine's own.
WANTED = (
    ("base-files",),
    ("ca-certificates",),
    ("libc6",),
    ("libgcc-s1",),
    ("libssl3", "libssl3t64"),
    ("libstdc++6",),
    ("libzstd1",),
)


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    architecture: str
    source: str
    maintainer: str
    homepage: str
    control: str
    sha256: str
    path: pathlib.Path

    def members(self):
        """Yields (path inside the package, tarfile.TarInfo, content) of files and links."""
        data = run("dpkg-deb", "--fsys-tarfile", str(self.path))
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                content = archive.extractfile(member).read() if member.isfile() else b""
                yield member.name.removeprefix("./"), member, content


def collect(folder, architecture):
    """Downloads the packages that are not in the folder yet, and those with the licences of the C runtimes."""
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            raise BuildError(f"{program} is not on the PATH; the image's base is put together from Debian packages, so build it on Debian or Ubuntu")
    if run("dpkg", "--print-architecture").decode().strip() != architecture:
        raise BuildError(f"the program is for {architecture} and this machine is not; build the image on a machine of that architecture")
    folder.mkdir(parents=True, exist_ok=True)
    packages = [download(names, folder) for names in WANTED]
    bases = {name for package in packages for name in re.findall(r"\bgcc-\d+-base\b", field(package.control, "Depends"))}
    packages += [download((name,), folder) for name in sorted(bases)]
    return sorted(packages, key=lambda package: package.name)


def download(names, folder):
    for name in names:
        # Elsewhere than in the folder: apt says nothing of a file that is there already.
        answer = subprocess.run(["apt-get", "download", "--print-uris", name], capture_output=True, text=True, cwd="/")
        described = re.match(r"'(\S+)' (\S+) \d+ SHA256:([0-9a-f]{64})", answer.stdout.strip())
        if answer.returncode != 0 or described is None:
            continue
        path, expected = folder / described[2], described[3]
        if not path.exists() or digest(path) != expected:
            run("apt-get", "download", "-o", "APT::Sandbox::User=root", name, cwd=folder)
        if digest(path) != expected:
            raise BuildError(f"{path} is not the package that apt's lists describe; run apt-get update and try again")
        return describe(path, expected)
    raise BuildError(f"apt knows no package {' or '.join(names)}; run apt-get update and try again")


def describe(path, sha256):
    control = run("dpkg-deb", "--field", str(path)).decode()
    source = field(control, "Source").split(" ")[0] or field(control, "Package")
    return Package(
        name=field(control, "Package"), version=field(control, "Version"), architecture=field(control, "Architecture"), source=source,
        maintainer=field(control, "Maintainer"), homepage=field(control, "Homepage"), control=control, sha256=sha256, path=path)


def field(control, name):
    found = re.search(rf"^{name}: *(.*)$", control, re.MULTILINE)
    return found[1].strip() if found else ""


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(*command, cwd=None):
    done = subprocess.run(command, capture_output=True, cwd=cwd)
    if done.returncode != 0:
        raise BuildError(f"{' '.join(command)} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
