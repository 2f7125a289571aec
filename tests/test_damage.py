"""Results folders that were damaged, edited or made by somebody else: right, or one clear line, never another number.

Nothing here is a signature. Who knows how digests are made can make a folder of other numbers; such a folder must not
write elsewhere, run anything, hang or take all memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import DamageError, IntermissionError, ResultsError, RunError, UsageError
from sim.measures.catalogue import COLUMNS
from sim.questions.regret.regret import clairvoyant
from sim.questions.stopping.race import race
from sim.results.digests import digest, measure_digests, salts
from sim.results.outcome import Outcome
from sim.results.schema import STORED
from sim.results.writer import Store
from tests.small import contents, rules_file, small

OPTIONS = ["no sharing", "as it was", "by rule"]
KEPT = 10
Damage = Callable[[Path], None]
SECONDS, MEGABYTES = 10, 500


def test_any_one_or_two_flipped_bits_change_a_digest() -> None:
    generator = np.random.default_rng(1)
    values = np.where(generator.random(len(COLUMNS)) < 0.5, 0.0, generator.random(len(COLUMNS)) * 1000)
    flips = [1 << bit for bit in range(64)]
    masks = np.zeros((64 * len(COLUMNS), len(COLUMNS)), dtype=np.uint64)
    masks[np.arange(len(masks)), np.arange(len(masks)) // 64] = np.array(flips * len(COLUMNS), dtype=np.uint64)
    two = masks[generator.integers(len(masks), size=20_000)] ^ masks[generator.integers(len(masks), size=20_000)]
    signs = np.array([masks[64 * one + 63] ^ masks[64 * other + 63] for one in range(31) for other in range(one)])
    changed_rows = (values.view(np.uint64) ^ np.concatenate([masks, two[two.any(axis=1)], signs])).view(np.float64)
    salt, none = salts("run", [("option", "mission", "resource")]), np.zeros(1, dtype=np.int64)
    sound = measure_digests(salt, none, values[np.newaxis])
    assert not (measure_digests(salt, np.zeros(len(changed_rows), dtype=np.int64), changed_rows) == sound).any()
    other = [measure_digests(salts("other run", [("option", "mission", "resource")]), none, values[np.newaxis])]
    other += [measure_digests(salt, none + 1, values[np.newaxis])]
    assert sound not in other


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that a folder may have: rules, a race, bounds, failures."""
    place = tmp_path_factory.mktemp("made")
    _make(place / "sound", rules_file(place), seed=7)
    _make(place / "other", rules_file(place), seed=8)
    return place


def _make(folder: Path, rules: Path, seed: int) -> None:
    words: dict[str, Any] = {"options": OPTIONS, "seed": seed, "rules": rules, "workers": 1, "keep_loans": KEPT}
    scenario = small("unlucky")
    sim.run(scenario, out=folder, replications=24, **words)
    clairvoyant(sim.read(folder), workers=1)


@pytest.fixture(scope="module")
def sound(made: Path) -> bytes:
    return everything(made / "sound")


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "sound", tmp_path / "folder"))


def everything(folder: Path) -> bytes:
    """All that a folder says, as bytes."""
    results = sim.read(folder)
    said: list[Any] = [sim.compare(results).as_json(), results.failures(), results.runs(), results.seeds]
    for option in results.options:
        said.append(sorted(results.bounds(option).items()))
        for number in results.kept_replications:
            said += [results.loans(option, number), list(results.levels(option, number).items())]
            said += [[(one.name, one.phases, one.given_up) for one in results.crises(option, number)]]
    return json.dumps(said).encode()


@contextmanager
def no_hang() -> Iterator[None]:
    """A guard against hanging, and against taking all memory."""

    def late(*_: Any) -> None:
        raise AssertionError(f"took more than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < MEGABYTES * 1024


def files() -> list[str]:
    return ["manifest.json", "results.sqlite", "scenario.yaml", "rules/rules.py"]


def by_files() -> Iterator[tuple[str, Damage]]:
    """Every file cut short, with flipped bits, missing, doubled, swapped, as a link, a pipe, a folder."""
    for name in files():
        for tenths in range(10):
            yield f"{name} cut to {tenths} tenths", partial(_rewritten, name, partial(_cut, tenths))
        for place in range(16):
            yield f"{name} flipped at {place} of 16", partial(_rewritten, name, partial(_flipped, place))
        for change in (_doubled, _zeros, _holed, _beheaded):
            yield f"{name} {change.__name__[1:]}", partial(_rewritten, name, change)
        for what in (_missing, _without_rights, _as_link, _as_dangling_link, _as_pipe, _as_folder, _as_device):
            yield f"{name} {what.__name__[1:]}", partial(_replaced, name, what)
        yield f"{name} of another run", partial(_swapped, name)


def _rewritten(name: str, change: Callable[[bytes], bytes], folder: Path) -> None:
    (folder / name).write_bytes(change((folder / name).read_bytes()))


def _replaced(name: str, what: Callable[[Path], None], folder: Path) -> None:
    what(folder / name)


def _cut(tenths: int, old: bytes) -> bytes:
    return old[: len(old) * tenths // 10]


def _doubled(old: bytes) -> bytes:
    return old * 2


def _zeros(old: bytes) -> bytes:
    return bytes(len(old))


def _beheaded(old: bytes) -> bytes:
    return old[1:]


def _missing(path: Path) -> None:
    path.unlink()


def _without_rights(path: Path) -> None:
    path.chmod(0)


def _flipped(place: int, old: bytes) -> bytes:
    at = (len(old) - 1) * place // 15
    return old[:at] + bytes([old[at] ^ (1 << place % 8)]) + old[at + 1 :]


def _holed(old: bytes) -> bytes:
    third = len(old) // 3
    return old[:third] + bytes(third) + old[2 * third :]


def _swapped(name: str, folder: Path) -> None:
    others = [each for each in _MADE[0].glob("other/**/*") if each.name == Path(name).name]
    shutil.copy(others[0], folder / name)


def _as_link(path: Path) -> None:
    target = path.with_name(f"{path.name}.elsewhere")
    path.rename(target)
    path.symlink_to(target)


def _as_dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


def _as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _as_device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


_MADE: list[Path] = []

WORDS: list[tuple[str, Any]] = [
    ("seed", 8),
    ("seed", -1),
    ("seed", 2**64),
    ("seed", 7.5),
    ("seed", True),
    ("replications", 12),
    ("replications", 25),
    ("replications", 0),
    ("replications", -3),
    ("replications", 10**11),
    ("replications", "24"),
    ("options", []),
    ("options", ["as it was"]),
    ("options", ["as it was", "as it was"]),
    ("options", ["nobody"]),
    ("options", "as it was"),
    ("keep_loans", 10**12),
    ("keep_loans", -1),
    ("shard", "1/2"),
    ("shard", "0/0"),
    ("shard", "1/99999999999999999999"),
    ("shard", "²/³"),
    ("rules_file", "../../.bashrc"),
    ("rules_file", "/etc/passwd"),
    ("rules_file", "..\\x.py"),
    ("rules_file", ""),
    ("rules_file", None),
    ("rules", None),
    ("rules", "sha256:0"),
    ("rule_names", ["x"] * 3),
    ("fingerprint", "sha256:0"),
    ("code", "sha256:0"),
    ("complete", False),
    ("complete", 1),
    ("failed", 0),
    ("bounded", False),
    ("scenario", "\x1b[2J"),
    ("scenario_file", ""),
    ("format", 2),
    ("format", 99),
]


def by_manifests() -> Iterator[tuple[str, Damage]]:
    """Single words of the manifest edited, and manifests that are none."""
    for word, value in WORDS:
        yield f"manifest {word} {value!r}"[:60], partial(_with_word, word, value)
    for number, text in enumerate(
        ("[" * 100_000, "1" * 10_000, "{}", "[]", "null", '"x"', "\x00", "{" + " " * 2_000_000)
    ):
        yield (
            f"manifest that is none {number}",
            partial(_replaced, "manifest.json", partial(_written, text)),
        )


def _with_word(word: str, value: Any, folder: Path) -> None:
    edited(folder, {word: value})


def _written(text: str, path: Path) -> None:
    path.write_text(text)


def edited(folder: Path, words: dict[str, Any], *, signed: bool = False) -> None:
    known = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | words
    if signed:
        known.pop("digest")
        text = json.dumps(known, sort_keys=True).encode()
        known["digest"] = f"sha256:{hashlib.sha256(text).hexdigest()}"
    (folder / "manifest.json").write_text(json.dumps(known), encoding="utf-8")


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS option, x AS replication FROM n"


EDITS = (
    "DELETE FROM overall WHERE replication = 3 AND option = 'as it was'",
    "DELETE FROM overall WHERE replication = 3",
    "DELETE FROM replications WHERE replication = 3 AND option = 'as it was' AND mission = 'North'",
    "DELETE FROM replications WHERE mission = 'North'",
    "UPDATE overall SET unmet_unit_days = unmet_unit_days + 1 WHERE replication = 9 AND option = 'as it was'",
    "UPDATE overall SET unmet_unit_days = NULL WHERE replication = 9",
    "UPDATE overall SET unmet_unit_days = 'many' WHERE replication = 9",
    "UPDATE overall SET unmet_unit_days = x'00ff' WHERE replication = 9",
    "UPDATE overall SET unmet_unit_days = 9e999 WHERE replication = 9",
    "UPDATE overall SET unmet_unit_days = zeroblob(90000000) WHERE replication = 9 AND option = 'as it was'",
    "UPDATE overall SET requirement_unit_days = unmet_unit_days, unmet_unit_days = requirement_unit_days",
    "UPDATE overall SET replication = -replication WHERE replication = 9",
    "UPDATE overall SET replication = 1000 + replication WHERE option = 'as it was'",
    "UPDATE overall SET replication = 23 - replication + 100; UPDATE overall SET replication = replication - 100",
    "UPDATE overall SET option = 'x' WHERE option = 'as it was'",
    "UPDATE overall SET digest = digest + 1 WHERE replication = 9",
    "UPDATE overall SET digest = 'x'",
    "UPDATE replications SET mission = 'x' WHERE mission = 'North'",
    "UPDATE replications SET cost_usd = 0",
    "UPDATE cells SET mission = 'x' WHERE number = 0",
    "UPDATE cells SET number = number + 1000; UPDATE cells SET number = number - 999",
    "DELETE FROM cells WHERE number = 1",
    "INSERT INTO cells SELECT option, 77, mission, resource, digest FROM cells WHERE number = 0",
    "DELETE FROM failures",
    "UPDATE failures SET error = 'nothing'",
    "UPDATE failures SET replication = 2 WHERE replication = (SELECT MIN(replication) FROM failures)",
    "INSERT INTO failures VALUES ('as it was', 4, 7, 'it', 'there', 0)",
    "UPDATE bounds SET clairvoyant_unmet_unit_days = 0 WHERE replication = 9",
    "UPDATE bounds SET replication = replication + 1000",
    "UPDATE crises SET phases = '[[[[' WHERE replication = 9",
    "UPDATE crises SET given_up = '5' WHERE replication = 9",
    "DELETE FROM digests",
    "UPDATE digests SET loans = 0 WHERE replication = 9",
    "CREATE TABLE mine (x); INSERT INTO mine VALUES (1)",
    "PRAGMA application_id = 5",
    "VACUUM",
    "PRAGMA encoding = 'UTF-16'",
)
"""What somebody with a database program may do to a folder."""


def statements() -> Iterator[str]:
    """All of that, and the same to every table."""
    yield from EDITS
    yield f"CREATE VIEW endless AS {ENDLESS}"
    for log, column in (("loans", "units"), ("levels", "shortfall"), ("crises", "severity")):
        yield f"UPDATE {log} SET {column} = {column} + 1 WHERE replication = 9"
        yield f"DELETE FROM {log} WHERE replication = 9 AND number = 0"
        yield f"DELETE FROM {log}"
        yield f"UPDATE {log} SET replication = replication + 1000"
    for table in STORED:
        name = table.name
        yield f"DROP TABLE {name}"
        yield (
            f"DELETE FROM {name} WHERE rowid_is_not_there IS NULL"
            if False
            else f"ALTER TABLE {name} RENAME TO {name}_2"
        )
        yield f"DROP TABLE {name}; CREATE TABLE {name} (x)"
        yield f"DROP TABLE {name}; CREATE VIEW {name} AS SELECT 1"
        yield f"DROP TABLE {name}; CREATE VIEW {name} AS {ENDLESS}"
        yield f"ALTER TABLE {name} ADD COLUMN more"
        yield f"CREATE TRIGGER t_{name} AFTER INSERT ON {name} BEGIN DELETE FROM overall; END"
        yield f"CREATE INDEX i_{name} ON {name} ({next(iter(table.columns))})"


def by_statements() -> Iterator[tuple[str, Damage]]:
    for statement in statements():
        yield statement[:80], partial(_stated, statement)


def _stated(statement: str, folder: Path) -> None:
    changed(folder, statement)


def changed(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "results.sqlite")) as database:
        database.executescript(statement)


DAMAGES = [*by_files(), *by_manifests(), *by_statements()]


def test_there_are_enough_of_them() -> None:
    assert len(DAMAGES) >= 300


@pytest.mark.parametrize("damage", [each for _, each in DAMAGES], ids=[name for name, _ in DAMAGES])
def test_what_is_damaged_is_right_or_one_clear_line(folder: Path, made: Path, sound: bytes, damage: Damage) -> None:
    _MADE[:] = [made]
    damage(folder)
    with no_hang():
        try:
            said = everything(folder)
        except IntermissionError as error:
            assert "\n" not in str(error) and str(folder) in str(error)
        else:
            assert said == sound, "another number"


@pytest.mark.parametrize(("word", "value"), [each for each in WORDS if each[0] != "format"], ids=str)
def test_a_manifest_with_a_right_digest_leads_nowhere_either(folder: Path, word: str, value: Any) -> None:
    edited(folder, {word: value}, signed=True)
    before = sorted(each for each in folder.parent.rglob("*") if each.parent != folder / "rules")
    with no_hang():
        for use in (everything, lambda place: sim.merge(folder.parent / "merged", place)):
            try:
                use(folder)
            except IntermissionError as error:
                assert "\n" not in str(error)
    outside = {each for each in folder.parent.rglob("*") if folder.parent / "merged" not in (each, *each.parents)}
    assert outside <= {*before, folder / "rules" / "rules.py"}


def test_merge_writes_no_rules_outside_its_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("mine")
    shutil.copy(folder / "rules" / "rules.py", folder.parent / "y.py")
    edited(folder, {"rules_file": "../../x.py"}, signed=True)
    with pytest.raises(DamageError, match=r"manifest\.json: says what cannot be about rules_file"):
        sim.merge(tmp_path / "a" / "merged", folder)
    assert (tmp_path / "x.py").read_text() == "mine"


REPAIRED: tuple[tuple[str, set[int]], ...] = (
    ("DELETE FROM overall WHERE replication = 3 AND option = 'as it was'", {3}),
    ("DELETE FROM replications WHERE replication = 9 AND mission = 'North'", {9}),
    ("UPDATE overall SET unmet_unit_days = unmet_unit_days + 1 WHERE replication IN (9, 23)", {9, 23}),
    ("UPDATE overall SET unmet_unit_days = 'many' WHERE replication = 9", {9}),
    ("UPDATE replications SET cost_usd = 1 WHERE replication = 0", {0}),
    ("UPDATE loans SET units = units + 1 WHERE replication = 9", {9}),
    ("DELETE FROM levels WHERE replication = 9", {9}),
    ("DELETE FROM digests WHERE replication = 9", {9}),
    ("UPDATE cells SET mission = 'x'", set()),
    ("DELETE FROM cells", set()),
)


@pytest.mark.parametrize(("statement", "damaged"), REPAIRED, ids=[each for each, _ in REPAIRED])
def test_a_resumed_run_makes_just_what_is_damaged_again(
    *, folder: Path, made: Path, statement: str, damaged: set[int], monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    changed(folder, statement)
    with pytest.raises(DamageError, match="damaged or missing in part; run --resume makes just that again"):
        everything(folder)
    ran: set[int] = set()
    save = Store.save

    def saved(store: Store, one: Outcome) -> None:
        ran.update(range(*one.batch))
        save(store, one)

    monkeypatch.setattr(Store, "save", saved)
    sim.run(
        small("unlucky"),
        options=OPTIONS,
        replications=24,
        rules=made / "rules.py",
        workers=1,
        keep_loans=KEPT,
        out=folder,
        resume=True,
    )
    assert ran == damaged
    assert ("they are run again" in caplog.text) == bool(damaged)
    clairvoyant(sim.read(folder), workers=1)
    assert contents(folder) == contents(made / "sound")


def test_shards_that_are_damaged_are_not_merged(folder: Path, tmp_path: Path) -> None:
    changed(folder, "UPDATE replications SET cost_usd = 1 WHERE replication = 7 AND option = 'as it was'")
    with pytest.raises(DamageError, match="replication 7 is damaged"):
        sim.merge(tmp_path / "merged", folder)


@pytest.mark.no_cover
def test_a_race_that_was_damaged_is_run_again(tmp_path: Path, caplog: Any) -> None:
    words: dict[str, Any] = {"options": ["no sharing", "as it was"], "workers": 1, "most": 200, "out": tmp_path}
    first, _ = race(small(), 1e9, **words)
    path = tmp_path / "race.json"
    whole = path.read_bytes()
    known = json.loads(whole)
    known["samples"]["as it was"][3] += 1.0
    for text in (json.dumps(known), "{", "[" * 100_000, '{"samples": 5}'):
        path.write_text(text)
        caplog.clear()
        again, _ = race(small(), 1e9, **words)
        assert again == first and path.read_bytes() == whole
        assert "was damaged or edited; the race is run again" in caplog.text


@pytest.mark.parametrize("name", ["charts", "rules", "results.sqlite-wal", "summary.csv", "race.json"])
def test_a_run_follows_no_link(folder: Path, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.py").write_text("mine")
    shutil.rmtree(folder / name, ignore_errors=True)
    (folder / name).symlink_to(elsewhere)
    for force in (False, True):
        with pytest.raises(UsageError, match="is a link, and nothing is written through one; remove it"):
            sim.run(small(), replications=2, workers=1, out=folder, force=force)
    assert [each.name for each in elsewhere.iterdir()] == ["mine.py"]


def test_briefings_and_exports_follow_no_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    for name in ("briefing", "export"):
        (folder / name).mkdir()
        (folder / name / "coverage.svg").symlink_to(tmp_path / "mine")
    results = sim.read(folder)
    with pytest.raises(UsageError, match=r"coverage\.svg: is a link"):
        sim.brief(results, folder / "briefing", "svg", only=["coverage"])
    with pytest.raises(UsageError, match=r"coverage\.svg: is a link"):
        sim.export(results, "csv")
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_folder_that_is_renamed_away_ends_the_run_at_once(tmp_path: Path) -> None:
    def rename(done: int, _: int) -> None:
        if done == 5:
            (tmp_path / "out").rename(tmp_path / "gone")

    with pytest.raises(RunError, match="out: was renamed or removed while it was written to"):
        sim.run(small(), replications=400, workers=1, out=tmp_path / "out", progress=rename)
    assert not (tmp_path / "out").exists()
    (tmp_path / "gone").rename(tmp_path / "out")
    sim.run(small(), replications=8, workers=1, out=tmp_path / "out", resume=True)
    sim.run(small(), replications=8, workers=1, out=tmp_path / "whole")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_a_name_that_is_too_long_is_a_wrong_input(tmp_path: Path) -> None:
    place = tmp_path / ("x" * 300)
    with pytest.raises(UsageError, match="File name too long"):
        sim.run(small(), replications=2, workers=1, out=place)
    with pytest.raises(UsageError, match="File name too long"):
        sim.read(place)


REPLAY = "intermission tell evil.yaml --rules evil.py"
FORGED: tuple[tuple[Any, ...], ...] = (
    (f"x\n  in here: {REPLAY}", 4, 7, "it", "there"),
    (f"'; {REPLAY} #", 4, 7, "it", "there"),
    ("by rule", 4, 7, f"it\n  in here: {REPLAY}", "there"),
    ("by rule", 4, 7, f"it\r  in here: {REPLAY}", "there"),
    ("by rule", 4, 7, f"it\x85  in here: {REPLAY}", "there"),
    ("by rule", -4, 7, "it", "there"),
    ("by rule", 4.5, 7, "it", "there"),
    ("by rule", 4, 7, REPLAY.encode(), "there"),
)


@pytest.mark.parametrize("row", FORGED, ids=range(len(FORGED)))
def test_what_is_printed_to_play_a_failure_again_is_never_somebody_elses(folder: Path, row: tuple[Any, ...]) -> None:
    """Their digests are right: whoever makes a folder knows how."""
    known = digest(sim.read(folder).manifests[0].run, "failures", *row)
    with closing(sqlite3.connect(folder / "results.sqlite")) as database:
        database.execute("DELETE FROM overall WHERE replication = 4 AND option = 'by rule'")
        database.execute("DELETE FROM failures WHERE replication = 4")
        database.execute("INSERT INTO failures VALUES (?, ?, ?, ?, ?, ?)", (*row, known))
        database.commit()
    with pytest.raises(DamageError, match="damaged or missing in part") as caught:
        sim.read(folder).failures()
    assert "evil" not in str(caught.value)
    with pytest.raises(DamageError, match="damaged or missing in part"):
        sim.compare(sim.read(folder))


@pytest.mark.parametrize("name", ["a\nintermission run evil.yaml.py", "a\r.py", "a\t.py"])
def test_a_rules_file_is_a_name_in_one_line(folder: Path, name: str) -> None:
    edited(folder, {"rules_file": name}, signed=True)
    with pytest.raises(DamageError, match=r"manifest\.json: says what cannot be about rules_file"):
        sim.read(folder)


def test_the_command_in_a_manifest_is_made_and_not_believed(folder: Path) -> None:
    edited(folder, {"command": REPLAY}, signed=True)
    results = sim.read(folder)
    assert "evil" not in results.manifests[0].command
    assert all("evil" not in each["replay"] for each in results.failures())


def test_folders_of_an_earlier_format_are_refused_with_what_to_do(folder: Path) -> None:
    edited(folder, {"format": 2})
    with pytest.raises(
        ResultsError, match=r"earlier version \(format 2, this one reads 5\): run it again with --force"
    ):
        sim.read(folder)
