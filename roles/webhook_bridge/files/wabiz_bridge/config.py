# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the bridge: a file without secrets, and a file of secrets that only the service can read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .backoff import Policy
from .translate import Shape


class ConfigError(Exception):
    """All faults of the two files; the text never holds a secret."""


@dataclass(frozen=True)
class Secrets:
    """What nobody else may read. Its representation shows nothing of it."""

    app_secrets: tuple[str, ...] = field(repr=False)
    verify_token: str = field(repr=False)
    access_token: str = field(default="", repr=False)
    consumers: Mapping[str, str] = field(default_factory=dict, repr=False)
    consumer_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    media_user: str = field(default="", repr=False)
    media_password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """Everything else. Times are seconds, sizes bytes."""

    database: Path
    secrets: Secrets
    host: str = "127.0.0.1"
    port: int = 8080
    private_host: str = "127.0.0.1"
    private_port: int = 8081
    path: str = "/webhook"
    tls_certificate: str = ""
    tls_key: str = ""
    workers: int = 1
    max_body: int = 3 * 2**20
    body_seconds: float = 10.0
    max_connections: int = 1000
    max_waiting: int = 2000
    max_pending: int = 500_000
    min_free: int = 64 * 2**20
    max_database: int = 0
    seen_days: float = 8.0
    parallel: int = 32
    consumer_seconds: float = 10.0
    consumer_ca: str = ""
    stop_seconds: float = 20.0
    graph_url: str = "https://graph.facebook.com"
    graph_version: str = "v26.0"
    media_hosts: tuple[str, ...] = ("lookaside.fbsbx.com",)
    max_media: int = 100 * 2**20
    policy: Policy = field(default_factory=Policy)
    shape: Shape = field(default_factory=Shape)


def _integer(least: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ValueError(f"expected an integer of {least} or more")
        return value

    return check


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 10**9:
        raise ValueError("expected a number above 0")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("expected a text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValueError("expected a list of texts")
    return tuple(value)


def _pairs(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ValueError("expected a mapping of texts")
    return value


def _codes(value: Any) -> dict[int, int]:
    if not isinstance(value, dict):
        raise ValueError("expected a mapping of error numbers")
    return {int(key): int(number) for key, number in value.items()}


def _choice(*allowed: Any) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if value not in allowed:
            raise ValueError(f"expected one of {', '.join(map(str, allowed))}")
        return value

    return check


def _http(value: Any) -> str:
    text = _text(value)
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        # its text quotes a part of the address, which may hold a password
        good = False
    if not good:
        raise ValueError("expected an http or https URL")
    return text


OPTIONS: dict[str, Callable[[Any], Any]] = {
    "host": _text,
    "port": _integer(0),
    "private_host": _text,
    "private_port": _integer(0),
    "path": _text,
    "tls_certificate": _text,
    "tls_key": _text,
    "workers": _integer(1),
    "max_body": _integer(1),
    "body_seconds": _seconds,
    "max_connections": _integer(1),
    "max_waiting": _integer(1),
    "max_pending": _integer(1),
    "min_free": _integer(0),
    "max_database": _integer(0),
    "seen_days": _seconds,
    "parallel": _integer(1),
    "consumer_seconds": _seconds,
    "consumer_ca": _text,
    "stop_seconds": _seconds,
    "graph_url": _http,
    "graph_version": _text,
    "media_hosts": _texts,
    "max_media": _integer(1),
}
POLICY = {"first": _seconds, "longest": _seconds, "max_tries": _integer(1), "max_age": _seconds}
SHAPE: dict[str, Callable[[Any], Any]] = {
    "played": _choice("read", "keep", "drop"),
    "timestamps": _choice("string", "integer"),
    "user_id_as_wa_id": _choice(True, False),
    "error_codes": _codes,
}
SECRETS: dict[str, Callable[[Any], Any]] = {
    "app_secrets": _texts,
    "verify_token": _text,
    "access_token": _text,
    "consumers": _pairs,
    "consumer_headers": _pairs,
    "media_user": _text,
    "media_password": _text,
}


def _checked(found: Any, options: Mapping[str, Callable[[Any], Any]], name: str, faults: list[str]) -> dict[str, Any]:
    if not isinstance(found, dict):
        faults.append(f"{name}: expected a mapping")
        return {}
    result = {}
    for key, value in found.items():
        if key not in options:
            faults.append(f"{name}: unknown option {key}")
            continue
        try:
            result[key] = options[key](value)
        except ValueError as error:
            faults.append(f"{name}: {key}: {error}")
    return result


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from None
    except ValueError:
        raise ConfigError(f"{path} is no JSON") from None


def _secrets(found: Any, faults: list[str]) -> Secrets | None:
    held = _checked(found, SECRETS, "secrets", faults)
    faults += [f"secrets: {name} is missing" for name in ("app_secrets", "verify_token") if not held.get(name)]
    for number, url in held.get("consumers", {}).items():
        try:
            _http(url)
        except ValueError as error:
            faults.append(f"secrets: consumers: {number}: {error}")
    return None if faults else Secrets(**held)


def secrets_path(path: Path) -> Path:
    """Return where the secrets are: in the directory of systemd's credentials, else beside the settings."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return (Path(folder) if folder else path.parent) / "secrets.json"


def load(path: Path, secrets: Path) -> Settings:
    """Read both files; raise ConfigError with all faults at once."""
    return checked(_read(path), _read(secrets))


def checked(found: Any, secrets: Any) -> Settings:
    """Return the settings that the contents of the two files make; raise ConfigError with all faults at once."""
    faults: list[str] = []
    if not isinstance(found, dict):
        raise ConfigError("settings: expected a mapping")
    found = dict(found)
    database = found.pop("database", None)
    if not isinstance(database, str) or not Path(database).is_absolute():
        faults.append("settings: database: expected an absolute path")
    policy = _checked(found.pop("retry", {}), POLICY, "retry", faults)
    shape = _checked(found.pop("shape", {}), SHAPE, "shape", faults)
    options = _checked(found, OPTIONS, "settings", faults)
    if not options.get("path", "/webhook").startswith("/"):
        faults.append("settings: path: expected a path that starts with /")
    if bool(options.get("tls_certificate")) != bool(options.get("tls_key")):
        faults.append("settings: tls_certificate and tls_key belong together")
    held = _secrets(secrets, faults)
    if faults or held is None:
        raise ConfigError("\n".join(faults))
    return Settings(
        database=Path(str(database)), secrets=held, policy=Policy(**policy), shape=Shape(**shape), **options
    )
