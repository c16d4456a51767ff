"""Whether a scheduler answers at an address, asked before anything is sent there."""

from __future__ import annotations

import asyncio

PATIENCE_SECONDS = 5


class NoScheduler(Exception):
    """No Dask scheduler answers at an address; the message says why and how one is written."""


def require_scheduler(address: str) -> None:
    """Return when a scheduler answers at an address within seconds; else raise `NoScheduler`.

    Anything may answer, and whatever it says is read as a message of Dask: so any fault counts.
    """
    try:
        answer = asyncio.run(_identity(address))
    except Exception as fault:
        raise NoScheduler(
            f"--scheduler {address}: no Dask scheduler answers there ({_why(fault)}); "
            "write tcp://HOST:PORT, as `dask scheduler` says it when it starts"
        ) from fault
    if answer.get("type") != "Scheduler":
        raise NoScheduler(
            f"--scheduler {address}: a {answer.get('type')} answers there; "
            "give the scheduler's own address"
        )


async def _identity(address: str) -> dict[str, str]:
    from distributed.core import rpc

    async with asyncio.timeout(PATIENCE_SECONDS):
        async with rpc(address, timeout=PATIENCE_SECONDS) as scheduler:
            return await scheduler.identity()


def _why(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return f"nothing within {PATIENCE_SECONDS} seconds"
    if isinstance(fault, ValueError | TypeError):  # the address could not be read
        return str(fault)
    return "what answers speaks another language"
