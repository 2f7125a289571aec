"""Other people's tables: what is read of them, what is told, and what is refused, cell by cell."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml

import sim
from sim.errors import UsageError
from sim.importing import cells
from sim.importing.cells import TableError
from sim.importing.contributions import Contributions, read_contributions
from sim.importing.holdings import HoldingsTable, read_holdings
from sim.importing.library import Library
from sim.importing.reference import places, resource_of_type, unit_sizes
from sim.scenario.files.sources import CONFIDENCES
from sim.scenario.loaded import LoadedScenario
from tests.shell import Shell

DATA = Path(__file__).parent / "data"
SINCE_2010 = DATA / "contributions_since_2010.csv"
UNTIL_2010 = DATA / "contributions_until_2010.csv"
BOTH = ("UNMIL", "UNOCI")


def october(path: Path = SINCE_2010, **more: Any) -> Contributions:
    return read_contributions(path, on="2010-10", **{"missions": BOTH, **more})


def units(found: Contributions) -> dict[str, dict[str, dict[str, int]]]:
    return {
        mission: {
            resource: {name: held.units for name, held in of.items() if held.units}
            for resource, of in resources.items()
        }
        for mission, resources in found.held.items()
    }


def changed(tmp_path: Path, change: Callable[[str], str], encoding: str = "utf-8", newline: str = "\n") -> Path:
    """The table with its text changed and written in another way."""
    text = change(SINCE_2010.read_text(encoding="utf-8"))
    path = tmp_path / "table.csv"
    path.write_bytes(text.replace("\n", newline).encode(encoding))
    return path


def extended(library: Library, folder: Path, more: dict[str, Any] | None = None) -> LoadedScenario:
    """A small scenario that extends the library, as it is read from files."""
    library.write(folder / "library.yaml", force=True)
    mission = next(iter(library.raw["missions"]))
    scenario = {
        "extends": "library.yaml",
        "period": {"from": "2010-10-01", "to": "2010-12-31"},
        "crises": {
            "unrest": {"mission": mission, "on": "2010-11-01", "lasts_days": 9, "needs": {"infantry_company": 1}}
        },
        **(more or {}),
    }
    (folder / "scenario.yaml").write_text(yaml.safe_dump(scenario), encoding="utf-8")
    return sim.load(folder / "scenario.yaml")


OCTOBER = {
    "UNMIL": {
        "infantry_company": {"Ghana": 2, "Pakistan": 11, "Ukraine": 1},
        "formed_police_unit": {"Jordan": 1},
        "military_observer": {"Ukraine": 1},
    },
    "UNOCI": {"infantry_company": {"Ghana": 2, "Pakistan": 4}, "formed_police_unit": {"Jordan": 4}},
}
"""By hand: 707 / 260, 3,059 / 260, 277 / 260, 240 / 140, 15 / 10; 542 / 260, 1,143 / 260, 585 / 140."""


def test_people_become_whole_units_of_their_contributor() -> None:
    found = october()
    assert found.date == dt.date(2010, 10, 31)
    assert units(found) == OCTOBER
    assert found.held["UNMIL"]["infantry_company"]["Ghana"] == (707, 2, 187)


def test_what_is_left_out_or_read_in_one_of_two_ways_is_told() -> None:
    assert october().said == [
        "row 18: totals, left out",
        "row 4: only women or only men are given; the blank cell was read as 0",
        "row 13: without any number, read as 0",
        "row 12: the same as rows before them, counted once",
        "Individual Police, 10 people: they come one by one, left out "
        "(--people individual_police=10 counts ten as a unit)",
        "Justice Personnel, 7 people: not a personnel type known here, left out",
        "UNMIL: people who make no whole unit of their contributor are left out: "
        "403 (infantry_company), 100 (formed_police_unit), 5 (military_observer)",
        "UNOCI: people who make no whole unit of their contributor are left out: "
        "125 (infantry_company), 25 (formed_police_unit)",
        "`routine` is not in such a table: every unit counts as spare until a scenario says what tasks take",
    ]


def test_contributors_in_two_missions_come_with_their_units_there() -> None:
    assert october().shared() == {
        "Pakistan": {"UNMIL": {"infantry_company": 11}, "UNOCI": {"infantry_company": 4}},
        "Jordan": {"UNMIL": {"formed_police_unit": 1}, "UNOCI": {"formed_police_unit": 4}},
        "Ghana": {"UNMIL": {"infantry_company": 2}, "UNOCI": {"infantry_company": 2}},
    }
    assert october(missions=["UNMIL"]).shared() == {}


def test_the_older_set_has_a_column_for_every_type() -> None:
    found = read_contributions(UNTIL_2010, on="2006-06-30", missions=["UNMIL", "ONUB"])
    assert units(found) == {
        "UNMIL": {"infantry_company": {"Ghana": 3, "Pakistan": 13}, "military_observer": {"Ghana": 1, "Pakistan": 1}},
        "ONUB": {"infantry_company": {"Pakistan": 4}, "military_observer": {}},
    }
    assert found.said[:3] == [
        "row 6: totals, left out",
        "columns 'Police': no personnel types known here, left out",
        "row 5: without any number, read as 0",
    ]


def test_people_per_unit_may_be_given() -> None:
    found = october(people={"infantry_company": 700, "individual_police": 5})
    assert units(found)["UNMIL"]["infantry_company"] == {"Ghana": 1, "Pakistan": 4}
    assert units(found)["UNMIL"]["individual_police"] == {"Côte d'Ivoire": 2}
    resources = found.library().raw["resources"]
    assert resources["infantry_company"]["people"] == 700
    assert "as given with --people" in resources["infantry_company"]["source"]
    assert "military_observer" in resources
    with pytest.raises(UsageError, match=r"no personnel type gives 'company'; did you mean 'infantry_company'?"):
        october(people={"company": 3})
    with pytest.raises(UsageError, match="must be 1 or more people"):
        october(people={"infantry_company": 0})


def test_the_library_passes_check_and_says_source_confidence_and_date_of_every_number(tmp_path: Path) -> None:
    library = october().library()
    scenario = extended(library, tmp_path)
    assert scenario.missions["UNMIL"].holdings("infantry_company") == {"Ghana": 2, "Pakistan": 11, "Ukraine": 1}
    assert scenario.missions["UNOCI"].at == (5.31, -4.01)
    sourced = {each.path: each for each in scenario.sources}
    for mission, resources in OCTOBER.items():
        assert "Geo-PKO" in str(sourced[f"missions.{mission}"].source)
        for resource in resources:
            held = sourced[f"missions.{mission}.holds.{resource}"]
            assert "UN contributions of 2010-10-31 (contributions_since_2010.csv)" in str(held.source)
            assert held.confidence in ("assumed", "secondary")
            assert sourced[f"resources.{resource}"].confidence in ("assumed", "secondary")
    text = library.text()
    assert "# - infantry_company: 260 people;" in text
    assert "# - Justice Personnel, 7 people: not a personnel type known here, left out" in text


def test_what_stands_in_the_table_cannot_end_a_remark(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda text: text.replace("Justice Personnel", '"Justice\nmissions: {X: {}}"'))
    assert set(extended(october(path).library(), tmp_path).missions) == {"UNMIL", "UNOCI"}


@pytest.mark.parametrize(
    ("encoding", "newline"),
    [("utf-8-sig", "\n"), ("utf-8", "\r\n"), ("utf-16", "\r\n"), ("cp1252", "\r\n"), ("utf-8", "\r")],
)
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, encoding: str, newline: str) -> None:
    found = october(changed(tmp_path, str, encoding, newline), people={"individual_police": 10})
    assert units(found)["UNOCI"] == OCTOBER["UNOCI"]
    assert units(found)["UNMIL"]["individual_police"] == {"Côte d'Ivoire": 1}
    assert any("cp1252" in told for told in found.said) == (encoding == "cp1252")


def test_semicolons_separate_columns_and_points_thousands(tmp_path: Path) -> None:
    def european(text: str) -> str:
        return text.replace(",", ";").replace("3059", "3.059").replace("680", "680,0")

    assert units(october(changed(tmp_path, european))) == OCTOBER


@pytest.mark.parametrize("written", ['"3,059"', "3 059", "3\u202f059", "3059.0", "'3059'".strip("'")])
def test_thousands_are_read_as_people_write_them(tmp_path: Path, written: str) -> None:
    assert units(october(changed(tmp_path, lambda text: text.replace("3059", written)))) == OCTOBER


@pytest.mark.parametrize(
    "written", ["31/10/2010", "10/31/2010", "31-Oct-10", "31 October 2010", "2010-10-31T00:00:00.000"]
)
def test_dates_are_read_as_the_column_writes_them(tmp_path: Path, written: str) -> None:
    def other(text: str) -> str:
        lines = [line for line in text.splitlines() if line.endswith(("date", "2010-10-31"))]
        return "\n".join(lines).replace("2010-10-31", written) + "\n"

    assert october(changed(tmp_path, other)).date == dt.date(2010, 10, 31)


def test_dates_that_can_be_read_in_two_ways_are_not_guessed(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda text: text.replace("2010-10-31", "10/11/2010").replace("2010-1", "2010-1"))
    with pytest.raises(TableError, match=r"'10/11/2010' can be read in two ways: write it like 2010-10-31"):
        october(path)
    mixed = changed(tmp_path, lambda text: text.replace("2010-10-31", "10/31/2010").replace("2010-11-30", "30/11/2010"))
    with pytest.raises(UsageError, match="column 'last_reporting_date': the column mixes two ways to write dates"):
        october(mixed)


def test_columns_may_be_written_and_ordered_otherwise(tmp_path: Path) -> None:
    def other(text: str) -> str:
        head, *lines = text.splitlines()
        head = head.title().replace("Personnel_Type", "Personnel Type")
        turned = [",".join(line.split(",")[::-1]) for line in (head, *lines)]
        return "Contributions to UN peacekeeping\n\n" + "\n".join(turned) + "\n"

    assert units(october(changed(tmp_path, other))) == OCTOBER


def test_every_bad_cell_is_told_at_once_with_row_and_column(tmp_path: Path) -> None:
    def broken(text: str) -> str:
        text = text.replace("101,GHA,Ghana,UNMIL,Troops,27,680", "101,,,UNMIL,Troops,27,many")
        return text.replace("Troops,12,530", "Troops,-1,53.5").replace(
            "106,JOR,Jordan,UNOCI,Formed Police Units", "106,JOR,Jordan,,"
        )

    with pytest.raises(TableError) as refused:
        october(changed(tmp_path, broken))
    assert [str(cell) for cell in refused.value.cells] == [
        "row 2, column 'contributing_country': is blank; must be a country (or the row must go)",
        "row 2, column 'male_personnel': must be a whole number, not 'many'",
        "row 3, column 'female_personnel': must be 0 or more, not '-1'",
        "row 3, column 'male_personnel': must be a whole number, not '53.5'",
        "row 7, column 'mission_acronym': is blank; must be a mission's acronym (or the row must go)",
        "row 7, column 'personnel_type': is blank; must be a type like Troops",
    ]
    assert str(refused.value).splitlines()[0].startswith(f"{tmp_path / 'table.csv'}: row 2, column")


@pytest.mark.parametrize(
    "name", ["null", "12", "true", "~", "# x", "a: b", "{b}", "Zoë – Ő", "'", '"x', "- y", "2010-10-31"]
)
def test_names_that_yaml_would_read_as_something_else_stay_names(tmp_path: Path, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    found = october(changed(tmp_path, lambda text: text.replace("Pakistan", quoted)))
    held = extended(found.library(), tmp_path).missions["UNMIL"].holdings("infantry_company")
    assert held == {"Ghana": 2, name: 11, "Ukraine": 1}
    rows = [[name if cell == "Ghana" else cell for cell in row] for row in ROWS]
    plan = read_holdings(book(tmp_path / "plan.xlsx", {"Plan": rows}))
    assert extended(plan.library(), tmp_path).missions["UNMIL"].holdings("infantry_company")[name] == 3


@pytest.mark.parametrize(
    ("name", "told"), [("source", "is a word of the scenario"), ("x" * 201, "at most 200 letters")]
)
def test_names_that_a_scenario_cannot_hold_are_bad_cells(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(TableError, match=told):
        october(changed(tmp_path, lambda text: text.replace("Pakistan", name)))
    with pytest.raises(TableError, match=told):
        read_holdings(made(tmp_path, "csv", [[name if cell == "Ghana" else cell for cell in row] for row in ROWS]))


def test_what_is_wrong_with_other_missions_and_months_does_not_matter() -> None:
    assert units(read_contributions(SINCE_2010, on="2010-10", missions=["MONUSCO"])) == {
        "MONUSCO": {"infantry_company": {"India": 16}}
    }
    with pytest.raises(TableError, match=r"row 17, column 'female_personnel': must be a whole number, not '\?'"):
        read_contributions(SINCE_2010, on="2010-12", missions=["MONUSCO"])


def test_rows_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    path = changed(
        tmp_path, lambda text: text.replace("111,UKR,Ukraine,UNMIL,Troops,1,276", "111,UKR,Ukraine,UNMIL,Troops,1,275")
    )
    with pytest.raises(TableError, match="row 12: 276 Troops of Ukraine in UNMIL, but row 11 says 277: one must go"):
        october(path)


def test_one_country_under_two_spellings_is_one(tmp_path: Path) -> None:
    found = october(changed(tmp_path, lambda text: text.replace("GHA,Ghana,UNOCI", "GHA,GHANA (Republic of),UNOCI")))
    assert units(found) == OCTOBER
    assert "GHA: called 'GHANA (Republic of)' too; 'Ghana' is used" in found.said
    without = october(changed(tmp_path, lambda text: text.replace("102,GHA,Ghana", "102,,Ghana")))
    assert units(without) == OCTOBER, "the other row has the code"


def test_two_countries_under_one_name_are_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda text: text.replace("GHA,Ghana,UNOCI", "GUY,Ghana,UNOCI"))
    with pytest.raises(TableError, match="column 'isocode3': Ghana has the code GUY here and GHA in row 2"):
        october(path)


def test_a_mission_with_a_new_name_is_named_and_can_be_taken() -> None:
    with pytest.raises(
        UsageError, match=r"MONUSCO: nothing on 2010-06-30.*before 2010-07-01 it was MONUC: --missions MONUSCO=MONUC"
    ):
        read_contributions(SINCE_2010, on="2010-06", missions=["MONUC", "MONUSCO"])
    with pytest.raises(UsageError, match=r"MONUC: nothing on 2010-10-31.*from 2010-07-01 on it was MONUSCO"):
        october(missions=["UNMIL", "MONUC"])
    found = read_contributions(SINCE_2010, on="2010-06", missions=["MONUSCO=MONUC"])
    assert units(found) == {"MONUSCO": {"infantry_company": {"India": 16}}}


@pytest.mark.parametrize(
    ("on", "missions", "told"),
    [
        ("2010-09", ["UNMIL"], "nothing on 2010-09; for these missions it has 2010-10-31 to 2010-11-30; nearest are"),
        ("2010-10-30", ["UNMIL"], "nothing on 2010-10-30"),
        ("October", ["UNMIL"], "--date: must be a day like 2010-10-31 or a month like 2010-10, not 'October'"),
        ("2010-13", ["UNMIL"], "--date: must be a day"),
        ("2010-10", ["UNML"], "no mission 'UNML'; did you mean 'UNMIL'?"),
        ("2010-10", ["unmil"], "no mission 'unmil'; did you mean 'UNMIL'?"),
        ("2010-10", ["UNFICYP"], "no mission 'UNFICYP'; there are MONUC, MONUSCO, UNMIL, UNOCI"),
        ("2010-10", ["UNMIL", "UNMIL"], "--missions: 'UNMIL' stands there twice"),
        ("2010-10", ["UNMIL", ""], "--missions: '' names no mission"),
        ("2010-10", [], "--missions: name one mission at least"),
    ],
)
def test_a_question_that_the_table_cannot_answer_is_refused(on: str, missions: list[str], told: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_contributions(SINCE_2010, on=on, missions=missions)
    assert told in str(refused.value)


def test_dates_counts_and_whole_rows_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    rows = ("Ghana,UNMIL,2010-10-31,many", "Congo, Republic of,UNMIL,2010-10-31,1", "Nepal,UNMIL,soon,-3")
    path.write_text("\n".join(("Contributor,Mission,Date,Troops", *rows)), encoding="utf-8")
    with pytest.raises(TableError) as refused:
        october(path, missions=["UNMIL"])
    assert [(cell.row, cell.column) for cell in refused.value.cells] == [
        (2, "Troops"),
        (3, ""),
        (4, "Date"),
        (4, "Troops"),
    ]


def test_a_mission_under_a_name_of_ones_own_lies_where_it_lay() -> None:
    found = october(missions=["North=UNMIL"])
    assert found.library().raw["missions"]["North"]["host"] == "Liberia"
    assert not any("table of places" in told for told in found.said)


def test_several_dates_of_a_month_are_not_chosen_from(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda text: text.replace("2010-11-30", "2010-10-15"))
    with pytest.raises(UsageError, match="--date 2010-10: the file has 2010-10-15, 2010-10-31; say which"):
        october(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "one must name the columns isocode3, contributing_country"),
        ("a,b,c\n1,2,3\n", "row 1: has a, b, c; among"),
        ("\0\0\0", "one must name the columns"),
        ("Contributor,Mission,Date,Troops\n", "no row under the names of the columns names a mission"),
        ("Contributor,Mission,Date\nGhana,UNMIL,2010-10-31\n", "no column of a personnel type, like Troops"),
        ("Contributor,Mission,Date,Troops,Troops\nGhana,UNMIL,2010-10-31,1,1\n", "two columns have this name"),
        (
            "Contributor,Mission,Date,Troops\nCongo, Republic of,UNMIL,2010-10-31,1\n",
            "'1' stands beyond the last column",
        ),
    ],
)
def test_what_is_no_such_table_is_said(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        october(path, missions=["UNMIL"])
    assert told in str(refused.value)


def test_a_mission_without_a_known_place_is_told(tmp_path: Path) -> None:
    found = october(changed(tmp_path, lambda text: text.replace("UNOCI", "UNXXX")), missions=["UNMIL", "UNXXX"])
    assert any(told.startswith("UNXXX: not in the table of places") for told in found.said)
    assert "at" not in found.library().raw["missions"]["UNXXX"]
    assert extended(found.library(), tmp_path).missions["UNXXX"].at is None


def test_the_shipped_tables_are_whole() -> None:
    assert all(size.confidence in CONFIDENCES and size.source for size in unit_sizes().values())
    assert len(resource_of_type()) == len({each for size in unit_sizes().values() for each in size.personnel_types})
    for name, place in places().items():
        assert name == place.mission
        assert -90 <= place.latitude <= 90 and -180 <= place.longitude <= 180
        assert place.label and place.region and place.source and place.confidence in CONFIDENCES
        assert not place.became or place.became in places()


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("", None),
        (None, None),
        (12.0, 12),
        ("1,234", 1234),
        ("1'234", 1234),
        ("12.0", 12),
        (0, 0),
    ],
)
def test_whole_numbers(cell: Any, number: int | None) -> None:
    assert cells.whole(cell) == number


@pytest.mark.parametrize(
    "cell", ["1.234", "1.000", "12.5", 12.5, "1,23", "12 people", True, "-3", "−3", "²", "2000000", "1e3", -1]
)
def test_what_is_no_whole_number(cell: Any) -> None:
    with pytest.raises(ValueError, match=r"must be|two ways"):
        cells.whole(cell)


# -------------------------------------------------------------------------------- a planner's own table

ROWS: list[list[Any]] = [
    ["mission", "resource", "contributor", "units", "routine"],
    ["UNMIL", "infantry_company", "Pakistan", 12, 27],
    ["UNMIL", "infantry_company", "Ghana", 3, None],
    ["UNMIL", "attack_helicopter", "Ukraine", 6, 3],
    ["UNOCI", "infantry_company", "Bangladesh", 8, None],
    ["Total", None, None, 29, None],
]


def book(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    with xlsxwriter.Workbook(path) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(at, column, dt.datetime.combine(cell, dt.time()), day)
                    elif cell is not None:
                        sheet.write(at, column, cell)
    return path


def as_csv(path: Path, rows: list[list[Any]], mark: str = ",") -> Path:
    text = io.StringIO()
    for row in rows:
        text.write(mark.join("" if cell is None else str(cell) for cell in row) + "\r\n")
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def made(tmp_path: Path, kind: str, rows: list[list[Any]] = ROWS) -> Path:
    return book(tmp_path / "plan.xlsx", {"Plan": rows}) if kind == "xlsx" else as_csv(tmp_path / "plan.csv", rows)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_holdings_become_a_library_that_passes_check(tmp_path: Path, kind: str) -> None:
    found = read_holdings(made(tmp_path, kind), on=dt.date(2010, 10, 1))
    scenario = extended(found.library(), tmp_path)
    assert scenario.missions["UNMIL"].holdings("infantry_company") == {"Pakistan": 12, "Ghana": 3}
    assert scenario.missions["UNMIL"].routine == {"infantry_company": 27, "attack_helicopter": 3}
    assert scenario.missions["UNOCI"].region == "West Africa"
    sourced = {each.path: each for each in scenario.sources}
    where = "sheet 'Plan', row" if kind == "xlsx" else "row"
    name = f"plan.{kind}"
    told = f"{name}, {where} 2, 2010-10-01; {name}, {where} 3, 2010-10-01"
    assert sourced["missions.UNMIL.holds.infantry_company"].source == told
    assert sourced["missions.UNMIL.routine"].source == f"{name}, {where} 2, 2010-10-01; {name}, {where} 4, 2010-10-01"
    place = "sheet 'Plan': " if kind == "xlsx" else ""
    assert found.said == [
        f"{place}row 6: totals, left out",
        "UNMIL, infantry_company: routine takes 27, more than the 15 held; the rest counts as unmet from the first day",
    ]


def test_sources_dates_and_confidence_of_the_table_are_kept(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Force table of the planning cell"],
        [],
        ["Mission", "Resource", "Contributor", "Units", "Date", "Source", "Confidence", "Remark"],
        ["UNMIL", "infantry_company", "Pakistan", 12, dt.date(2010, 10, 5), "S/2010/429", "verified", "fine"],
        ["UNMIL", "infantry_company", "Ghana", 3.0, "2010-10-06", None, None, None],
        ["UNMIL", "vehicle", None, 6, None, None, None, None],
    ]
    found = read_holdings(book(tmp_path / "plan.xlsx", {"Plan": rows}))
    sources = [(each.source, each.confidence) for each in found.holdings]
    assert sources == [
        ("S/2010/429, 2010-10-05", "verified"),
        ("plan.xlsx, sheet 'Plan', row 5, 2010-10-06", "recalled"),
        ("plan.xlsx, sheet 'Plan', row 6, undated", "recalled"),
    ]
    assert found.library().raw["missions"]["UNMIL"]["holds"]["infantry_company"]["confidence"] == "recalled"
    assert found.holdings[2].contributor == "unnamed"
    assert found.said == [
        "sheet 'Plan': column 'Remark': not read",
        "sheet 'Plan': row 6: no contributor; called 'unnamed', whose consent takes no time",
        "sheet 'Plan': row 6: no date in the table, and no --date: the sources say `undated`",
    ]


def test_every_bad_cell_of_every_sheet_is_told_at_once(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    first: list[list[Any]] = [
        ["mission", "resource", "contributor", "units", "routine", "date", "confidence"],
        ["UNMIL", "infantry_company", "Pakistan", 12.5, 2, None, None],
        [None, "infantry_company", "Ghana", 3, None, None, None],
        ["UNMIL", None, "Ghana", "three", "-1", None, None],
        ["UNMIL", "attack_helicopter", "Ukraine", None, None, "yesterday", "sure"],
        ["unmil", "attack helicopter", "Ukraine", 2, None, None, None],
    ]
    second: list[list[Any]] = [
        ["mission", "resource", "contributor", "units", "routine"],
        ["UNOCI", "vehicle", "Ghana", 1, 1],
        ["UNOCI", "vehicle", "Ghana", 2, 1],
        ["UNOCI", "vehicle", "Togo", True, None],
    ]
    with pytest.raises(TableError) as refused:
        read_holdings(book(tmp_path / "plan.xlsx", {"North": first, "South": second, "Notes": [["by hand"]]}))
    assert [str(cell) for cell in refused.value.cells] == [
        "sheet 'North', row 2, column 'units': must be a whole number, not '12.5'",
        "sheet 'North', row 3, column 'mission': is blank; say it in every row (of merged cells only the first has it)",
        "sheet 'North', row 4, column 'resource': is blank; say it in every row "
        "(of merged cells only the first has it)",
        "sheet 'North', row 4, column 'units': must be a whole number, not 'three'",
        "sheet 'North', row 4, column 'routine': must be 0 or more, not '-1'",
        "sheet 'North', row 5, column 'units': is blank, or its formula gives an error; must be a whole number "
        "(0 for none)",
        "sheet 'North', row 5, column 'date': must be a date like 2010-10-31, not 'yesterday'",
        "sheet 'North', row 5, column 'confidence': must be one of assumed, recalled, secondary, verified, not 'sure'",
        "sheet 'North', row 6, column 'mission': 'unmil' differs from 'UNMIL' (row 2) "
        "only in capitals, accents or marks: write one",
        "sheet 'North', row 6, column 'resource': 'attack helicopter' differs from 'attack_helicopter' (row 5) "
        "only in capitals, accents or marks: write one",
        "sheet 'South', row 3, column 'units': is said in row 2 of 'South' already for UNOCI, vehicle, Ghana: "
        "add the rows up into one",
        "sheet 'South', row 3, column 'routine': is said in row 2 of 'South' already for UNOCI, vehicle: "
        "it is for the whole mission; say it in one row",
        "sheet 'South', row 4, column 'units': must be a whole number, not 'True'",
    ]


def test_sheets_without_holdings_are_told_and_one_can_be_chosen(tmp_path: Path) -> None:
    path = book(tmp_path / "plan.xlsx", {"Cover": [["Plan of 2010"]], "Plan": ROWS, "Old": ROWS})
    with pytest.raises(TableError, match="sheet 'Old', row 2, column 'units': is said in row 2 of 'Plan' already"):
        read_holdings(path)
    assert len(read_holdings(path, sheets=["Plan"]).holdings) == 4
    with pytest.raises(UsageError, match=r"no sheet 'plan'; did you mean 'Plan'?"):
        read_holdings(path, sheets=["plan"])
    with pytest.raises(
        UsageError,
        match="sheet 'Cover', row 1: has Plan of 2010; among the first 20 rows one must name the columns mission",
    ):
        read_holdings(path, sheets=["Cover"])
    whole = book(tmp_path / "two.xlsx", {"Cover": [["Plan of 2010"]], "Plan": ROWS})
    assert "sheet 'Cover': no columns of holdings, left out" in read_holdings(whole).said


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["mission", "resource", "units"], ["UNMIL", "x", 1]], "row 1: has mission, resource, units; among"),
        ([["mission", "resource", "contributor", "units"]], "no row under the names of the columns"),
        ([[]], "row 1: has nothing"),
    ],
)
def test_a_table_without_what_is_needed_is_refused(tmp_path: Path, rows: list[list[Any]], told: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_holdings(as_csv(tmp_path / "plan.csv", rows))
    assert told in str(refused.value)


def test_whole_sheets_and_rows_are_told_with_the_cells(tmp_path: Path) -> None:
    bad: list[list[Any]] = [*ROWS[:1], ["UNMIL", "infantry_company", "Pakistan", "many"]]
    path = book(tmp_path / "plan.xlsx", {"Half": [["mission", "resource", "units"]], "Plan": bad})
    with pytest.raises(TableError) as refused:
        read_holdings(path)
    assert [(cell.sheet, cell.row, cell.column) for cell in refused.value.cells] == [
        ("Half", 1, ""),
        ("Plan", 2, "units"),
    ]
    longer: list[list[Any]] = [
        ["mission", "resource", "contributor", "units"],
        ["A", "b", "C", 1, "d"],
        ["A", "b", "D", "x"],
    ]
    with pytest.raises(TableError) as refused:
        read_holdings(as_csv(tmp_path / "plan.csv", longer))
    assert [(cell.row, cell.column) for cell in refused.value.cells] == [(2, ""), (3, "units")]


def test_one_date_shows_how_the_others_of_its_sheet_are_written(tmp_path: Path) -> None:
    head = ["mission", "resource", "contributor", "units", "date"]
    rows: list[list[Any]] = [head, ["A", "b", "C", 1, "05/10/2010"], ["A", "b", "D", 1, "31/10/2010"]]
    sources = [each.source for each in read_holdings(as_csv(tmp_path / "plan.csv", rows)).holdings]
    assert [source[-10:] for source in sources] == ["2010-10-05", "2010-10-31"]
    rows.append(["A", "b", "E", 1, "10/31/2010"])
    with pytest.raises(TableError, match="row 1, column 'date': the column mixes two ways to write dates"):
        read_holdings(as_csv(tmp_path / "mixed.csv", rows))


def test_a_csv_file_has_no_sheets_to_choose(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no workbook; --sheet is for one"):
        read_holdings(as_csv(tmp_path / "plan.csv", ROWS), sheets=["Plan"])


def test_a_workbook_needs_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(
        UsageError, match=r"needs python_calamine: pip install 'intermission\[spreadsheets\]'; or save the table as CSV"
    ):
        read_holdings(made(tmp_path, "xlsx"))
    assert isinstance(read_holdings(made(tmp_path, "csv")), HoldingsTable), "CSV does without"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0", b"mission,resource"])
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "plan.xlsx").write_bytes(data)
    with pytest.raises(UsageError, match="cannot be read as a workbook"):
        read_holdings(tmp_path / "plan.xlsx")


def test_a_sheet_with_something_far_away_is_refused(tmp_path: Path) -> None:
    far = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(far) as workbook:
        sheet = workbook.add_worksheet("Plan")
        sheet.write("A1", "mission")
        sheet.write("XFD1048576", 1)
    with pytest.raises(UsageError, match=r"sheet1.xml has a cell in row 1,048,576, and one in column 16,384"):
        read_holdings(far)


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a file but a folder"):
        read_holdings(tmp_path)
    with pytest.raises(UsageError, match="is not a file"):
        october(Path("/dev/zero"))


def test_a_workbook_under_the_name_of_a_csv_is_told(tmp_path: Path) -> None:
    made(tmp_path, "xlsx").rename(tmp_path / "plan.csv")
    with pytest.raises(UsageError, match="is a workbook, not CSV"):
        read_holdings(tmp_path / "plan.csv")


# -------------------------------------------------------------------------------- on the command line


def test_contributions_on_the_command_line(shell: Shell, tmp_path: Path) -> None:
    ask = ("import", "contributions", SINCE_2010, "--date", "2010-10", "--missions", "UNMIL, UNOCI")
    said = shell(*ask)
    assert said.status == 0
    assert "Pakistan: UNMIL 11 infantry_company; UNOCI 4 infantry_company" in said.out
    assert "warning: Justice Personnel, 7 people: not a personnel type known here, left out" in said.err
    name = "contributions_since_2010_2010-10.yaml"
    assert f"wrote {name}: a scenario beside it has its missions with the line `extends: {name}`" in said.err
    before = (tmp_path / name).read_bytes()
    again = shell(*ask, "--people", "infantry_company=100")
    assert (again.status, again.out) == (2, "")
    assert again.err == f"{name}: exists already; give --out another name, or --force\n"
    assert (tmp_path / name).read_bytes() == before
    assert shell(*ask, "--people", "infantry_company=100", "--force", "--quiet").err == ""
    assert (tmp_path / name).read_bytes() != before


def test_json_is_all_that_is_printed_and_writes_only_where_asked(shell: Shell, tmp_path: Path) -> None:
    ask = (
        "import",
        "contributions",
        SINCE_2010,
        "--date",
        "2010-10-31",
        "--missions",
        "UNMIL,UNOCI",
        "--json",
        "--quiet",
    )
    said = shell(*ask)
    found = yaml.safe_load(said.out)
    assert (said.status, said.err) == (0, "")
    assert found["missions"]["UNOCI"]["infantry_company"]["Ghana"] == {"people": 542, "units": 2, "over": 22}
    assert found["in_several_missions"][0]["contributor"] == "Pakistan"
    assert list(tmp_path.iterdir()) == []
    assert shell(*ask, "--out", "library.yaml").out == said.out
    assert [path.name for path in tmp_path.iterdir()] == ["library.yaml"]


def test_holdings_on_the_command_line(shell: Shell, tmp_path: Path) -> None:
    said = shell("import", "holdings", made(tmp_path, "xlsx"), "--date", "2010-10-01", "--out", "ours.yaml")
    assert said.status == 0
    assert "UNMIL    infantry_company      15       27" in said.out
    assert (tmp_path / "ours.yaml").exists()
    bad = shell("import", "holdings", as_csv(tmp_path / "bad.csv", [ROWS[0], ["UNMIL", "x", "Ghana", "?", None]]))
    assert (bad.status, bad.out) == (2, "")
    assert bad.err == f"{tmp_path / 'bad.csv'}: row 2, column 'units': must be a whole number, not '?'\n"
    assert not (tmp_path / "bad.yaml").exists()


def test_the_table_itself_is_never_overwritten(shell: Shell, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "plan.csv", ROWS)
    before = path.read_bytes()
    said = shell("import", "holdings", path, "--out", path, "--force")
    assert (said.status, said.err) == (2, f"{path}: is the table itself; give --out another name\n")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["import"], "Commands:"),
        (["import", "contribution"], "No such command 'contribution'. Did you mean 'contributions'?"),
        (["import", "contributions", "none.csv", "--date", "2010-10", "--missions", "A"], "none.csv: No such file"),
        (["import", "contributions", "none.csv", "--missions", "A"], "Missing option '--date'"),
        (
            ["import", "contributions", "x", "--date", "2010", "--missions", "A", "--people", "a"],
            "like infantry_company=260",
        ),
        (["import", "holdings", "none.csv", "--out", "no/where.yaml"], "no/where.yaml: there is no folder 'no'"),
        (["import", "holdings", "none.csv", "--out", "."], ".: is a folder; --out takes the name of a file"),
        (["import", "holdings", "none.csv", "--date", "1.1.2010"], "must be a day like 2010-10-31, not '1.1.2010'"),
    ],
)
def test_mistakes_on_the_command_line_are_one_line(shell: Shell, words: list[str], told: str) -> None:
    said = shell(*words)
    assert said.status == 2
    assert told in said.err
    assert "Traceback" not in said.err
