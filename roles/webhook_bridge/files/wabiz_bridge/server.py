# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of the service: sockets are bound once, uvicorn runs one worker or several on them."""

from __future__ import annotations

import logging
import logging.config
import os
import shutil
import socket
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from . import config

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s[%(process)d]: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}


def create() -> ASGIApp:
    """Make the application of a worker, whose settings come by the environment of its parent."""
    # counters of all workers lie in files, whose place must be known before the metrics are made
    from .app import Bridge

    settings = config.load(Path(os.environ["BRIDGE_CONFIG"]), Path(os.environ["BRIDGE_SECRETS"]))
    return Bridge(settings, private_port=int(os.environ["BRIDGE_PRIVATE_PORT"])).app


def bind(host: str, port: int) -> socket.socket:
    """Bind a socket that workers inherit."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    bound.set_inheritable(True)
    return bound


def serve(path: Path, secrets: Path) -> int:
    """Run the service until it is told to stop by SIGTERM or SIGINT."""
    settings = config.load(path, secrets)
    logging.config.dictConfig(LOGGING)
    os.umask(0o077)
    folder = Path(os.environ.get("RUNTIME_DIRECTORY") or settings.database.parent) / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    public = bind(settings.host, settings.port)
    private = bind(settings.private_host, settings.private_port)
    ports = [one.getsockname()[1] for one in (public, private)]
    os.environ.update(
        PROMETHEUS_MULTIPROC_DIR=str(folder),
        BRIDGE_CONFIG=str(path.absolute()),
        BRIDGE_SECRETS=str(secrets.absolute()),
        BRIDGE_PRIVATE_PORT=str(ports[1]),
    )
    server = uvicorn.Config(
        "wabiz_bridge.server:create",
        factory=True,
        workers=settings.workers,
        http="h11",
        loop="auto",
        ws="none",
        lifespan="on",
        log_config=LOGGING,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=settings.max_connections,
        timeout_graceful_shutdown=int(settings.stop_seconds),
        ssl_certfile=settings.tls_certificate or None,
        ssl_keyfile=settings.tls_key or None,
    )
    logging.getLogger("wabiz_bridge").info(
        "webhooks at port %d, private port %d, workers: %d", *ports, settings.workers
    )
    if settings.workers > 1:
        Multiprocess(server, sockets=[public, private]).run()
        return 0
    runner = uvicorn.Server(server)
    runner.run(sockets=[public, private])
    return 0 if runner.started else 1
