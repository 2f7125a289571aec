"""The what-if page before it meets a browser: its controls, its grid, what it carries, and the one file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import cli
from sim.charts.house.style import PALETTE
from sim.errors import RunError, UsageError
from sim.operations.log import CAUSES
from sim.policies import rules_in
from sim.scenario.loaded import LoadedScenario
from sim.whatif.assembly import DARK, assemble
from sim.whatif.controls import controls_of
from sim.whatif.grid import Grid, compute
from sim.whatif.packing import UniqueList, deltas, pack, scale_of
from sim.whatif.page import MOST_BYTES, cache_of, write_page
from sim.whatif.payload import payload
from sim.whatif.summary import days_shown
from tests.small import PLAN, plan, rules_file, small

SCENARIOS = sorted((Path(__file__).parent.parent / "scenarios").glob("*.yaml"))
DAYS = "agreements.both.gates.council.days=0,5,10"
STANDING = "agreements.both.standing=[],[council]"
REPLICATIONS = 12


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", PALETTE)
def test_every_option_can_be_seen_on_a_dark_screen(colour: str) -> None:
    colour = colour.lower()
    light, dark = _luminance(DARK.get(colour, colour)), _luminance(DARK["#ffffff"])
    assert (light + 0.05) / (dark + 0.05) >= 3  # WCAG 2.2, 1.4.11


def page_block(**inputs: Any) -> LoadedScenario:
    return sim.from_mapping(PLAN | {"page": {"inputs": inputs}})


def grid(*vary: str, scenario: LoadedScenario | None = None, **how: Any) -> Grid:
    asked = scenario or small()
    return compute(asked, controls_of(asked, vary or (DAYS,)), **{"replications": REPLICATIONS, "workers": 1, **how})


@cache
def standing() -> Grid:
    """Two settings of the small scenario, computed once for all that look at them."""
    return grid(STANDING)


@cache
def days_and_standing() -> Grid:
    """Eight settings of it."""
    return grid(DAYS, STANDING)


# --- controls ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_has_something_to_ask(path: Path) -> None:
    found = controls_of(sim.load(path))
    assert 1 <= len(found) <= 5
    for control in found:
        assert len(control.values) == len(control.names) == len(set(control.names)) >= 2
        assert control.own is not None


def test_without_being_told_it_asks_for_paper_and_holdings() -> None:
    beforehand, holding = controls_of(small())
    assert beforehand.label == "Who has agreed beforehand (both)"
    assert beforehand.names == ("Nobody", "The Council")
    assert beforehand.values[beforehand.own or 0] == []
    assert holding.label == "Infantry companies held by South"
    assert holding.values == (11, 12, 13)
    assert holding.own == 1


def test_windows_and_reserves_are_asked_for_where_there_are_any() -> None:
    raw = json.loads(json.dumps(PLAN))
    raw["agreements"]["both"]["window_days"] = 30
    raw["options"]["as it was"]["policy"]["keep"] = {"infantry_company": 2}
    by_path = {control.path: control for control in controls_of(sim.from_mapping(raw))}
    assert by_path["agreements.both.window_days"].names == ("15 days", "30 days", "60 days")
    assert by_path["options.as it was.policy.keep.infantry_company"].values == (0, 1, 2)


def test_the_scenarios_own_page_goes_before_the_defaults() -> None:
    said = {"path": "crises.raids.every_days", "values": {"rare": 60, "as now": 30}, "about": "How often they come."}
    (control,) = controls_of(page_block(**{"Raids": said}))
    assert (control.label, control.names, control.values) == ("Raids", ("rare", "as now"), (60, 30))
    assert (control.own, control.about, control.is_scale) == (1, "How often they come.", False)


def test_the_scenarios_own_value_is_on_its_page_whether_said_or_not() -> None:
    said = {"path": "crises.raids.lasts_days", "values": {"long": 40}}
    scale = {"path": "crises.raids.every_days", "values": [10, 60]}
    first, second = controls_of(page_block(Duration=said, Raids=scale))
    assert (first.names, first.own) == (("As in the scenario: 20 days on average, give or take 10 days", "long"), 0)
    assert (second.values, second.names, second.own) == ((10, 30, 60), ("10 days", "30 days", "60 days"), 1)
    with pytest.raises(UsageError, match="two values at least"):
        controls_of(page_block(Raids={"path": "crises.raids.every_days", "values": [30]}))


def test_what_is_asked_on_the_command_line_goes_before_the_page() -> None:
    said = {"path": "crises.raids.every_days", "values": [60, 30]}
    (control,) = controls_of(page_block(Raids=said), [DAYS])
    assert control.path == "agreements.both.gates.council.days"
    own = "As in the scenario: 1 to 9 days"
    assert control.names == (own, "0 days", "5 days", "10 days")
    assert control.own == 0, "the page opens on what the scenario says"


def test_the_scenarios_own_value_is_known_however_it_is_written() -> None:
    (control,) = controls_of(small(), [STANDING])
    assert control.own == 0  # the scenario says nothing of it
    values = "agreements.both.gates.council.days={uniform: {low: 2, high: 9}},{uniform: {low: 1.0, high: 9.0}}"
    assert controls_of(small(), [values])[0].own == 1
    (control,) = controls_of(small(), ["crises.raids.every_days=10,60"])
    assert (control.values, control.own, control.is_scale) == ((10, 30, 60), 1, True)


@pytest.mark.parametrize(
    ("vary", "what"),
    [
        (["missions.Nrth.holds=1,2"], "did you mean 'North'"),
        (["missions.North.holds.infantry_company=1,-2"], "must be 0 or more"),
        ([DAYS, DAYS], "only once"),
        (["missions.North.holds.infantry_company"], "must be PATH"),
        ([f"missions.North.routine.infantry_company={value},1" for value in range(6)], "at most 5 inputs"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anything_runs(vary: list[str], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        controls_of(small(), vary)


def test_nothing_to_vary_is_said() -> None:
    bare = {word: PLAN[word] for word in ("name", "period", "crises")} | {"missions": {"North": {}, "South": {}}}
    with pytest.raises(UsageError, match="nothing to vary"):
        controls_of(sim.from_mapping(bare))


# --- the grid ---------------------------------------------------------------------------------------------------------


def test_a_setting_gives_what_a_run_gives() -> None:
    found = standing()
    results = sim.run(small(), replications=REPLICATIONS, workers=1)
    for option in found.options:
        summary = found.summaries[found.keys[option][0]]
        for column, values in summary.samples.items():
            np.testing.assert_array_equal(values, results.sample(option, column))
        means = [results.sample(option, f"cause:{cause}").mean() for cause in CAUSES]
        np.testing.assert_allclose(summary.causes, means)


def test_timelines_and_loans_are_those_of_the_log() -> None:
    found = standing()
    results = sim.run(small(), replications=REPLICATIONS, workers=1)
    key = found.keys["as it was"][0]
    crises, loans = found.summaries[key].stories[0]
    number = found.stories[0]
    assert [tuple(loan) for loan in loans] == [tuple(loan) for loan in results.loans("as it was", number)]
    assert [crisis[0] for crisis in crises] == [each.name for each in results.crises("as it was", number)]
    fan = {mission: fans for mission, _, fans in found.summaries[key].timelines}["North"]
    low, high = np.array(fan["present"][1]), np.array(fan["present"][2])
    assert (low <= high).all()
    lent = sum(days for *_, days in found.summaries[key].lent)
    assert lent == pytest.approx(results.sample("as it was", "lent_unit_days").mean())


def test_before_a_mission_opens_its_timeline_is_empty() -> None:
    late = PLAN["missions"]["North"] | {"active": {"from": "2012-03-01"}}
    found = grid(STANDING, scenario=sim.from_mapping(PLAN | {"missions": PLAN["missions"] | {"North": late}}))
    days = np.array(days_shown(182))
    for summary in found.summaries.values():
        for mission, _, fans in summary.timelines:
            if mission == "North":
                for fan in fans.values():
                    assert not np.array(fan)[:, days < 60].any()
                assert np.array(fans["requirement"])[:, days > 61].all()


def test_who_is_short_under_one_option_only_is_drawn_under_every_option() -> None:
    """South lacks units only where it holds fewer; where it holds enough, it lends, which its panel must show."""
    fewer = {"policy": {"share": "none"}, "change": {"missions": {"South": {"holds": {"infantry_company": 7}}}}}
    found = grid(STANDING, scenario=sim.from_mapping(PLAN | {"options": PLAN["options"] | {"fewer": fewer}}))
    told = payload(found)
    assert [told["missions"][mission] for mission, _ in told["cells"]] == ["North", "South"]
    assert not any(fan is None for each in told["runs"] for fan in each["timelines"])
    fans = {mission: fans for mission, _, fans in found.summaries[found.keys["as it was"][0]].timelines}
    assert min(fans["South"]["present"][0]) < 12
    assert not any(fans["South"]["shortfall"][0])


def test_a_contributor_without_a_name_has_none_on_the_page() -> None:
    assert payload(standing())["contributors"] == [""]


def test_settings_that_come_to_the_same_are_run_once() -> None:
    found = days_and_standing()
    assert found.settings == 8
    assert len(set(found.keys["as it was"])) == 8
    assert len(set(found.keys["=paper <beforehand>"])) == 4  # its own change says what stands
    assert len(set(found.keys["no sharing"])) == 1  # who lends nothing needs no paper


def test_an_interrupted_grid_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    whole = write_page(small(), tmp_path / "whole.html", vary=[DAYS], replications=REPLICATIONS, workers=1)
    seen: list[int] = []

    def interrupt(done: int, _: int) -> None:
        seen.append(done)
        if done == 3:
            raise KeyboardInterrupt

    how: dict[str, Any] = {"vary": [DAYS], "replications": REPLICATIONS, "workers": 1}
    with pytest.raises(KeyboardInterrupt):
        write_page(small(), tmp_path / "page.html", progress=interrupt, **how)
    assert not (tmp_path / "page.html").exists()
    again: list[int] = []
    write_page(small(), tmp_path / "page.html", progress=lambda done, _: again.append(done), **how)
    assert again[0] == 3
    assert (tmp_path / "page.html").read_bytes() == whole.path.read_bytes()


def test_a_broken_file_in_the_cache_is_made_again(tmp_path: Path) -> None:
    first = grid(cache=tmp_path)
    for file in tmp_path.iterdir():
        file.write_text("{")
    assert grid(cache=tmp_path).summaries == first.summaries


def test_workers_do_not_matter() -> None:
    assert payload(grid(DAYS, workers=2)) == payload(grid(DAYS))


def test_replications_that_fail_are_left_out_of_all_settings(tmp_path: Path) -> None:
    rules = rules_in(rules_file(tmp_path))
    scenario = sim.from_mapping(plan("unlucky"), rules=["unlucky"])
    found = payload(grid(STANDING, scenario=scenario, rules=rules, replications=30))
    assert 2 <= found["replications"] < 30
    with pytest.raises(RunError, match="every replication failed"):
        always = {"always": lambda _: 1 / 0}
        raids = plan()["crises"]["raids"] | {"every_days": 3}
        scenario = sim.from_mapping(plan("always") | {"crises": {"raids": raids}}, rules=["always"])
        grid(STANDING, scenario=scenario, rules=always)


@pytest.mark.parametrize(
    ("how", "what"),
    [
        ({"replications": 1}, "replications: must be 2"),
        ({"seed": -1}, "seed"),
        ({"workers": 0}, "workers"),
        ({"options": ["none"]}, "no option 'none'"),
    ],
)
def test_a_grid_says_what_it_cannot_do(how: dict[str, Any], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        grid(**how)


def test_a_grid_has_its_limits() -> None:
    many = ",".join(map(str, range(50)))
    with pytest.raises(UsageError, match="at most 2,000 settings"):
        grid(*(f"missions.{name}.holds.infantry_company={many}" for name in ("North", "South")))


# --- what it carries --------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=30))
def test_packed_numbers_come_back_to_within_half_a_step(values: list[float]) -> None:
    scale = scale_of([values])
    steps = np.frombuffer(base64.b64decode(pack(values, scale)), dtype="<u2")
    np.testing.assert_allclose(steps * scale, values, atol=0.501 * scale)


def test_whole_numbers_come_back_exactly() -> None:
    assert scale_of([[0.0, 3.0, 65_535.0]]) == 1
    assert scale_of([]) == 1


def test_a_pool_holds_everything_once() -> None:
    pool = UniqueList[str]()
    assert pool.indices(["a", "b", "a"]) == [0, 1, 0]
    assert pool.items() == ["a", "b"]


def test_lines_are_steps_from_point_to_point() -> None:
    assert deltas([(1.0, 2.0), (1.5, 1.99)]) == (100, 200, 50, -1)


def test_the_page_knows_which_control_moves_which_option() -> None:
    said = payload(days_and_standing())
    days, standing = said["inputs"]
    assert days["label"] == "both: council, days"
    labels = [option["label"] for option in said["options"]]
    assert [labels[place] for place in days["idle"]] == ["no sharing", "=paper <beforehand>"]
    assert [labels[place] for place in standing["idle"]] == ["no sharing", "=paper <beforehand>"]
    assert said["start"] == [0, 0]


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "page.html"
    written = write_page(small(), path, vary=[STANDING], replications=REPLICATIONS, workers=1)
    assert written.bytes == path.stat().st_size
    return path.read_text(encoding="utf-8")


def test_the_policy_lets_only_the_pages_own_scripts_and_style_in(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    said = policy[1].replace("&#39;", "'")
    assert said.startswith("default-src 'none'")
    assert "unsafe" not in said
    for text in (
        *re.findall(r"<script>(.*?)</script>", html, re.DOTALL),
        re.findall(r"<style>(.*?)</style>", html, re.DOTALL)[0],
    ):
        summary = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{summary}'" in said


def test_the_file_names_no_other_place(html: str) -> None:
    assert set(re.findall(r"[a-z]+://[^\s'\"`]+", html)) <= {"http://www.w3.org/2000/svg"}  # a name, not an address
    assert not re.search(r"<(link|iframe|object|embed|base)\b|@import|url\((?!#)", html.replace("url(#${", "url(#"))
    assert re.findall(r"\bsrc=", html) == []


def test_an_existing_page_is_written_again_but_no_other_file(tmp_path: Path) -> None:
    how: dict[str, Any] = {"vary": [STANDING], "replications": 2, "workers": 1}
    mine = tmp_path / "mine.html"
    mine.write_text("<p>a report</p>")
    with pytest.raises(UsageError, match="is no what-if page"):
        write_page(small(), mine, **how)
    write_page(small(), mine, force=True, **how)
    write_page(small(), mine, **how)
    other = {**how, "vary": [STANDING, "crises.raids.every_days=20,40"]}
    for question in (other, {**how, "seed": 99}):
        with pytest.raises(UsageError, match="asks something else; give --out another name, or --force"):
            write_page(small(), mine, **question)
    write_page(small(), mine, force=True, **{**how, "seed": 99})
    with pytest.raises(UsageError, match="is a folder"):
        write_page(small(), tmp_path, **how)


def test_the_command_writes_the_page_and_says_where(tmp_path: Path) -> None:
    scenario = tmp_path / "small.yaml"
    scenario.write_text(json.dumps(PLAN))
    words = ["page", str(scenario), "--vary", STANDING, "--replications", "4", "--workers", "1", "--quiet"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        found = CliRunner().invoke(cli.intermission, words)
    assert found.output.startswith("results/small.html: 2 settings × 3 options, 4 replications each;")
    assert (tmp_path / "results" / "small.html").is_file()
    assert cache_of(tmp_path / "results" / "small.html").is_dir()


def test_a_page_without_some_replications_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    scenario = tmp_path / "unlucky.yaml"
    scenario.write_text(json.dumps(plan("unlucky")))
    words = [
        "page",
        scenario,
        "--vary",
        STANDING,
        "--replications",
        30,
        "--workers",
        1,
        "--rules",
        rules_file(tmp_path),
    ]
    monkeypatch.setattr("sys.argv", ["intermission", *map(str, words), "--out", str(tmp_path / "page.html")])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 1
    said = capfd.readouterr()
    assert "replications failed and are left out" in said.err
    assert said.out.startswith(str(tmp_path / "page.html"))


def test_an_interrupted_command_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.whatif.page.write_page", interrupted)
    scenario = tmp_path / "small.yaml"
    scenario.write_text(json.dumps(PLAN))
    found = CliRunner().invoke(
        cli.intermission, ["page", str(scenario), "--out", str(tmp_path / "page.html"), "--quiet"]
    )
    assert found.exit_code == 130
    assert f"kept in {tmp_path / 'page.grid'}: the same command goes on" in found.output


@pytest.mark.no_cover
@pytest.mark.slow
def test_the_default_page_of_west_africa_is_small_enough_for_a_mail(tmp_path: Path) -> None:
    scenario = next(path for path in SCENARIOS if path.stem == "west_africa_2010")
    page = write_page(sim.load(scenario), tmp_path / "page.html", replications=2)
    assert page.settings >= 30
    assert page.bytes < MOST_BYTES / 2  # with 200 replications it grows by less than that


def test_a_page_opens_with_the_question_and_its_answer(tmp_path: Path) -> None:
    """What stands there is what `run` says of the same replications, and what nobody priced has no cost."""
    apart = {"policy": {"share": "all"}, "change": {"missions": {"South": {"holds": {"infantry_company": 19}}}}}
    question = {"ask": "Is <b>paper</b> worth it?", "compare": ["as it was", "no sharing"]}
    asked = {**plan(), "question": question, "options": {**plan()["options"], "more units": apart}}
    scenario = sim.from_mapping(asked)
    write_page(scenario, tmp_path / "page.html", vary=[DAYS], replications=40, workers=1)
    told = sim.answer(sim.compare(sim.run(scenario, replications=40, workers=1)))
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    data = json.loads(page.partition('<script id="data" type="application/json">')[2].partition("</script>")[0])
    assert data["asked"]["sentences"] == list(told.sentences)
    assert page.index("Is &lt;b&gt;paper&lt;/b&gt; worth it?") < page.index("Set the numbers")
    assert [option["label"] for option in data["options"] if option["apart"]] == ["more units"]
    assert not any(option["counted"] for option in data["options"] if option["apart"])


def test_names_on_a_page_are_shown_and_keep_their_order() -> None:
    raw = json.loads(json.dumps(PLAN))
    raw["options"]["as it was"]["label"] = "\u202eobeyed\x1b[2J"
    raw["crises"]["قوة الأمم"] = raw["crises"].pop("raids")
    page = assemble(payload(grid(DAYS, scenario=sim.from_mapping(raw))))
    found = json.loads(page.partition('<script id="data" type="application/json">')[2].partition("</script>")[0])
    assert "\\u202eobeyed\\x1b[2J" in [option["label"] for option in found["options"]]
    assert found["crises"] == ["\u2068قوة الأمم\u2069"]
