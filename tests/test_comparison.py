"""What is said about the options follows from their samples, and no more than the intervals allow."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.comparison.comparison import Comparison, Estimate, against
from sim.comparison.findings import differences_in_words, what_is_missing, where_the_days_went
from sim.errors import ResultsError, UsageError
from sim.exporting.summary import write_summary
from sim.measures.catalogue import MEASURES
from sim.measures.figures import difference_in_figures, figure, in_figures
from sim.operations.log import CAUSES
from tests.small import rules_file, small

NAN = math.nan


@pytest.fixture(scope="module")
def results() -> Any:
    return sim.run(small(), replications=200, workers=1, keep_loans=3)


@pytest.fixture(scope="module")
def comparison(results: Any) -> Comparison:
    return sim.compare(results)


def test_means_are_of_the_sample_and_differences_are_paired(results: Any, comparison: Comparison) -> None:
    one = results.sample("as it was", "unmet_unit_days")
    other = results.sample("no sharing", "unmet_unit_days")
    found = comparison.options["as it was"].measures["unmet_unit_days"]
    assert (found.mean, found.sd, found.n) == pytest.approx((one.mean(), one.std(ddof=1), 200))
    apart = comparison.differences["as it was"]["unmet_unit_days"]
    by_set = (one - other).reshape(10, 20).mean(axis=1)
    half = 2.2621572 * by_set.std(ddof=1) / math.sqrt(10)  # t(0.975, 9): one value a set
    assert (apart.mean, apart.sets) == (pytest.approx(by_set.mean()), 10)
    assert apart.high >= apart.mean + half - 1e-4 and apart.low <= apart.mean - half + 1e-4
    assert apart.high - apart.low < 1.3 * 2 * half
    assert set(comparison.differences) == {"as it was", "=paper <beforehand>"}


def test_another_reference_gives_what_comparing_with_it_gives(results: Any, comparison: Comparison) -> None:
    turned = against(comparison, "as it was")
    assert turned.as_json() == sim.compare(results, "as it was").as_json()
    assert turned.options is comparison.options, "what each option does was estimated once"


def test_ratios_are_of_sums_never_means_of_ratios(results: Any, comparison: Comparison) -> None:
    found = comparison.options["as it was"].measures
    sums = {name: results.sample("as it was", name).sum() for name in ("unmet_unit_days", "requirement_unit_days")}
    assert found["coverage"].mean == pytest.approx(1 - sums["unmet_unit_days"] / sums["requirement_unit_days"])
    days, asked = (results.sample("as it was", name).sum() for name in ("response_days", "responses"))
    assert found["response_days"].mean == pytest.approx(days / asked)
    apart = comparison.differences["as it was"]["coverage"]
    assert apart.mean == pytest.approx(
        found["coverage"].mean - comparison.options["no sharing"].measures["coverage"].mean
    )
    assert apart.low < apart.mean < apart.high


def test_causes_and_cells_add_up(comparison: Comparison) -> None:
    for option in comparison.options.values():
        assert tuple(option.unmet_by_cause) == CAUSES
        unmet = option.measures["unmet_unit_days"].mean
        assert sum(found.mean for found in option.unmet_by_cause.values()) == pytest.approx(unmet)
        assert sum(found["unmet_unit_days"].mean for found in option.cells.values()) == pytest.approx(unmet)


def test_the_json_has_the_promised_shape(comparison: Comparison) -> None:
    told = json.loads(json.dumps(comparison.as_json(), allow_nan=False))
    assert list(told) == [
        "scenario",
        "fingerprint",
        "seed",
        "replications",
        "sets",
        "confidence",
        "weights",
        "reference",
        "options",
        "differences",
    ]
    assert (told["scenario"], told["seed"], told["replications"], told["confidence"]) == ("Small", 7, 200, 0.95)
    assert told["reference"] == "no sharing"
    for option in told["options"].values():
        assert set(option) == {"measures", "by_mission_and_resource"}
        assert set(option["measures"]) == {*MEASURES, "unmet_by_cause"}
        assert set(option["measures"]["unmet_by_cause"]) == set(CAUSES)
        for found in (option["measures"]["coverage"], option["measures"]["unmet_by_cause"]["council"]):
            assert list(found) == ["mean", "sd", "low", "high"]
        cells = [(cell["mission"], cell["resource"]) for cell in option["by_mission_and_resource"]]
        assert cells == [("North", "infantry_company"), ("South", "infantry_company")]
        assert {"unmet_unit_days", "requirement_unit_days", "unmet_by_cause"} <= set(
            option["by_mission_and_resource"][0]
        )
    south = told["options"]["no sharing"]["by_mission_and_resource"][1]
    assert south["coverage"]["mean"] is None, "nothing was needed there"
    for apart in told["differences"].values():
        assert set(apart) == set(MEASURES)
        assert list(apart["unmet_unit_days"]) == ["mean", "low", "high"]


def test_one_replication_has_a_mean_and_no_interval() -> None:
    told = sim.compare(sim.run(small(), replications=1, workers=1)).as_json()
    found = told["options"]["no sharing"]["measures"]["unmet_unit_days"]
    assert found["mean"] is not None
    assert (found["sd"], found["low"], found["high"]) == (None, None, None)


def test_the_reference_may_be_another_and_must_be_there(results: Any) -> None:
    other = sim.compare(results, reference="as it was")
    assert other.reference == "as it was"
    mine, yours = other.differences["no sharing"], sim.compare(results).differences["as it was"]
    assert mine["unmet_unit_days"].mean == pytest.approx(-yours["unmet_unit_days"].mean)
    with pytest.raises(UsageError, match="no option 'x'; known: no sharing"):
        sim.compare(results, reference="x")
    with pytest.raises(UsageError, match="confidence: must be"):
        sim.compare(results, confidence=1.0)
    assert sim.compare(results, confidence=0.5).options["as it was"].measures["loans"].high < (
        sim.compare(results).options["as it was"].measures["loans"].high
    )


def test_nothing_finished_is_an_error_not_a_table(tmp_path: Path) -> None:
    scenario = small("unlucky")
    rules = rules_file(tmp_path)
    rules.write_text(rules.read_text().replace("% 5 == 0", "% 5 >= 0"))
    results = sim.run(scenario, replications=1, workers=1, rules=rules, seed=3)
    assert results.failed == 1
    with pytest.raises(ResultsError, match="no replication finished"):
        sim.compare(results)


def test_dollars_of_a_table_have_one_unit() -> None:
    from sim.measures.figures import in_millions

    costs = [Estimate(951_200, 1, 880_000, 1_020_000, 9), Estimate(4_200, 1, 0, 8_000, 9), Estimate(0, 0, 0, 0, 9)]
    rows = [{"cost_usd": each} for each in costs]
    assert in_millions(rows) and not in_millions(rows[1:]) and not in_millions([])
    assert [in_figures("cost_usd", each, millions=True) for each in costs] == [
        ("0.95 M", "0.88 to 1.02"), ("0.0042 M", "0 to 0.0080 M"), ("0", ""),
    ]  # fmt: skip
    assert difference_in_figures("cost_usd", costs[0], millions=True) == ("+0.95 M", "+0.88 to +1.02")
    assert in_figures("cost_usd", costs[0]) == ("951,200", "880,000 to 1.02 M"), "alone, each as large as it is"


def test_figures_as_people_read_them() -> None:
    assert figure("coverage", 0.7534) == "75.3 %"
    assert figure("coverage", -0.1, sign=True) == "−10.0 pts"
    assert figure("unmet_unit_days", 1234.4) == "1,234"
    assert figure("unmet_unit_days", 12.34) == "12.3"
    assert figure("cost_usd", 11_052_349) == "11.05 M"
    assert figure("cost_usd", -1234, sign=True) == "−1,234"
    assert figure("response_days", NAN) == "–"
    assert in_figures("coverage", Estimate(0.5, 0.1, 0.45, 0.55, 9)) == ("50.0 %", "45.0 to 55.0")
    assert in_figures("loans", Estimate(3.0, 0.0, 3.0, 3.0, 9)) == ("3.0", "")
    assert in_figures("loans", Estimate(3.0, math.nan, math.nan, math.nan, 1)) == ("3.0", "–")
    assert difference_in_figures("loans", Estimate(1.0, 2.0, -1.0, 3.0, 9)) == ("+1.0 n.s.", "−1.0 to +3.0")
    assert difference_in_figures("loans", Estimate(0.0, 0.0, 0.0, 0.0, 9)) == ("the same", "")


def test_what_is_not_significant_is_said_to_be_so(comparison: Comparison) -> None:
    apart = {measure: Estimate(1.0, 2.0, -1.0, 3.0, 9) for measure in MEASURES}
    apart |= {"unmet_unit_days": Estimate(-5.0, 1.0, -6.0, -4.0, 9), "cost_usd": Estimate(0.0, 0.0, 0.0, 0.0, 9)}
    differences = {
        "as it was": apart,
        "=paper <beforehand>": {measure: Estimate(0.0, 0.0, 0.0, 0.0, 9) for measure in MEASURES},
    }
    told = differences_in_words(replace(comparison, differences=differences))
    assert told == [
        "As it was: less unmet need; no significant difference in coverage, response time and lenders' exposure",
        "=paper <beforehand>: the same, whatever comes",
    ]


def test_where_the_days_went_names_the_greatest_cause_first(comparison: Comparison) -> None:
    lines = where_the_days_went(comparison)
    missing = comparison.options["no sharing"].unmet_by_cause["not permitted"].mean
    share = missing / comparison.options["no sharing"].measures["unmet_unit_days"].mean
    assert lines[0].startswith(
        f"no sharing: not permitted {figure('unmet_unit_days', missing)} ({100 * share:.0f} %), nobody had"
    )
    assert lines[1].startswith("As it was: council ")


def test_what_is_missing_is_told_by_resource_where_there_are_several(comparison: Comparison) -> None:
    assert what_is_missing(comparison) == []
    first, second = (
        {"on": day, "mission": "A", "lasts_days": 10, "needs": needs}
        for day, needs in (("2012-01-09", {"company": 4}), ("2012-02-09", {"heavy_lorry": 3}))
    )
    scenario = sim.from_mapping(
        {
            "period": {"from": "2012-01-01", "to": "2012-03-31"},
            "missions": {"A": {"holds": {"company": 3}}, "B": {"routine": {"heavy_lorry": 1}}},
            "crises": {"flood": first, "quake": second},
            "options": {"none": {"policy": {"share": "none"}}},
        }
    )
    # A quake leaves 3 × 10 unit-days unmet, the routine of B 1 × 91, a flood 1 × 10 of 40.
    told = what_is_missing(sim.compare(sim.run(scenario, replications=2, workers=1)))
    assert told == ["none: heavy lorries 121, companies 10.0 (75.0 % met)"]
    nothing = sim.change(scenario, "missions.A.holds.company", 0)
    told = what_is_missing(sim.compare(sim.run(nothing, replications=2, workers=1)))
    assert told == ["none: heavy lorries 121, companies 40.0 (0 % met)"], "a share of 0 is said"


def test_a_notebook_shows_a_table_and_runs_nothing(comparison: Comparison) -> None:
    shown = comparison._repr_html_()
    assert shown.startswith("<table>")
    assert "&lt;beforehand&gt;" in shown
    assert "<beforehand>" not in shown


def test_the_summary_is_safe_in_a_spreadsheet(comparison: Comparison, tmp_path: Path) -> None:
    with write_summary(sim.decide(comparison), tmp_path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["option"] for row in rows} == {"no sharing", "as it was", "'=paper <beforehand>"}
    row = next(row for row in rows if (row["option"], row["measure"]) == ("as it was", "unmet_unit_days"))
    apart = comparison.differences["as it was"]["unmet_unit_days"]
    assert float(row["difference"]) == apart.mean
    assert row["significant"] == ("yes" if apart.significant else "no")
    reference = next(row for row in rows if (row["option"], row["measure"]) == ("no sharing", "unmet_unit_days"))
    assert reference["difference"] == ""
    causes = [row for row in rows if row["measure"].removeprefix("unmet_unit_days: ") in CAUSES]
    assert len(causes) == 3 * len(CAUSES)


def test_samples_are_read_only(results: Any) -> None:
    sample = results.sample("as it was", "loans")
    assert isinstance(sample, np.ndarray)
    with pytest.raises(ValueError, match="read-only"):
        sample[0] = 1
