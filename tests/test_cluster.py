"""Workers elsewhere: a real Dask scheduler and two worker processes on loopback, one of which is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim
from sim.errors import UsageError
from sim.running import runner
from sim.running import workers as pools
from tests.shell import Shell
from tests.small import contents, plan, rules_file, small

pytest.importorskip("distributed")


def started(*words: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(Path(sim.__file__).parents[1])}
    command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler's address, and its two workers."""
    file = folder / "scheduler.json"
    quiet = ("--dashboard-address", "127.0.0.1:0")
    scheduler = started("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), *quiet)
    workers = []
    try:
        for _ in range(2400):  # two minutes: only a scheduler that hangs is given up
            if file.exists() and file.read_text().strip().endswith("}"):
                break
            assert scheduler.poll() is None, scheduler.communicate()[1].decode()
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        local = ("--local-directory", str(folder), "--no-nanny", "--nthreads", "1", *quiet)
        workers = [started("dask_worker", address, *local) for _ in range(2)]
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a cluster where nobody dies."""
    with running(tmp_path_factory.mktemp("cluster")) as (address, _):
        yield address


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # distributed's own, on newer Pythons
def test_a_cluster_gives_the_same_bytes_though_a_worker_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "START_UP_SECONDS", 0.0)
    monkeypatch.setattr(runner, "BATCH_SECONDS", 0.5)
    scenario, rules = small("slow"), rules_file(tmp_path)
    plain: dict[str, Any] = {"replications": 60, "rules": rules, "keep_loans": 5}
    killed: list[int] = []
    with running(tmp_path) as (address, workers):

        def kill(done: int, _: int) -> None:
            if done > 15 and not killed:
                killed.append(workers[0].pid)
                workers[0].kill()

        far = sim.run(scenario, cluster=address, progress=kill, out=tmp_path / "far", **plain)
        assert workers[1].poll() is None, "the workers belong to somebody else"
    assert killed
    near = sim.run(scenario, workers=2, out=tmp_path / "near", **plain)
    assert contents(tmp_path / "far") == contents(tmp_path / "near")
    assert sim.compare(far).as_json() == sim.compare(near).as_json()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.usefixtures("no_charts")
def test_the_command_line_prints_the_same_from_a_cluster(
    cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any
) -> None:
    monkeypatch.setattr(pools, "START_UP_SECONDS", 0.0)
    shell, file = Shell(monkeypatch, capfdbinary), tmp_path / "small.yaml"
    file.write_text(yaml.safe_dump(plan(), allow_unicode=True, sort_keys=False), encoding="utf-8")
    words = ("run", file, "--precision", "15%", "--bound", "--json")
    far = shell(*words, "--cluster", cluster, "--out", tmp_path / "far")
    near = shell(*words, "--workers", 1, "--out", tmp_path / "near")
    assert (far.status, far.out) == (0, near.out)
    assert contents(tmp_path / "far") == contents(tmp_path / "near")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_race_and_a_sweep_are_the_same_on_a_cluster(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.running.workers.START_UP_SECONDS", 0.0)
    scenario = small()
    far, near = (
        sim.select(scenario, 3.0, options=["no sharing", "as it was"], **who)
        for who in ({"cluster": cluster}, {"workers": 1})
    )
    assert far == near
    vary = {"crises.raids.every_days": [30, 60]}
    swept = [
        sim.sweep(scenario, vary, replications=60, **who).as_json() for who in ({"cluster": cluster}, {"workers": 1})
    ]
    assert swept[0] == swept[1]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_nobody_at_the_address_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.running.cluster.WAIT_SECONDS", 1)
    with pytest.raises(UsageError, match=r"--cluster tcp://127\.0\.0\.1:1: no Dask scheduler with a worker answers"):
        sim.run(small(), replications=2, cluster="tcp://127.0.0.1:1", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
