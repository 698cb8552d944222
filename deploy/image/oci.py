"""Writes an OCI image layout (image-spec 1.1) as one archive."""

import gzip
import hashlib
import io
import json
import tarfile
from datetime import datetime, timezone

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


class Layout:
    def __init__(self, epoch):
        self.epoch = epoch
        self.blobs = {}

    def blob(self, media_type, content):
        digest = hashlib.sha256(content).hexdigest()
        self.blobs[digest] = content
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    def image(self, layers, architecture, runtime, labels):
        """Adds an image of the (archive, description) given; returns the descriptor of its manifest."""
        created = timestamp(self.epoch)
        descriptors, diff_ids, history = [], [], []
        for archive, description in layers:
            diff_ids.append(f"sha256:{hashlib.sha256(archive).hexdigest()}")
            descriptors.append(self.blob(LAYER, compressed(archive)))
            history.append({"created": created, "created_by": description})
        config = self.blob(CONFIG, text({
            "created": created,
            "architecture": architecture,
            "os": "linux",
            "config": {**runtime, "Labels": labels},
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
            "history": history,
        }))
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": descriptors, "annotations": labels}
        return {**self.blob(MANIFEST, text(manifest)), "platform": {"architecture": architecture, "os": "linux"}}

    def write(self, path, descriptor, name, tag):
        # The first annotation is the layout's own; the second tells containerd and Docker the whole name.
        annotations = {"org.opencontainers.image.ref.name": tag, "io.containerd.image.name": f"{name}:{tag}"}
        files = {
            "oci-layout": text({"imageLayoutVersion": "1.0.0"}),
            "index.json": text({
                "schemaVersion": 2,
                "mediaType": "application/vnd.oci.image.index.v1+json",
                "manifests": [{**descriptor, "annotations": annotations}],
            }),
            **{f"blobs/sha256/{digest}": content for digest, content in sorted(self.blobs.items())},
        }
        with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
            for name, content in files.items():
                member = tarfile.TarInfo(name)
                member.size, member.mtime, member.mode = len(content), self.epoch, 0o644
                archive.addfile(member, io.BytesIO(content))


def compressed(archive):
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=6, mtime=0) as stream:
        stream.write(archive)
    return buffer.getvalue()


def text(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def timestamp(epoch):
    return datetime.fromtimestamp(epoch, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
