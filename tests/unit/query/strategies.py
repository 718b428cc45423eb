"""Hypothesis strategies for runs, filters in MLflow's grammar, and syntax trees."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from qtui.entities import DatasetInput, Point, Run, RunInfo, Status, Summary
from qtui.query.ast import (
    Aggregate,
    And,
    Comparison,
    Expr,
    Field,
    FieldKind,
    Filter,
    IsNull,
    Not,
    Operator,
    Or,
    Word,
)

# Few keys and values, so that a filter often meets what it looks for.
KEYS = ("ic", "rank ic", "m/nested", "l2.train", "a-b", "中文 键", "é", "order", "null", "5", "")
TEXTS = ("lgb", "LGB", "l.b", "", "100%", "a_b", "a+b", "x\ny", "y\n", "it''s", "模型", "É", "é", "ß", "AND", "0.1")
NUMBERS = (0.0, -0.0, 0.05, -1.5, 1.0, 1e300, 5e-324, float("inf"), float("-inf"), float("nan"))
IDS = tuple(f"{number:032x}" for number in range(6))
TIMES = (0, 1, 1_760_000_000_000, 1_760_000_600_000)

texts = st.sampled_from(TEXTS) | st.text(alphabet="lgb%_.*\\n 模é", max_size=5)
numbers = st.sampled_from(NUMBERS) | st.floats()
datasets = st.builds(
    DatasetInput,
    name=texts,
    digest=texts,
    tags=st.dictionaries(st.sampled_from(["mlflow.data.context", "other"]), texts, max_size=2),
)
summaries = st.builds(
    Summary,
    first=numbers,
    last=numbers,
    min=st.none() | st.floats(allow_nan=False),
    max=st.none() | st.floats(allow_nan=False),
    count=st.just(1),
    non_finite=st.just(0),
)
infos = st.builds(
    RunInfo,
    run_id=st.sampled_from(IDS),
    experiment_id=st.just("1"),
    name=texts,
    status=st.sampled_from([status.value for status in Status]),
    start_time=st.sampled_from(TIMES),
    end_time=st.none() | st.sampled_from(TIMES),
    artifact_uri=texts,
    user=texts,
)
runs = st.builds(
    Run,
    info=infos,
    params=st.dictionaries(st.sampled_from(KEYS), texts, max_size=4),
    metrics=st.dictionaries(
        st.sampled_from(KEYS), st.builds(Point, step=st.just(0), timestamp=st.just(0), value=numbers), max_size=4
    ),
    tags=st.dictionaries(st.sampled_from(KEYS), texts, max_size=4),
    inputs=st.lists(datasets, max_size=2).map(tuple),
    summaries=st.dictionaries(st.sampled_from(KEYS), summaries, max_size=2),
)

_space = st.sampled_from(["", " ", "  ", "\t", "\n", " \r\n "])
_gap = st.sampled_from([" ", "  ", "\t", "\n"])


def _any_case(word: str) -> st.SearchStrategy[str]:
    return st.sampled_from([word.upper(), word.lower(), word.title()])


@st.composite
def _quoted(draw: st.DrawFn, text: str, quotes: str) -> str:
    """Return a text in one of the quotes that it does not contain."""
    able = [quote for quote in quotes if quote not in text]
    quote = draw(st.sampled_from(able or [quotes[0]]))
    return f"{quote}{text if able else ''}{quote}"


@st.composite
def _key(draw: st.DrawFn, key: str) -> str:
    if re.fullmatch(r"[a-z]\w*(\.[a-z]\w*)*", key) and draw(st.booleans()):
        return key
    return draw(_quoted(key, "`\"'"))


@st.composite
def _name(draw: st.DrawFn, prefixes: tuple[str, ...], key: str) -> str:
    prefix = draw(st.sampled_from(prefixes))
    if draw(st.booleans()):
        prefix = f"`{prefix}`"
    return f"{prefix}.{draw(_key(key))}"


def _text_value() -> st.SearchStrategy[str]:
    # MLflow's lexer takes a backslash before the closing quote for an escape of that quote.
    return texts.filter(lambda text: not text.endswith("\\")).flatmap(lambda text: _quoted(text, "'\""))


_time_value = st.sampled_from([*map(str, TIMES), "0.5", "-3", "1.76e12"])
_number_value = st.sampled_from(["0", "-0", "1", "0.05", ".5", "5.", "-1.5", "1e300", "1E-3", "-2.5e2", "007"]) | (
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: repr(value).replace("e+", "e"))
)
_ORDERED = ["=", "!=", "<", "<=", ">", ">="]
_EQUAL = ["=", "!="]


@st.composite
def _text_comparison(draw: st.DrawFn, name: str) -> str:
    if draw(st.booleans()):
        return name + draw(_space) + draw(st.sampled_from(_EQUAL)) + draw(_space) + draw(_text_value())
    return (
        name + draw(_gap) + draw(st.sampled_from(["LIKE", "like", "ILIKE", "ilike"])) + draw(_gap) + draw(_text_value())
    )


@st.composite
def _number_comparison(draw: st.DrawFn, name: str, value: st.SearchStrategy[str]) -> str:
    return name + draw(_space) + draw(st.sampled_from(_ORDERED)) + draw(_space) + draw(value)


@st.composite
def _null(draw: st.DrawFn, name: str) -> str:
    return name + draw(_gap) + draw(_any_case("is")) + draw(_gap) + draw(_any_case("null") | _any_case("not null"))


@st.composite
def _in_list(draw: st.DrawFn, name: str, values: st.SearchStrategy[str]) -> str:
    plain = values.filter(lambda value: not set(value) & set("\\\n'\""))
    listed = draw(st.lists(plain.map(lambda value: f"'{value}'"), min_size=1, max_size=3))
    negation = draw(st.just("") | _any_case("not").flatmap(lambda word: _gap.map(lambda gap: word + gap)))
    separator = draw(_space) + "," + draw(_space)
    inside = draw(_space) + separator.join(listed) + draw(_space)
    return name + draw(_gap) + negation + draw(_any_case("in")) + draw(_space) + f"({inside})"


_METRIC, _PARAM = ("metric", "metrics"), ("param", "params", "parameter", "parameters")
_TAG, _RUN = ("tag", "tags"), ("attribute", "attributes", "attr", "run")
_DATASET = ("dataset", "datasets")
_TEXT_ATTRIBUTES = ("run_name", "run name", "Run Name", "Run name", "status", "user_id", "artifact_uri", "run_id")
_TIME_ATTRIBUTES = ("start_time", "end_time", "created", "Created")


def _attribute(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    def bare(name: str) -> st.SearchStrategy[str]:
        return _quoted(name, '`"') if " " in name else st.just(name) | _quoted(name, '`"')

    return st.sampled_from(names).flatmap(lambda name: _name(_RUN, name) | bare(name))


_metric = st.sampled_from(KEYS).flatmap(lambda key: _name(_METRIC, key))
_param_or_tag = st.sampled_from(KEYS).flatmap(lambda key: _name(_PARAM, key) | _name(_TAG, key))
_dataset = st.sampled_from(["name", "digest", "context"]).flatmap(lambda key: _name(_DATASET, key))
_clause = st.one_of(
    _metric.flatmap(lambda name: _number_comparison(name, _number_value)),
    _param_or_tag.flatmap(lambda name: _text_comparison(name) | _null(name)),
    _attribute(_TEXT_ATTRIBUTES).flatmap(_text_comparison),
    _attribute(_TIME_ATTRIBUTES).flatmap(lambda name: _number_comparison(name, _time_value)),
    _attribute(("run_id",)).flatmap(lambda name: _in_list(name, st.sampled_from(IDS))),
    _dataset.flatmap(lambda name: _text_comparison(name) | _in_list(name, st.sampled_from(TEXTS))),
)


@st.composite
def mlflow_filters(draw: st.DrawFn) -> str:
    """Return a filter in MLflow's documented grammar, with unusual spaces and quotes."""
    clauses = draw(st.lists(_clause, min_size=1, max_size=3))
    joined = clauses[0]
    for clause in clauses[1:]:
        joined += draw(_gap) + draw(_any_case("and")) + draw(_gap) + clause
    return draw(_space) + joined + draw(_space)


@st.composite
def mlflow_orders(draw: st.DrawFn) -> str:
    """Return a sort key in MLflow's grammar."""
    attributes = _attribute(("run_id", "run_name", "status", "user_id", "artifact_uri", *_TIME_ATTRIBUTES))
    direction = _gap.flatmap(
        lambda gap: st.sampled_from(["ASC", "asc", "DESC", "desc", "Desc"]).map(lambda word: gap + word)
    )
    return draw(_metric | _param_or_tag | attributes) + draw(st.just("") | direction)


any_text = st.text(max_size=12)
_TEXT_OPERATORS = [Operator.EQ, Operator.NE, Operator.LIKE, Operator.ILIKE]
_ORDER_OPERATORS = [Operator.EQ, Operator.NE, Operator.LT, Operator.LE, Operator.GT, Operator.GE]
_patterns = any_text.map(re.escape) | st.sampled_from(["^a|b$", r"\d+", "(?i)lgb", "[a-z]", ""])
_finite = st.floats(allow_nan=False)
_TEXT_KEYS = ("run_id", "run_name", "user_id", "status", "artifact_uri", "experiment_id", "lifecycle_stage")

_keyed = st.builds(Field, st.sampled_from([FieldKind.PARAM, FieldKind.TAG]), any_text)
_textual = _keyed | st.one_of(
    st.builds(Field, st.just(FieldKind.ATTRIBUTE), st.sampled_from(_TEXT_KEYS)),
    st.builds(Field, st.just(FieldKind.DATASET), st.sampled_from(["name", "digest", "context"])),
)
_numeric = st.builds(Field, st.just(FieldKind.METRIC), any_text, st.sampled_from(Aggregate))
_timed = st.builds(Field, st.just(FieldKind.ATTRIBUTE), st.sampled_from(["start_time", "end_time"]))
_spans = st.just(Field(FieldKind.ATTRIBUTE, "duration"))

_leaves: st.SearchStrategy[Expr] = st.one_of(
    st.builds(Comparison, _textual, st.sampled_from(_TEXT_OPERATORS), any_text),
    st.builds(Comparison, _textual, st.sampled_from([Operator.MATCH, Operator.NOT_MATCH]), _patterns),
    st.builds(
        Comparison,
        _textual,
        st.sampled_from([Operator.IN, Operator.NOT_IN]),
        st.lists(any_text, min_size=1, max_size=3).map(tuple),
    ),
    st.builds(Comparison, _keyed | _numeric, st.sampled_from(_ORDER_OPERATORS), _finite),
    st.builds(Comparison, _timed, st.sampled_from(_ORDER_OPERATORS), st.integers(-(10**15), 10**15)),
    st.builds(Comparison, _spans, st.sampled_from(_ORDER_OPERATORS), st.integers(0, 10**14)),
    st.builds(IsNull, _textual | _numeric | _timed | _spans, st.booleans()),
    st.builds(Word, any_text),
)


def _combine(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, parts)


trees: st.SearchStrategy[Expr] = st.recursive(_leaves, _combine, max_leaves=8)
filters = st.builds(Filter, trees, st.integers(0, 2 * 10**12))
