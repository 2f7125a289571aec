"""Workers on other machines, through a Dask scheduler that is there already.

A scheduler runs what it is sent: use one on a trusted network, or one that asks for TLS certificates.
"""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Any

from sim.errors import UsageError
from sim.extras import require

WAIT_SECONDS = 15
"""How long to wait for the scheduler, and for its first worker."""


class ClusterWorkers:
    """The workers of a Dask scheduler; UsageError where nothing answers at `address` (`tcp://host:port`)."""

    def __init__(self, address: str) -> None:
        distributed = require("distributed", "cluster")
        _check(distributed, address)
        try:
            self._client = distributed.Client(address, timeout=WAIT_SECONDS, set_as_default=False)
            self._client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except (OSError, ValueError, TimeoutError) as error:
            raise UsageError(f"--cluster {address}: no Dask scheduler with a worker answers ({error})") from None
        self.count = max(1, sum(self._client.nthreads().values()))
        self.losses: tuple[type[BaseException], ...] = (
            distributed.scheduler.KilledWorker,
            distributed.client.FutureCancelledError,
        )

    def start(self) -> Executor:
        """The cluster's workers, as they are."""
        executor: Any = self._client.get_executor(pure=False, retries=0)
        return executor  # type: ignore[no-any-return]

    def stop(self, executor: Executor) -> None:
        """Drop what has not been done; the workers themselves belong to somebody else."""
        executor.shutdown(wait=False)

    def close(self) -> None:
        """Leave the scheduler."""
        self._client.close()


def _check(distributed: Any, address: str) -> None:
    """Refuse what is no address before there is a client, who would complain of it once more when it goes."""
    try:
        scheme, where = distributed.comm.parse_address(address)
        distributed.comm.registry.get_backend(scheme)
        distributed.comm.parse_host_port(where)
    except ValueError as error:
        told = f"--cluster: must be the address of a Dask scheduler, like tcp://host:8786, not {address!r}"
        raise UsageError(f"{told} ({error})") from None
