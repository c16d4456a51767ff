"""Chapter 5's charts: what they draw, that nothing is clipped or covered, and that both languages
say the same.
"""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from analysis.chapters.organisation import charts
from analysis.chapters.organisation import formulas as organisation
from tests.analysis.seen import clipped, covered, draw_all, facts, written
from workbook.words.labels import chart_words

LANGUAGES = ("ja", "en")
WANTED = {
    "plot_forms": ("forms", "flips"),
    "plot_shares": ("shares",),
    "plot_temptation": ("temptation",),
    "plot_charge_map": ("map",),
    "plot_participants": ("curve", "groups"),
}
RULES = ("shapley", "nucleolus", "own_cost", "residents", "equal", "separable")


def shares(wards=23, saved=0.12):
    """Charges as a share of own cost: the fair rules a bit below one, residents on both sides of
    it, the small wards worst.
    """
    codes, rows = facts("tile_layout")["code"].sort_values().to_numpy()[:wards], []
    for rule in RULES:
        middle = (
            np.linspace(1.15, 0.85, wards) if rule == "residents" else np.full(wards, 1 - saved)
        )
        spread = 0.35 if rule == "residents" else 0.03
        quick = rule not in ("nucleolus", "separable")
        rows.append(
            pd.DataFrame(
                {"code": codes, "rule": rule, "central_share_of_own_cost": middle}
                | {
                    f"share_of_own_cost_{level}": middle + step * spread if quick else np.nan
                    for level, step in (("p10", -1), ("p50", 0), ("p90", 1))
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def temptation(fair=-18e6, residents=4.5e9, equal=13.8e9):
    rows = [
        ("shapley", 0, 0, fair),
        ("own_cost", 0, 0.004, fair),
        ("residents", 1, 1, residents),
        ("equal", 1, 1, equal),
    ]
    table = pd.DataFrame(
        rows,
        columns=["rule", "ward_leaves_share", "coalition_leaves_share", "largest_excess_p50_jpy"],
    ).assign(variant="as_run")
    table["largest_excess_p10_jpy"], table["largest_excess_p90_jpy"] = (
        table["largest_excess_p50_jpy"] * 0.7,
        table["largest_excess_p50_jpy"] * 1.4,
    )
    other = table.assign(variant="largest_ward", ward_leaves_share=0.5, coalition_leaves_share=0.5)
    return pd.concat([other, table], ignore_index=True)


def curve(wards=23, each=3.3e8, agency=2.3e9):
    middle = np.maximum(np.arange(1, wards + 1) * each - agency, 0)
    return pd.DataFrame(
        {
            "wards": range(1, wards + 1),
            "saving_p10_jpy": 0.4 * middle,
            "saving_p50_jpy": middle,
            "saving_p90_jpy": 1.7 * middle,
        }
    )


def groups(wards=23, named=12, **more):
    saved = curve(wards, **more).set_index("wards")
    rows = [
        (name, count, *saved.loc[count]) for name, count in (("all_wards", wards), ("named", named))
    ]
    rows += [("others_add", wards - named, *(saved.loc[wards] - saved.loc[named]))] * (
        wards > named
    )
    return pd.DataFrame(
        rows, columns=["wards_in", "wards", "saving_p10_jpy", "saving_p50_jpy", "saving_p90_jpy"]
    )


def charge_map(wards=23, disputed=0):
    layout = facts("tile_layout").sort_values("code").head(wards)
    charge = np.linspace(4_736, 12_572, wards)
    return layout.assign(
        charge_per_resident_jpy=charge,
        charge_per_resident_low=charge,
        charge_per_resident_high=charge + disputed,
    )


def tables(**changed):
    forms, criteria = facts("legal_forms"), facts("form_criteria")
    return {
        "forms": organisation.form_acceptability(forms, criteria, 0.0),
        "flips": organisation.form_flips(forms, criteria),
        "shares": shares(),
        "temptation": temptation(),
        "map": charge_map(),
        "curve": curve(),
        "groups": groups(),
    } | changed


# pooling saves nothing
NOTHING = {
    "shares": shares(saved=0),
    "temptation": temptation(fair=0.0),
    "curve": curve(each=0.0),
    "groups": groups(each=0.0),
}
TWELVE = {"shares": shares(12), "map": charge_map(12), "curve": curve(12), "groups": groups(12)}
HUGE = {
    "temptation": temptation(fair=-3e9, residents=2e7, equal=9e9),
    "curve": curve(each=2e9),
    "groups": groups(each=2e9),
}


CASES = {"run": {}, "nothing": NOTHING, "twelve": TWELVE, "huge": HUGE}
DRAWN = [
    (case, chart)
    for case, changed in CASES.items()
    for chart, frames in WANTED.items()
    if case == "run" or set(frames) & set(changed)
]


@pytest.fixture(scope="module")
def figures():
    return {
        case: draw_all(
            charts,
            {chart: WANTED[chart] for drawn, chart in DRAWN if drawn == case},
            tables(**changed),
        )
        for case, changed in CASES.items()
    }


def boxes(figure):
    texts = [
        *(text for axes in figure.axes for text in (written(axes) if axes.axison else axes.texts)),
        *([figure._supxlabel] if figure._supxlabel else []),
    ]
    return [(text.get_text(), text.get_window_extent()) for text in texts]


def texts_of(figure):
    return [text for text, _ in boxes(figure)]


@pytest.mark.parametrize(("case", "chart"), DRAWN)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_clipped_or_covers_another(figures, chart, lang, case):
    figure = figures[case][chart, lang]
    texts = boxes(figure)
    assert clipped(figure, texts) == []
    assert covered(texts) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_of_leading_forms_stay_within_their_stretch(figures, lang):
    # tempting: to write a name as soon as a stretch is a sixth of the bar; "Association" then ran
    # over its neighbour
    axes = figures["run"]["plot_forms", lang].axes[1]
    bars = [bar.get_window_extent() for bar in axes.patches]
    for text in axes.texts:
        box = text.get_window_extent()
        assert any(
            bar.x0 <= box.x0 and box.x1 <= bar.x1 and bar.y0 <= box.y0 and box.y1 <= bar.y1
            for bar in bars
        ), text.get_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_that_leads_somewhere_is_named_and_no_other(figures, lang):
    flips, words = tables()["flips"], chart_words("organisation.charts", lang)
    named = {text.get_text() for text in figures["run"]["plot_forms", lang].axes[1].texts}
    assert named == {words[f"short_{form}"] for form in flips["leader"].unique()}


def test_forms_that_lead_together_are_drawn_as_tied_and_not_as_one_of_them():
    flips = pd.DataFrame(
        {
            "place": 1,
            "criterion": "tax",
            "from_weight": [0.0, 0.5],
            "to_weight": [0.5, 1.0],
            "leader": ["company", "company;foundation"],
            "equal_weight": 0.5,
        }
    )
    figure = draw_all(charts, {"plot_forms": ("forms", "flips")}, tables(flips=flips))[
        "plot_forms", "en"
    ]
    colours = [to_hex(bar.get_facecolor()) for bar in figure.axes[1].patches]
    assert [text.get_text() for text in figure.axes[1].texts] == ["Company", "Tied"]
    assert colours[1] not in {to_hex(colour) for colour in charts.LEADERS.values()}


def test_forms_that_are_out_have_a_reason_and_no_bar(figures):
    axes = figures["run"]["plot_forms", "en"].axes[0]
    assert sum("can neither contract nor employ" in text.get_text() for text in axes.texts) == 2
    rows = {round(bar.get_y() + bar.get_height() / 2) for bar in axes.patches}
    assert rows == set(range(5))


def test_a_forms_bar_is_how_often_it_comes_first_and_half_is_marked(figures):
    axes, forms = figures["run"]["plot_forms", "en"].axes[0], tables()["forms"]
    firsts = 100 * forms.sort_values("place")["rank_1_share"].dropna()
    assert [bar.get_width() for bar in axes.patches] == pytest.approx(firsts.tolist())
    (half,) = axes.collections
    assert {x for x, _ in half.get_segments()[0]} == {50}
    # tempting: a line through the reason why a council is out
    assert max(y for _, y in half.get_segments()[0]) == len(firsts) - 0.5


def test_the_band_of_residents_and_the_marks_of_fair_rules_are_where_the_table_says(figures):
    axes, table = (
        figures["run"]["plot_shares", "en"].axes[0],
        shares().query("rule == 'residents'").sort_values("code"),
    )
    assert [bar.get_x() for bar in axes.patches] == pytest.approx(
        (100 * table["share_of_own_cost_p10"]).tolist()
    )
    marks = {line.get_marker(): line.get_xdata() for line in axes.lines}
    assert marks["s"] == pytest.approx(100 * table["share_of_own_cost_p50"].to_numpy()) and marks[
        "o"
    ] == pytest.approx(np.full(23, 88))


def test_temptation_shows_this_run_and_no_variant_and_starts_its_bars_at_nothing(figures):
    upper = figures["run"]["plot_temptation", "en"].axes[0]
    assert {bar.get_x() for bar in upper.patches} == {0} and {
        round(bar.get_width(), 1) for bar in upper.patches
    } == {0, 0.4, 100}
    assert "a coalition 0.4%" in texts_of(figures["run"]["plot_temptation", "en"])


def test_wards_are_counted_in_whole_numbers(figures):
    for case in ("run", "twelve"):
        ticks = figures[case]["plot_participants", "ja"].axes[0].get_xticks()
        assert (ticks == np.round(ticks)).all()


def test_the_named_and_all_are_marked_and_what_the_others_add_is_no_third_dot(figures):
    axes = figures["run"]["plot_participants", "en"].axes[0]
    dots = sorted(float(line.get_xdata()[0]) for line in axes.lines if line.get_marker() == "o")
    assert dots == [12, 23] and any(
        "even at 7" in text for text in texts_of(figures["run"]["plot_participants", "en"])
    )


def test_where_pooling_saves_nothing_no_number_of_wards_breaks_even(figures):
    assert not any(
        "even at" in text for text in texts_of(figures["nothing"]["plot_participants", "en"])
    )


def test_where_the_named_are_all_there_is_one_dot(figures):
    axes = figures["twelve"]["plot_participants", "en"].axes[0]
    assert [float(line.get_xdata()[0]) for line in axes.lines if line.get_marker() == "o"] == [12]


def test_the_map_writes_every_charge(figures):
    for lang in LANGUAGES:
        written_texts = texts_of(figures["run"]["plot_charge_map", lang])
        assert {f"{yen:,.0f}" for yen in charge_map()["charge_per_resident_jpy"]} <= set(
            written_texts
        )


def test_a16_the_map_writes_both_ends_where_the_driver_of_cost_is_in_dispute():
    drawn = draw_all(charts, {"plot_charge_map": ("map",)}, {"map": charge_map(disputed=2_000)})
    for lang in LANGUAGES:
        assert "4.7–6.7" in texts_of(drawn["plot_charge_map", lang])
