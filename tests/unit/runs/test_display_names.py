"""Headers say what a column is in few letters, and never the same for two columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qtui.entities import RunInfo
from qtui.runs.display_names import distinct_run_names, short_names

PORTFOLIO = [
    f"1day.excess_return_{cost}_cost.{measure}"
    for cost in ("with", "without")
    for measure in ("annualized_return", "information_ratio", "max_drawdown", "mean", "std")
]
parts = st.sampled_from(["a", "model", "kwargs", "learning_rate", "excess_return", "_x", "", "中文", "val", "1"])
names = st.lists(
    st.lists(parts, min_size=1, max_size=4).flatmap(
        lambda some: st.sampled_from([".", "/", "_"]).map(lambda by: by.join(some))
    ),
    unique=True,
    max_size=8,
)


def test_the_shared_prefix_of_qlibs_names_is_dropped() -> None:
    short = short_names([*PORTFOLIO, "IC", "l2.valid"])
    assert short["1day.excess_return_with_cost.max_drawdown"] == "with_cost.max_drawdown"
    assert short["1day.excess_return_without_cost.mean"] == "without_cost.mean"
    assert (short["IC"], short["l2.valid"]) == ("IC", "l2.valid")


def test_a_prefix_is_dropped_from_all_names_beside_each_other() -> None:
    short = short_names(["model.kwargs.learning_rate", "model.kwargs.lr", "model.class"])
    assert list(short.values()) == ["learning_rate", "lr", "model.class"]


def test_a_short_name_differs_from_those_of_hidden_columns_too() -> None:
    assert short_names(["encoder.block.learning_rate"], ["decoder.block.learning_rate"]) == {
        "encoder.block.learning_rate": "encoder.block.learning_rate"
    }


def test_neither_the_data_of_a_metric_nor_its_cost_is_dropped() -> None:
    names = ["val/cross_entropy_smoothed", "metrics/valid/mean_absolute_error", PORTFOLIO[0]]
    assert list(short_names(names).values()) == [names[0], "valid/mean_absolute_error", "with_cost.annualized_return"]


def test_a_name_is_not_shortened_to_the_title_of_another_column() -> None:
    assert short_names(["settings.of.run.status"], reserved=("status",)) == {"settings.of.run.status": "run.status"}


@given(names, names, st.sets(parts))
def test_short_names_are_distinct_tails_and_never_empty(shown: list[str], others: list[str], taken: set[str]) -> None:
    short = short_names(shown, others, taken)

    assert list(short) == shown
    assert len(set(short.values())) == len(shown)
    for name, text in short.items():
        assert name.endswith(text) and bool(text) is bool(name)
        if text != name:
            assert text not in taken
            assert not any(other.endswith(text) for other in {*shown, *others} - {name} if _is_tail(other, text))


def _is_tail(name: str, text: str) -> bool:
    before = name.removesuffix(text)[-1:]
    return before in ("", ".", "/") and not text.startswith((".", "/"))


def test_runs_with_the_same_name_have_their_ids_in_their_names() -> None:
    runs = [RunInfo("a" * 32, "1", "反转因子"), RunInfo("b" * 32, "1", "lgb"), RunInfo("c" * 32, "1", "lgb")]
    assert list(distinct_run_names(runs)) == ["反转因子", "lgb bbbbbbbb", "lgb cccccccc"]
    assert list(distinct_run_names([RunInfo("d" * 32, "1")])) == ["dddddddd"]
