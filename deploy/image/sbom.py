"""The image's bill of materials, as SPDX 2.3: Debian packages, and the NuGet packages that the program is made of."""

import json
import re
import urllib.parse

from errors import BuildError
from oci import timestamp

NONE = "NOASSERTION"


def document(name, version, digest, packages, dependencies, epoch):
    components = [debian(package) for package in packages] + [nuget(*found) for found in nuget_packages(dependencies)]
    image = {
        "SPDXID": "SPDXRef-image",
        "name": name,
        "versionInfo": version,
        "primaryPackagePurpose": "CONTAINER",
        "downloadLocation": NONE,
        "filesAnalyzed": False,
        "licenseConcluded": NONE,
        "licenseDeclared": "Apache-2.0",
        "copyrightText": NONE,
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest.removeprefix("sha256:")}],
    }
    return json.dumps({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{name}-{version}",
        "documentNamespace": f"urn:fairlead:sbom:{digest}",
        "creationInfo": {"created": timestamp(epoch), "creators": ["Tool: fairlead-image"]},
        "packages": [image, *components],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-image"},
            *({"spdxElementId": "SPDXRef-image", "relationshipType": "CONTAINS", "relatedSpdxElement": component["SPDXID"]} for component in components),
        ],
    }, indent=1) + "\n"


def debian(package):
    quoted = urllib.parse.quote(package.name, safe=""), urllib.parse.quote(package.version, safe="")
    return {
        **component("deb", package.name, package.version, f"pkg:deb/debian/{quoted[0]}@{quoted[1]}?arch={package.architecture}"),
        "supplier": f"Organization: {package.maintainer}" if package.maintainer else NONE,
        "sourceInfo": f"built from the Debian source package {package.source}",
        "checksums": [{"algorithm": "SHA256", "checksumValue": package.sha256}],
        **({"homepage": package.homepage} if package.homepage else {}),
    }


def nuget(name, version):
    return component("nuget", name, version, f"pkg:nuget/{name}@{version}")


def component(kind, name, version, purl):
    return {
        "SPDXID": f"SPDXRef-{kind}-{re.sub('[^A-Za-z0-9.-]', '-', f'{name}-{version}')}",
        "name": name,
        "versionInfo": version,
        "downloadLocation": NONE,
        "filesAnalyzed": False,
        "licenseConcluded": NONE,
        "licenseDeclared": NONE,
        "copyrightText": NONE,
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}],
    }


def nuget_packages(path):
    """What the program was published with, the runtime included."""
    try:
        libraries = json.loads(path.read_text())["libraries"]
    except OSError as e:
        raise BuildError(f"{path} cannot be read ({e.strerror}); publish the program again") from e
    return sorted(
        tuple(key.removeprefix("runtimepack.").split("/")) for key, library in libraries.items() if library["type"] in ("package", "runtimepack"))
