"""What goes out: a workbook, places and journeys for maps, a description for a deposit."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import sim
from sim.charts.house.drawer import chart_of
from sim.errors import UsageError
from sim.exporting import spreadsheet
from sim.exporting.crate import NAME as CRATE
from sim.exporting.geojson import _line
from tests.small import PLAN


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Any:
    scenario = sim.from_mapping(PLAN)
    return sim.run(scenario, out=tmp_path_factory.mktemp("results") / "small", replications=20, workers=1)


def features(path: Path) -> list[dict[str, Any]]:
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["type"] == "FeatureCollection"
    assert "crs" not in told  # RFC 7946, 4
    return list(told["features"])


def positions(geometry: dict[str, Any] | None) -> Iterator[list[float]]:
    if geometry is None:
        return
    if geometry["type"] == "Point":
        yield geometry["coordinates"]
    elif geometry["type"] == "LineString":
        yield from geometry["coordinates"]
    else:
        for part in geometry["coordinates"]:
            yield from part


def test_the_workbook_has_the_tables_behind_every_chart(results: Any, tmp_path: Path) -> None:
    [path] = sim.export(results, "xlsx", tmp_path)
    book = CalamineWorkbook.from_path(path)
    comparison = sim.compare(results)
    expected = ["About", "summary"]
    empty: list[str] = []
    for name in sim.charts.names():
        chart = chart_of(name)
        if chart.of_a_comparison:
            for ending, ask in chart.variants(comparison).items():
                title = f"{name}_{ending}" if ending else name
                assert len(title) <= 31  # what a sheet may be called
                (expected if chart.rows(comparison, **ask) else empty).append(title)
    assert book.sheet_names == expected
    assert len({title.casefold() for title in expected}) == len(expected)
    told = {str(row[0]): row[1] for row in book.get_sheet_by_name("About").to_python() if row[0]}
    assert told["Fingerprint"] == results.fingerprint
    assert told["coverage"] == chart_of("coverage").finding(comparison)
    assert empty and all(told[name] == chart_of(name).finding(comparison) for name in empty)  # why there is no sheet
    days = book.get_sheet_by_name("timeline_one").to_python()
    assert days[1][days[0].index("date")] == dt.date(2012, 1, 1)
    head, *rows = book.get_sheet_by_name("coverage").to_python()
    drawn = chart_of("coverage").rows(comparison)
    assert head == list(drawn[0])
    assert [row[0] for row in rows] == [row["option"] for row in drawn]
    unmet = head.index("unmet_unit_days")
    assert [row[unmet] for row in rows] == pytest.approx([row["unmet_unit_days"] for row in drawn], rel=1e-15)


def test_rows_for_which_a_sheet_has_no_room_are_told(
    results: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 2)
    [path] = sim.export(results, "xlsx", tmp_path)
    book = CalamineWorkbook.from_path(path)
    told = {str(row[0]): str(row[1]) for row in book.get_sheet_by_name("About").to_python()}
    assert told["coverage"].endswith("(the first 2 of 3 rows: a sheet has no room for more)")
    assert len(book.get_sheet_by_name("coverage").to_python()) == 3


def test_nothing_in_the_workbook_runs_and_every_head_stays_in_sight(results: Any, tmp_path: Path) -> None:
    [path] = sim.export(results, "xlsx", tmp_path)
    with zipfile.ZipFile(path) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = [book.read(name).decode() for name in sheets]
    assert not any("<f>" in text or "<hyperlink" in text for text in texts)
    assert all('state="frozen"' in text for text in texts[1:])
    names = {row[0] for row in CalamineWorkbook.from_path(path).get_sheet_by_name("summary").to_python()}
    assert "=paper <beforehand>" in names  # the very name, and a text


def test_the_same_results_are_the_same_bytes(results: Any, tmp_path: Path) -> None:
    for form in ("xlsx", "geojson"):
        once, again = (sim.export(results, form, tmp_path / f"{form} {place}") for place in (1, 2))
        assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]


def test_missions_loans_and_journeys_for_a_map(results: Any, tmp_path: Path) -> None:
    paths = {path.stem: path for path in sim.export(results, "geojson", tmp_path)}
    assert list(paths) == ["missions", "lending", "loans", "journeys"]
    north, south = features(paths["missions"])
    assert north["geometry"] == {"type": "Point", "coordinates": [-5.0, 7.0]}  # longitude first
    assert south["properties"]["holds"] == {"infantry_company": 12}
    loans, journeys = features(paths["loans"]), features(paths["journeys"])
    kept = results.loans("as it was", 0)
    mine = [loan for loan in loans if loan["properties"]["option"] == "as it was"]
    assert [loan["properties"]["units"] for loan in mine] == [loan.units for loan in kept]
    assert [loan["properties"]["contributor"] for loan in mine] == [loan.contributor for loan in kept]
    asked = [loan["properties"]["requested_at"] for loan in mine]
    assert asked == sorted(asked) and asked[0].startswith("2012-")
    departed = [loan for loan in kept if loan.departed_day is not None]
    assert departed, "the scenario lends nothing"
    out = [
        each for each in journeys if each["properties"]["way"] == "out" and each["properties"]["option"] == "as it was"
    ]
    assert len(out) == len(departed)
    assert all(each["properties"]["start"] < each["properties"]["end"] for each in out if each["properties"]["end"])
    assert out[0]["properties"]["start"].startswith("2012-")
    for each in (north, south, *loans, *journeys):
        assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in positions(each["geometry"]))
    flows = {(each["properties"]["option"], each["properties"]["lender"]) for each in features(paths["lending"])}
    assert ("as it was", "South") in flows


def test_a_line_over_the_180th_meridian_is_cut_there() -> None:
    missions = {"Fiji": {"at": [-18.0, 178.0]}, "Samoa": {"at": [-14.0, -172.0]}, "somewhere": {}}
    scenario = sim.from_mapping(PLAN | {"missions": PLAN["missions"] | missions})
    assert _line(scenario, "Fiji", "Samoa") == {
        "type": "MultiLineString",
        "coordinates": [[[178.0, -18.0], [180.0, -17.2]], [[-180.0, -17.2], [-172.0, -14.0]]],
    }
    assert _line(scenario, "Samoa", "Fiji") == {
        "type": "MultiLineString",
        "coordinates": [[[-172.0, -14.0], [-180.0, -17.2]], [[180.0, -17.2], [178.0, -18.0]]],
    }
    assert _line(scenario, "Fiji", "somewhere") is None


def test_a_folder_describes_itself_for_a_deposit(results: Any) -> None:
    sim.export(results, "xlsx")
    path = results.folder / CRATE
    graph = {entity["@id"]: entity for entity in json.loads(path.read_text(encoding="utf-8"))["@graph"]}
    root = graph["./"]
    assert graph[CRATE]["about"] == {"@id": "./"}
    for word in ("name", "description", "datePublished", "license"):  # what RO-Crate 1.1 asks of a root
        assert root[word]
    parts = [part["@id"] for part in root["hasPart"]]
    assert {"manifest.json", "scenario.yaml", "results.sqlite", "export/tables.xlsx"} <= set(parts)
    for part in parts:
        assert graph[part]["contentSize"] == str((results.folder / part).stat().st_size)
    assert str(results.folder) not in path.read_text(encoding="utf-8")


def test_names_of_files_and_terms_of_use_stay_as_they_were_given(results: Any) -> None:
    path, odd = results.folder / CRATE, results.folder / "briefing" / "for the Council, 50%"
    odd.mkdir(parents=True)
    (odd / "côté.html").write_text("<p>", encoding="utf-8")
    sim.export(results, "xlsx")
    words = json.loads(path.read_text(encoding="utf-8"))
    assert {"sha256": "http://schema.org/sha256"} in words["@context"]  # RO-Crate 1.1 has no such word
    graph = {entity["@id"]: entity for entity in words["@graph"]}
    assert graph["briefing/for%20the%20Council%2C%2050%25/c%C3%B4t%C3%A9.html"]["name"] == "côté.html"
    graph["./"]["license"] = {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    path.write_text(json.dumps(words), encoding="utf-8")
    sim.export(results, "xlsx")
    root = next(each for each in json.loads(path.read_text(encoding="utf-8"))["@graph"] if each["@id"] == "./")
    assert root["license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}


def test_a_file_is_no_folder_to_export_to(results: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="taken: is a file; --out takes a folder"):
        sim.export(results, "csv", tmp_path / "taken")
    with pytest.raises(UsageError, match="taken: is a file; --out takes a folder"):
        sim.brief(results, tmp_path / "taken", ["stress"])


def test_a_map_without_any_log_says_that_it_is_empty(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    results = sim.run(sim.from_mapping(PLAN), out=tmp_path / "small", replications=1, workers=1, keep_loans=0)
    sim.export(results, "geojson", tmp_path / "map")
    assert "no replication's log was kept" in caplog.text
    assert features(tmp_path / "map" / "loans.geojson") == []


def test_who_exports_elsewhere_leaves_the_folder_as_it_was(results: Any, tmp_path: Path) -> None:
    (results.folder / CRATE).unlink(missing_ok=True)
    written = sim.export(results, "csv", tmp_path)
    assert {path.parent for path in written} == {tmp_path}
    assert not (results.folder / CRATE).exists()
