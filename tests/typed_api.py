"""Every public word as a program that is checked strictly uses it: mypy reads this file, nothing runs it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import assert_type

from matplotlib.figure import Figure

import sim
import sim.charts.timeline  # imports the file; sim.charts.timeline is its function all the same
from sim.briefing.pack import brief
from sim.charts import gantt, timeline
from sim.charts.coverage import alt, finding, rows
from sim.charts.house.style import Chart
from sim.charts.house.words import Row
from sim.comparison.answer import Answer
from sim.comparison.comparison import Comparison
from sim.comparison.verdict import Verdict
from sim.questions.decision.decision import Decision
from sim.questions.doubts.result import Doubts
from sim.questions.hindcast.hindcast import Hindcast
from sim.questions.regret.regret import Regret
from sim.questions.sizing.sizing import Sizing
from sim.questions.stopping.sequential import Precise, Selection
from sim.questions.story.story import Story
from sim.questions.sweep.sweep import Sweep
from sim.results.reader import Results
from sim.scenario.loaded import LoadedScenario


def the_readme() -> None:
    scenario = sim.load("scenarios/west_africa_2010.yaml")
    results = sim.run(scenario, replications=1000)
    comparison = sim.compare(results)
    assert_type(scenario, LoadedScenario)
    assert_type(results, Results)
    assert_type(comparison, Comparison)
    assert_type(sim.charts.coverage(comparison), Chart)
    assert_type(sim.brief(comparison, "briefing.pptx"), list[Path])
    assert_type(sim.answer(comparison), Answer)
    assert_type(sim.answer(comparison).text, str)
    assert_type(sim.decide(comparison), Decision)
    assert_type(sim.doubts(results), Doubts)
    assert_type("\n".join(sim.decide(comparison).sentences()), str)
    story = sim.tell(scenario, option="as it was", replication=3)
    assert_type(story, Story)
    assert_type("\n".join(story.lines()), str)
    sizing = sim.size(scenario, "attack_helicopter", coverage=0.5)
    swept = sim.sweep(scenario, {"agreements.UNOCI and UNMIL.at_most.attack_helicopter": [0, 1, 2, 3]})
    assert_type(sizing, Sizing)
    assert_type(swept, Sweep)
    assert_type((sim.charts.sizing(sizing), sim.charts.sweep(swept)), tuple[Chart, Chart])
    precise = sim.run_until_precise(scenario, "5%")
    assert_type(precise, Precise)
    assert_type(precise.results, Results)
    assert_type(sim.select(scenario, indifference=10).chosen, str | None)
    assert_type(sim.regrets(comparison), dict[str, Regret])


def the_other_words(folder: Path) -> None:
    assert_type(sim.__version__, str)
    assert_type(sim.from_mapping({"name": "a small one"}), LoadedScenario)
    results = sim.read(folder)
    assert_type(sim.change(results.scenario, "missions.UNOCI.holds.infantry_company", 3), LoadedScenario)
    assert_type(results, Results)
    assert_type(sim.judge(sim.compare(results)), Verdict)
    assert_type(sim.export(results, "csv"), list[Path])
    assert_type(sim.merge(folder / "both", folder, folder), Results)
    assert_type(sim.hindcast(results.scenario), Hindcast)


def charts(
    comparison: Comparison, story: Story, hindcast: Hindcast, race: Selection, found: Doubts
) -> Sequence[Figure]:
    """Every chart of a comparison; those of one replication are also of a story."""
    assert_type(sim.charts.names(), tuple[str, ...])
    assert_type(finding(comparison) + alt(comparison), str)
    assert_type(rows(comparison), list[Row])
    drawn = [
        sim.charts.answer(comparison),
        sim.charts.causes(comparison),
        sim.charts.coverage(comparison),
        sim.charts.differences(comparison),
        sim.charts.frontier(comparison),
        sim.charts.regret(comparison),
        sim.charts.response(comparison),
        sim.charts.risk(comparison),
        sim.charts.situation(comparison),
        sim.charts.why(comparison),
        sim.charts.hindcast(hindcast),
        sim.charts.race(race),
        sim.charts.doubts(found),
        sim.charts.along(found),
    ]
    assert_type(drawn, list[Chart])
    for source in (comparison, story):
        sim.charts.gantt(source)
        sim.charts.lending(source)
        sim.charts.map(source, basemap="lands.geojson")
        sim.charts.timeline(source)
        sim.charts.waterfall(source)
    assert_type(timeline(comparison, mean=False), Chart)
    assert_type(sim.charts.timeline(comparison, option="as it was"), Chart)
    assert_type(gantt(story), Chart)
    return drawn


def files(comparison: Comparison, folder: Path) -> None:
    assert_type(sim.charts.save(sim.charts.coverage(comparison), folder / "coverage", ("pdf",)), list[Path])
    assert_type(sim.charts.save_all(comparison, folder, "all"), list[Path])
    assert_type(sim.charts.save_chart("gantt", comparison, folder / "gantt"), list[Path])
    assert_type(brief(folder, "briefing.html"), list[Path])


def what_is_wrong(comparison: Comparison) -> None:
    """What a type checker must not let pass; an ignore that nothing needs is an error."""
    sim.nothing()  # type: ignore[attr-defined]
    sim.charts.pie(comparison)  # type: ignore[attr-defined]
    sim.charts.coverage("a comparison")  # type: ignore[arg-type]
    sim.charts.coverage(comparison, option="one")  # type: ignore[call-arg]
