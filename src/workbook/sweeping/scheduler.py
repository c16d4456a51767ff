"""Whether a scheduler answers at an address, asked before anything is sent there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 5


@dataclass(frozen=True)
class Tls:
    """The files that an encrypted scheduler asks for: the authority's certificate, our own, and its
    key. Where none is named Dask's own configuration has its say
    (``DASK_DISTRIBUTED__COMM__TLS__CA_FILE`` and its neighbours, or ``~/.config/dask``).
    """

    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def security(self) -> Any:
        """Return Dask's security options."""
        from distributed.security import Security

        named = {
            "tls_ca_file": self.authority,
            "tls_client_cert": self.certificate,
            "tls_client_key": self.key,
        }
        given = {option: str(path) for option, path in named.items() if path}
        return Security(require_encryption=True, **given) if given else Security()


class NoScheduler(Exception):
    """No Dask scheduler answers at an address; the message says why and how one is written."""


IN_CONFIGURATION = Tls()


def require_scheduler(address: str, tls: Tls = IN_CONFIGURATION) -> None:
    """Return when a scheduler answers at an address within seconds; else raise `NoScheduler`.

    Anything may answer, and whatever it says is read as a message of Dask: so any fault counts.
    """
    try:
        answer = asyncio.run(_identity(address, tls))
    except Exception as fault:
        raise NoScheduler(
            f"--scheduler {address}: no Dask scheduler answers there ({_why(fault)}); "
            "write tcp://HOST:PORT, as `dask scheduler` says it when it starts, or tls://HOST:PORT"
            " with --tls-ca, --tls-cert and --tls-key"
        ) from fault
    if answer.get("type") != "Scheduler":
        raise NoScheduler(
            f"--scheduler {address}: a {answer.get('type')} answers there; "
            "give the scheduler's own address"
        )


async def _identity(address: str, tls: Tls) -> dict[str, str]:
    from distributed.core import rpc

    async with asyncio.timeout(PATIENCE_SECONDS):
        keys = tls.security().get_connection_args("client")
        async with rpc(address, timeout=PATIENCE_SECONDS, connection_args=keys) as scheduler:
            return await scheduler.identity()


def _why(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return f"nothing within {PATIENCE_SECONDS} seconds"
    if isinstance(fault, ValueError | TypeError):  # the address could not be read
        return str(fault)
    return "what answers speaks another language"
