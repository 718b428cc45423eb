"""Artifacts in the repositories of MLflow: one clear sentence for what is missing, and parts of objects in S3."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from qtui.entities import Artifact, RunInfo
from qtui.errors import MissingExtra, QtuiError, StoreError
from qtui.store import ArtifactRoot
from qtui.store.artifacts.download import download
from qtui.store.artifacts.remote_copy import RemoteCopy
from qtui.store.artifacts.repository import list_artifacts, upload
from qtui.store.artifacts.repository_kinds import translate_repository_error
from qtui.store.artifacts.streams import stream_opener
from tests.stores.remote.hostile import serving

MISSING = [
    ("s3://bucket/x", "boto3", "in S3 need a package: pip install 'qtui[s3]'"),
    ("gs://bucket/x", "google.cloud", "in Google Cloud Storage need a package: pip install google-cloud-storage"),
    (
        "wasbs://c@a.blob.core.windows.net/x",
        "azure",
        "in Azure Blob Storage need a package: pip install azure-storage-blob azure-identity",
    ),
    (
        "abfss://c@a.dfs.core.windows.net/x",
        "azure",
        "in Azure Data Lake need a package: pip install azure-storage-file-datalake azure-identity",
    ),
    ("sftp://user:secret@host/x", "paramiko", "on an SFTP server need a package: pip install pysftp"),
]


@pytest.mark.parametrize(("uri", "module", "sentence"), MISSING)
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, uri: str, module: str, sentence: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra) as caught:
        list_artifacts(uri)
    assert str(caught.value).endswith(sentence)
    assert "secret" not in str(caught.value)


class ClientError(Exception):
    """The error of botocore."""


class AuthenticationException(Exception):
    """The error of paramiko."""


class ResourceNotFoundError(Exception):
    """The error of Azure for something that is missing."""


REFUSALS = [
    ("s3://b/x", ClientError("An error occurred (InvalidAccessKeyId) when calling ListObjectsV2"), "AWS_ACCESS_KEY_ID"),
    ("s3://b/x", ClientError("An error occurred (403) when calling HeadObject: Forbidden"), "AWS_ACCESS_KEY_ID"),
    ("gs://b/x", Exception("401 GET https://storage: Anonymous caller does not have access"), "gcloud auth"),
    ("wasbs://b/x", Exception("You need to set one of AZURE_STORAGE_CONNECTION_STRING\nor more"), "az login"),
    ("hdfs://n/x", OSError("Unable to load libjvm\ndlopen(/usr/lib) failed"), "JAVA_HOME"),
    ("sftp://u:secret@h/x", Exception("No hostkey for host h found."), "known_hosts"),
    ("sftp://u:secret@h/x", AuthenticationException("sftp://u:secret@h refused"), "known_hosts"),
]


@pytest.mark.parametrize(("uri", "error", "remedy"), REFUSALS)
def test_a_refusal_is_one_sentence_with_its_remedy(uri: str, error: Exception, remedy: str) -> None:
    message = str(translate_repository_error(uri, "listed", error))
    assert "cannot be listed: " in message and remedy in message
    assert "\n" not in message and "secret" not in message


def test_another_error_has_no_remedy() -> None:
    error = translate_repository_error("wasbs://b/x", "read", ResourceNotFoundError("The blob does not exist.\nDetail"))
    assert str(error) == "The artifacts at wasbs://b/x cannot be read: The blob does not exist."


@pytest.mark.parametrize("uri", ["runs:/abc/x", "models:/m/1", "dbfs:/x", "mlflow-artifacts:/1/x", "foo://b/x"])
def test_no_uri_creates_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, uri: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(StoreError):
        list_artifacts(uri)
    assert list(tmp_path.iterdir()) == []


CONTENT = bytes(range(256)) * 4000
LISTING = b"""<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated><Contents>
<Key>runs/a/data.bin</Key>
<Size>1024000</Size></Contents></ListBucketResult>"""
DENIED = b"<Error><Code>SignatureDoesNotMatch</Code><Message>The signature does not match.</Message></Error>"


class Bucket:
    """A server with one object in one bucket."""

    def __init__(self) -> None:
        self.tag = '"1"'
        self.is_closed = False
        self.requested: list[str] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        address = urlsplit(request.path)
        byte_range = request.headers.get("Range", "")
        if self.is_closed:
            self._send(request, 403, DENIED, {"Content-Type": "application/xml"})
        elif "list-type" in parse_qs(address.query):
            self._send(request, 200, LISTING, {"Content-Type": "application/xml"})
        elif request.headers.get("If-Match", self.tag) != self.tag:
            self._send(request, 412, b"<Error><Code>PreconditionFailed</Code></Error>", {})
        else:
            self.requested.append(byte_range)
            first, _, last = byte_range.removeprefix("bytes=").partition("-")
            start, end = int(first), min(len(CONTENT), int(last or len(CONTENT)) + 1)
            position = f"bytes {start}-{end - 1}/{len(CONTENT)}"
            self._send(request, 206, CONTENT[start:end], {"Content-Range": position})

    def _send(self, request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
        request.send_response(status)
        modified = "Sun, 06 Nov 1994 08:49:37 GMT"
        for name, value in {"Content-Length": str(len(body)), "ETag": self.tag, "Last-Modified": modified}.items():
            request.send_header(name, value)
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        try:
            request.wfile.write(body)
        except OSError:
            request.close_connection = True


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """Serve a bucket, and set the variables by which MLflow finds it."""
    pytest.importorskip("boto3")
    bucket = Bucket()
    with serving(bucket) as address:
        monkeypatch.setenv("MLFLOW_S3_ENDPOINT_URL", f"http://{address}")
        monkeypatch.setenv("MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE", "path")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield bucket


def open_copy() -> RemoteCopy:
    """Open the object."""
    return RemoteCopy(stream_opener(RunInfo("a", "1"), ArtifactRoot("s3://bucket/runs/a")), Artifact("data.bin", False))


def test_parts_of_an_object_in_s3_are_read(bucket: Bucket) -> None:
    assert list_artifacts("s3://bucket/runs/a").items == (Artifact("data.bin", False, 1_024_000),)
    copy = open_copy()
    assert copy.size == len(CONTENT)
    assert copy.read(0, 10) == CONTENT[:10]
    assert copy.read(1_000_000, 100) == CONTENT[1_000_000:1_000_100]
    assert copy.read(500_000, 10) == CONTENT[500_000:500_010]
    assert bucket.requested[1:] == ["bytes=1000000-1023999", "bytes=500000-631071"]
    bucket.tag = '"2"'
    with pytest.raises(QtuiError, match="has changed"):
        copy.read(700_000, 10)
    copy.close()


def test_wrong_credentials_of_s3_are_one_sentence(bucket: Bucket) -> None:
    bucket.is_closed = True
    for request in (lambda: list_artifacts("s3://bucket/runs/a"), lambda: open_copy()):
        with pytest.raises(StoreError, match=r"s3://bucket/runs/a .*signature does not match.*Set AWS_ACCESS"):
            request()


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    """A folder that stands for a storage, with the artifacts of a run."""
    folder = tmp_path / "storage"
    (folder / "sig" / "deep").mkdir(parents=True)
    (folder / "pred.bin").write_bytes(CONTENT)
    (folder / "sig" / "deep" / "ic.csv").write_bytes(b"ic\n0.05\n")
    return folder


def check_repository(uri: str, storage: Path, tmp_path: Path) -> None:
    """List, view, download and upload artifacts at a URI, whose repository has them in the folder."""
    listed = list_artifacts(uri)
    assert listed.items == (Artifact("pred.bin", False, len(CONTENT)), Artifact("sig", True))
    assert [item.path for item in list_artifacts(uri, "sig").items] == ["sig/deep"]
    open_stream = stream_opener(RunInfo("a", "1"), ArtifactRoot(uri))
    copy = RemoteCopy(open_stream, Artifact("sig/deep/ic.csv", False, 8))
    assert copy.read(3, 10) == b"0.05\n"
    copy.close()
    download("", tmp_path / "copy", lambda path: list_artifacts(uri, path), open_stream, overwrite=False)
    assert (tmp_path / "copy" / "pred.bin").read_bytes() == CONTENT
    assert (tmp_path / "copy" / "sig" / "deep" / "ic.csv").read_bytes() == b"ic\n0.05\n"
    upload(uri, tmp_path / "copy" / "sig", "again")
    upload(uri, tmp_path / "copy" / "pred.bin", "again")
    assert (storage / "again" / "deep" / "ic.csv").read_bytes() == b"ic\n0.05\n"
    assert (storage / "again" / "pred.bin").read_bytes() == CONTENT


URIS = {
    "gs://bucket/runs/a": "GCSArtifactRepository",
    "wasbs://box@account.blob.core.windows.net/runs/a": "AzureBlobArtifactRepository",
    "abfss://box@account.dfs.core.windows.net/runs/a": "AzureDataLakeArtifactRepository",
    "hdfs://name:8020/runs/a": "HdfsArtifactRepository",
    "sftp://user@host/runs/a": "SFTPArtifactRepository",
    "ftp://user@host/runs/a": "FTPArtifactRepository",
}
"""URIs, and the repository that MLflow has for them."""


@pytest.mark.parametrize("uri", URIS)
def test_the_repository_of_mlflow_is_called_as_it_expects(
    monkeypatch: pytest.MonkeyPatch, storage: Path, tmp_path: Path, uri: str
) -> None:
    from mlflow.entities import FileInfo
    from mlflow.store.artifact import artifact_repository_registry
    from mlflow.store.artifact.artifact_repo import ArtifactRepository

    opened: list[str] = []

    class FolderRepository(ArtifactRepository):  # type: ignore[misc]
        def __init__(self, artifact_uri: str, *args: object, **options: object) -> None:
            super().__init__(artifact_uri, *args, **options)
            opened.append(artifact_uri)

        def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
            folder = storage / (path or "")
            children = folder.iterdir() if folder.is_dir() else ()
            return [
                FileInfo(str(file.relative_to(storage)), file.is_dir(), None if file.is_dir() else file.stat().st_size)
                for file in children
            ]

        def _download_file(self, remote_file_path: str, local_path: str) -> None:
            shutil.copyfile(storage / remote_file_path, local_path)

        def log_artifact(self, local_file: str, artifact_path: str | None = None) -> None:
            shutil.copy(local_file, storage / (artifact_path or ""))

        def log_artifacts(self, local_dir: str, artifact_path: str | None = None) -> None:
            shutil.copytree(local_dir, storage / (artifact_path or ""), dirs_exist_ok=True)

    registry = artifact_repository_registry._artifact_repository_registry._registry
    scheme = uri.partition(":")[0]
    assert registry[scheme].__name__ == URIS[uri]
    monkeypatch.setitem(registry, scheme, FolderRepository)
    check_repository(uri, storage, tmp_path)
    assert set(opened) == {uri}


@pytest.mark.parametrize("start", ["hdfs://name:8020", "viewfs://cluster"])
def test_the_repository_for_hdfs_reads_and_writes(
    monkeypatch: pytest.MonkeyPatch, storage: Path, tmp_path: Path, start: str
) -> None:
    fs = pytest.importorskip("pyarrow.fs")
    monkeypatch.setattr(
        "mlflow.store.artifact.hdfs_artifact_repo.HadoopFileSystem", lambda **options: fs.LocalFileSystem()
    )
    check_repository(f"{start}{storage}", storage, tmp_path)
