"""Builds the OCI archive of the published program. Called by ./fairlead image; see docs/image.md."""

import argparse
import pathlib
import struct
import sys

import oci
import packages
import rootfs
import sbom
from errors import BuildError

# e_machine of ELF headers: Debian's and OCI's names of the architectures that .NET and the packages are published for.
ARCHITECTURES = {62: "amd64", 183: "arm64"}


def main():
    parser = argparse.ArgumentParser(description="Builds an OCI archive and its bill of materials.")
    parser.add_argument("--program", type=pathlib.Path, required=True, help="folder that the program was published to")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="folder for fairlead.oci.tar and fairlead.spdx.json")
    parser.add_argument("--name", default="localhost/fairlead", help="name of the image, without tag")
    parser.add_argument("--tag", required=True, help="tag, and version in the labels")
    parser.add_argument("--revision", default="", help="commit of the sources")
    parser.add_argument("--epoch", type=int, required=True, help="time of everything in the image, in seconds since 1970")
    arguments = parser.parse_args()
    try:
        build(arguments)
    except BuildError as e:
        print(f"fairlead: {e}", file=sys.stderr)
        return 1
    return 0


def build(arguments):
    architecture = architecture_of(arguments.program / "fairlead")
    found = packages.collect(arguments.output / "packages", architecture)
    layout = oci.Layout(arguments.epoch)
    descriptor = layout.image(
        [
            (rootfs.base(found).archive(arguments.epoch), "libraries and certificates from Debian packages"),
            (rootfs.program(arguments.program).archive(arguments.epoch), "fairlead"),
        ],
        architecture,
        {
            "User": f"{rootfs.USER}:{rootfs.USER}",
            "WorkingDir": "/",
            "Entrypoint": ["/fairlead"],
            # Without it .NET opens a socket for debuggers in /tmp.
            "Env": ["PATH=/", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt", "DOTNET_EnableDiagnostics=0"],
        },
        {
            "org.opencontainers.image.title": "fairlead",
            "org.opencontainers.image.description": "Leads cluster workloads onto a tailnet and tailnet destinations into a cluster: operator and proxy",
            "org.opencontainers.image.licenses": "Apache-2.0",
            "org.opencontainers.image.version": arguments.tag,
            "org.opencontainers.image.created": oci.timestamp(arguments.epoch),
            **({"org.opencontainers.image.revision": arguments.revision} if arguments.revision else {}),
        },
    )
    archive = arguments.output / "fairlead.oci.tar"
    layout.write(archive, descriptor, arguments.name, arguments.tag)
    (arguments.output / "fairlead.spdx.json").write_text(
        sbom.document(arguments.name, arguments.tag, descriptor["digest"], found, arguments.program / "fairlead.deps.json", arguments.epoch))
    print(f"{archive}: {arguments.name}:{arguments.tag}, {architecture}, {archive.stat().st_size / 1e6:.1f} MB, {descriptor['digest']}")


def architecture_of(program):
    try:
        header = program.open("rb").read(20)
    except OSError as e:
        raise BuildError(f"{program} cannot be read ({e.strerror}); run ./fairlead build") from e
    machine = struct.unpack_from("<H", header, 18)[0] if header[:4] == b"\x7fELF" else None
    if machine not in ARCHITECTURES:
        raise BuildError(f"{program} is no Linux program for {' or '.join(ARCHITECTURES.values())}")
    return ARCHITECTURES[machine]


if __name__ == "__main__":
    sys.exit(main())
