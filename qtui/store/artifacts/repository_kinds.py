"""Packages and credentials for the artifact repositories of MLflow, by the scheme of their URIs, for error messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from urllib.parse import urlsplit

from qtui.errors import MissingExtra, QtuiError, StoreError
from qtui.text import display, redact
from qtui.value_classes import dataclass

MAX_REASON_CHARACTERS = 300

CREDENTIAL_ERRORS = re.compile(
    r"credential|authenticat|access.?denied|forbidden|unauthori[sz]ed|permission|access.?key|signature|"
    r"expired.?token|invalid.?token|\b40[13]\b|AZURE_STORAGE|kerberos|host.?key",
    re.IGNORECASE,
)
"""Words in the messages and class names of errors of logins and permissions."""


@dataclass(frozen=True, slots=True)
class RepositoryKind:
    """A kind of storage."""

    place: str
    packages: Mapping[str, str]
    """The argument of `pip install` by the name of the missing top-level module."""
    remedy: str
    """The advice for a user without access to the storage."""


AZURE_REMEDY = (
    "Set AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_ACCESS_KEY, or install azure-identity and run az login."
)
HADOOP = RepositoryKind(
    "in HDFS",
    {"pyarrow": "'qtui[parquet]'"},
    "Set JAVA_HOME, HADOOP_HOME and CLASSPATH for libhdfs, and MLFLOW_KERBEROS_TICKET_CACHE where Kerberos is used.",
)
KINDS: Mapping[str, RepositoryKind] = {
    "s3": RepositoryKind(
        "in S3",
        {"boto3": "'qtui[s3]'", "botocore": "'qtui[s3]'"},
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE; for another server than Amazon's "
        "MLFLOW_S3_ENDPOINT_URL.",
    ),
    "gs": RepositoryKind(
        "in Google Cloud Storage",
        {"google": "google-cloud-storage"},
        "Set GOOGLE_APPLICATION_CREDENTIALS, or run gcloud auth application-default login.",
    ),
    "wasbs": RepositoryKind(
        "in Azure Blob Storage",
        {"azure": "azure-storage-blob azure-identity"},
        AZURE_REMEDY,
    ),
    "abfss": RepositoryKind(
        "in Azure Data Lake",
        {"azure": "azure-storage-file-datalake azure-identity"},
        AZURE_REMEDY,
    ),
    "hdfs": HADOOP,
    "viewfs": HADOOP,
    "sftp": RepositoryKind(
        "on an SFTP server",
        {"paramiko": "pysftp", "pysftp": "pysftp"},
        "Check the user and the password of the URI, or your key in ~/.ssh and the host in ~/.ssh/known_hosts.",
    ),
    "ftp": RepositoryKind("on an FTP server", {}, "Check the user and the password of the URI."),
    "dbfs": RepositoryKind("in Databricks", {}, "Set MLFLOW_TRACKING_URI=databricks, and run databricks configure."),
}
"""The kinds of storage by scheme."""

REFERENCES = frozenset({"runs", "models"})
"""Schemes of URIs that MLflow looks up in a tracking store, which it creates in the working directory."""


def check_kind(uri: str, tracking_uri: str) -> None:
    """Raise an error for a URI whose repository would create a store, or fail without a reason."""
    scheme = urlsplit(uri).scheme.lower()
    if scheme in REFERENCES:
        raise StoreError(f"{display_uri(uri)} refers to another run or model, and is no place of artifacts.")
    if scheme == "dbfs" and not tracking_uri.startswith("databricks"):
        raise StoreError(f"The artifacts at {display_uri(uri)} are in Databricks. {KINDS[scheme].remedy}")
    is_behind_server = scheme == "mlflow-artifacts" and not urlsplit(uri).netloc
    if is_behind_server and not tracking_uri.startswith(("http:", "https:")):
        raise StoreError(
            f"The artifacts at {display_uri(uri)} are behind the tracking server: open the store with --uri "
            "http://SERVER, or set MLFLOW_TRACKING_URI to the server."
        )
    if KINDS.get(scheme) is HADOOP and find_spec("pyarrow") is None:
        raise missing_package(uri, "pyarrow")


def translate_repository_error(uri: str, participle: str, error: Exception) -> QtuiError:
    """Return the error of qtui for an error of a repository: "The artifacts cannot be {participle}"."""
    if isinstance(error, ImportError) and error.name:
        return missing_package(uri, error.name)
    if "registered artifact repository" in str(error):
        scheme = urlsplit(uri).scheme
        return StoreError(f"The artifacts at {display_uri(uri)} need a plugin of MLflow for the scheme {scheme}.")
    kind = KINDS.get(urlsplit(uri).scheme.lower())
    reason = display(redact(first_line(error)))[:MAX_REASON_CHARACTERS].rstrip(". ")
    sentence = f"The artifacts at {display_uri(uri)} cannot be {participle}: {reason}."
    is_refused = CREDENTIAL_ERRORS.search(f"{type(error).__name__} {reason}") is not None or kind is HADOOP
    return StoreError(f"{sentence} {kind.remedy}" if kind is not None and is_refused else sentence)


def missing_package(uri: str, module: str) -> MissingExtra:
    """Return the error for a module that is not installed."""
    kind = KINDS.get(urlsplit(uri).scheme.lower())
    where = f" {kind.place}" if kind is not None else ""
    packages = kind.packages.get(module.partition(".")[0], module) if kind is not None else module
    return MissingExtra(f"The artifacts at {display_uri(uri)}{where} need a package: pip install {packages}")


def first_line(error: Exception) -> str:
    """Return the first line of a message, or the name of an error without one."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def display_uri(uri: str) -> str:
    """Return a URI without secrets and control characters."""
    return display(redact(uri))
