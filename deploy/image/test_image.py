"""Looks into the image that ./fairlead image has built; the folder is in FAIRLEAD_IMAGE."""

import gzip
import hashlib
import io
import json
import os
import pathlib
import stat
import struct
import subprocess
import tarfile
import tempfile
import unittest

import build
import oci
import rootfs

FOLDER = pathlib.Path(os.environ.get("FAIRLEAD_IMAGE", "artifacts/image"))


class Image:
    def __init__(self, path):
        with tarfile.open(path) as archive:
            self.files = {member.name: archive.extractfile(member).read() for member in archive}
        self.index = json.loads(self.files["index.json"])
        self.manifest = json.loads(self.blob(self.index["manifests"][0]))
        self.config = json.loads(self.blob(self.manifest["config"]))
        self.layers = [gzip.decompress(self.blob(layer)) for layer in self.manifest["layers"]]

    def blob(self, descriptor):
        return self.files["blobs/" + descriptor["digest"].replace(":", "/")]

    def entries(self):
        for layer in self.layers:
            with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
                for member in archive:
                    yield member, archive.extractfile(member).read() if member.isfile() else b""

    def unpack(self, folder):
        for layer in self.layers:
            with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
                # Links that lead to the root are what an image has.
                archive.extraction_filter = lambda member, path: member
                archive.extractall(folder)


class ImageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.image = Image(FOLDER / "fairlead.oci.tar")

    def test_every_blob_has_the_size_and_the_digest_that_refer_to_it(self):
        for descriptor in [*self.image.index["manifests"], self.image.manifest["config"], *self.image.manifest["layers"]]:
            content = self.image.blob(descriptor)
            self.assertEqual(descriptor["size"], len(content))
            self.assertEqual(descriptor["digest"], f"sha256:{hashlib.sha256(content).hexdigest()}")
        self.assertEqual({"imageLayoutVersion": "1.0.0"}, json.loads(self.image.files["oci-layout"]))
        self.assertEqual(len(self.image.files), 2 + 2 + len(self.image.layers), "there are blobs that nothing refers to")

    def test_the_configuration_knows_the_layers_uncompressed(self):
        self.assertEqual([f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in self.image.layers], self.image.config["rootfs"]["diff_ids"])

    def test_it_runs_as_a_user_with_a_number_and_not_as_root(self):
        self.assertEqual("65532:65532", self.image.config["config"]["User"])
        self.assertEqual(["/fairlead"], self.image.config["config"]["Entrypoint"])

    def test_the_architecture_is_the_programs(self):
        program = next(content for member, content in self.image.entries() if member.name == "usr/lib/fairlead/fairlead")
        machine = struct.unpack_from("<H", program, 18)[0]
        self.assertEqual(build.ARCHITECTURES[machine], self.image.config["architecture"])
        self.assertEqual(self.image.config["architecture"], self.image.index["manifests"][0]["platform"]["architecture"])

    def test_labels_say_what_it_is_and_of_when(self):
        labels = self.image.config["config"]["Labels"]
        for name in ("title", "description", "licenses", "version", "created"):
            self.assertTrue(labels[f"org.opencontainers.image.{name}"], name)
        self.assertEqual(self.image.config["created"], labels["org.opencontainers.image.created"])

    def test_everything_is_roots_and_nothing_gives_privileges_or_is_writable(self):
        for member, _ in self.image.entries():
            with self.subTest(member.name):
                self.assertEqual((0, 0), (member.uid, member.gid))
                self.assertFalse(member.mode & (stat.S_ISUID | stat.S_ISGID))
                self.assertTrue(member.issym() or member.name == "tmp" or not member.mode & 0o022)
                self.assertFalse(member.ischr() or member.isblk() or member.isfifo())

    def test_the_program_is_the_only_one(self):
        found = {member.name for member, content in self.image.entries() if member.isfile() and member.mode & 0o111}
        libraries = {name for name in found if ".so" in name.rsplit("/", 1)[-1]}
        self.assertEqual({"usr/lib/fairlead/fairlead"}, found - libraries)

    def test_the_bill_of_materials_names_packages_and_runtime(self):
        document = json.loads((FOLDER / "fairlead.spdx.json").read_text())
        names = {package["name"] for package in document["packages"]}
        installed = {member.name.rsplit("/", 1)[-1] for member, _ in self.image.entries() if member.isfile() and "/status.d/" in member.name}
        self.assertLessEqual(installed, names)
        self.assertTrue(any(name.startswith("Microsoft.NETCore.App.Runtime.") for name in names), names)
        self.assertTrue(any(reference["referenceLocator"].startswith("pkg:nuget/YamlDotNet@") for package in document["packages"] for reference in package.get("externalRefs", [])))
        self.assertEqual(self.image.index["manifests"][0]["digest"], f"sha256:{document['packages'][0]['checksums'][0]['checksumValue']}")


class RunningTests(unittest.TestCase):
    """In namespaces of its own, on a root file system that is read-only and without network."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.image = Image(FOLDER / "fairlead.oci.tar")
        self.image.unpack(self.folder.name)

    def test_it_says_its_version(self):
        self.assertIn(self.image.config["config"]["Labels"]["org.opencontainers.image.version"], self.run_inside("/fairlead version"))

    def test_every_library_finds_those_it_needs(self):
        libraries = " ".join(f"/usr/lib/fairlead/{path.name}" for path in pathlib.Path(self.folder.name, "usr/lib/fairlead").glob("*.so"))
        loader = next(pathlib.Path(self.folder.name, "usr/lib64").glob("ld-linux*"), None) or next(pathlib.Path(self.folder.name, "usr/lib").glob("ld-linux*"))
        for library in libraries.split():
            self.assertNotIn("not found", self.run_inside(f"/{loader.relative_to(self.folder.name)} --list {library}"), library)

    def test_cryptography_works(self):
        # Keys, a certificate, and listeners with TLS; it stays up until it is stopped.
        output = self.run_inside("/fairlead dev tailnet --credentials /tmp/oauth", first_line=True)
        self.assertIn("Control plane on http://127.0.0.1:", output)

    def run_inside(self, command, first_line=False):
        variables = " ".join(self.image.config["config"]["Env"])
        script = f"""
            ip link set lo up 2>/dev/null
            mount --bind "$0" "$0" && mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/tmp" && mount -o remount,bind,ro "$0" "$0" || exit 99
            for variable in {variables}; do export "$variable"; done
            exec /usr/sbin/chroot "$0" {command}"""
        inside = ["unshare", "--user", "--map-root-user", "--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", script, self.folder.name]
        if not self.has_namespaces():
            self.skipTest("the kernel gives no user namespaces here")
        if first_line:
            with subprocess.Popen(inside, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
                try:
                    return process.stdout.readline()
                finally:
                    process.kill()
        done = subprocess.run(inside, capture_output=True, text=True, timeout=60)
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stdout

    @staticmethod
    def has_namespaces():
        return subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "true"], capture_output=True).returncode == 0


class ReproducibilityTests(unittest.TestCase):
    def test_the_order_in_which_files_are_found_makes_no_difference(self):
        archives = []
        for names in (("b/two", "a/one"), ("a/one", "b/two")):
            layer = rootfs.Layer()
            for name in names:
                layer.file(name, name.encode())
            with tempfile.TemporaryDirectory() as folder:
                layout = oci.Layout(1)
                descriptor = layout.image([(layer.archive(1), "files")], "amd64", {}, {})
                path = pathlib.Path(folder, "image.tar")
                layout.write(path, descriptor, "localhost/x", "1")
                archives.append(path.read_bytes())
        self.assertEqual(*archives)


if __name__ == "__main__":
    unittest.main()
