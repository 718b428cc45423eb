"""Text that is safe for a terminal, and its width there."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from typing import Literal
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from rich.cells import _cell_len, cell_len, get_character_cell_size

from qtui.text import (
    MARKS_PER_BASE,
    display,
    display_within,
    pad,
    redact,
    truncate,
    truncate_middle,
    truncate_start,
    width,
)

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))
HOSTILE = st.text(
    st.sampled_from("\x00\x07\x1b\x7f\x9b\x9d\t\r\n\u200b\u200d\u202e\u2066\u2028\ufeff\U000e0041\udcff\u0301中a[]")
)
FORBIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(ANY_TEXT | HOSTILE)
def test_nothing_that_commands_hides_or_reorders_is_left(text: str) -> None:
    displayed = display(text)
    assert not FORBIDDEN & {unicodedata.category(character) for character in displayed}
    displayed.encode("utf-8")


@given(ANY_TEXT | HOSTILE)
def test_many_lines_keep_their_line_ends_and_nothing_else(text: str) -> None:
    displayed = display(text, one_line=False).replace("\n", "")
    assert not FORBIDDEN & {unicodedata.category(character) for character in displayed}


@given(ANY_TEXT | HOSTILE, st.booleans())
def test_displayed_text_is_displayed_unchanged(text: str, one_line: bool) -> None:
    displayed = display(text, one_line=one_line)
    assert display(displayed, one_line=one_line) == displayed


@given(st.text(st.sampled_from("a\u0301\u0489\u20dd\u0903 中\x1b"), min_size=5))
def test_marks_do_not_pile_up(text: str) -> None:
    run = 0
    for character in display(text):
        run = run + 1 if unicodedata.category(character)[0] == "M" else 0
        assert run <= MARKS_PER_BASE


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("lstm-1", "lstm-1"),
        ("因子研究/动量", "因子研究/动量"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\x7fb\x00", "a␡b␀"),
        ("\x9b2J", "<009B>2J"),
        ("invoice\u202egnp.exe", "invoice<202E>gnp.exe"),
        ("zero\u200bwidth\ufeff", "zero<200B>width<FEFF>"),
        ("tag\U000e0041", "tag<E0041>"),
        ("a\tb\nc\r\n", "a    b⏎c␍⏎"),
        ("\udcb2\udce2", "\ufffd\ufffd"),
        ("[red]bold[/]", "[red]bold[/]"),
        ("e\u0301t\u0301", "e\u0301t\u0301"),
        ("\u3164", "<3164>"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
    ],
)
def test_each_kind_of_character_is_shown_in_its_own_way(raw: str, shown: str) -> None:
    assert display(raw) == shown


def test_windows_line_ends_are_line_ends_where_lines_are_shown() -> None:
    assert display("a\r\nb\rc", one_line=False) == "a\nb␍c"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "因子",
        "ｶﾞ",
        "한국어",
        "\u1100\u1161",
        "e\u0301",
        "🇨🇳",
        "👍🏽",
        "👨‍👩‍👧",
        "❤️",
        "naïve",
        "→ │ ●",
        "नमस्ते",
        "\u3000",
    ],
)
def test_the_width_of_ordinary_text_is_the_screens_width(text: str) -> None:
    assert width(text) == cell_len(text)


UNICODE = "17.0.0"


def test_every_character_has_the_width_that_the_terminal_library_gives_it() -> None:
    characters = [chr(code) for code in range(0xA0, sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    assert [hex(ord(c)) for c in characters if width(c) != get_character_cell_size(c, UNICODE)] == []


def test_a_variation_selector_widens_the_characters_that_the_terminal_library_widens() -> None:
    characters = [chr(code) for code in range(0xA0, sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    assert [hex(ord(c)) for c in characters if width(f"{c}\ufe0f") != _cell_len(f"{c}\ufe0f", UNICODE)] == []


@given(st.text(st.sampled_from("a因❤☺\u200d\ufe0f\u0301👩")))
def test_joined_and_widened_characters_measure_as_in_the_terminal_library(text: str) -> None:
    assert width(text) == _cell_len(text, UNICODE)


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], max_codepoint=0xFFFF)))
def test_a_width_is_the_sum_of_its_characters_widths(text: str) -> None:
    assume("\ufe0f" not in text)
    assert width(text) == sum(map(width, text))


@given(st.text().map(display), st.integers(0, 30))
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, cells: int) -> None:
    cut = truncate(text, cells)
    assert width(cut) <= cells
    assert cut == text or cells == 0 or cut.endswith("…")


def test_a_mark_is_not_cut_off_its_base() -> None:
    assert truncate("abe\u0301cd", 4) == "abe\u0301…"


def test_a_wide_character_that_does_not_fit_is_left_out_whole() -> None:
    assert truncate("因子研究", 4) == "因…"


@pytest.mark.parametrize(("align", "padded"), [("<", "因子  "), (">", "  因子"), ("^", " 因子 ")])
def test_padding_counts_cells_not_characters(align: Literal["<", ">", "^"], padded: str) -> None:
    assert pad("因子", 6, align) == padded


SECRETS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=4, max_size=30).map("S3".__add__)
SCHEMES = st.sampled_from(["http", "https", "postgresql", "mysql+pymysql", "ftp"])


@given(SCHEMES, SECRETS)
@example("postgresql", "p/w@rd#1?x")
def test_a_password_in_an_address_is_hidden(scheme: str, secret: str) -> None:
    message = redact(f"cannot reach {scheme}://joe:{quote(secret, safe='')}@host.example/db today")
    assert quote(secret, safe="") not in message
    assert message.startswith(f"cannot reach {scheme}://joe:***@host.example/db")


@given(SECRETS)
def test_an_unescaped_password_of_a_database_address_is_hidden(secret: str) -> None:
    assert secret not in redact(f"postgresql://joe:{secret}@host.example/db")


KEYS = ["token", "password", "sig", "X-Amz-Signature", "access_key", "client_secret", "api_key", "AWSAccessKeyId"]


@given(st.sampled_from(KEYS), SECRETS)
def test_a_secret_in_a_query_is_hidden(key: str, secret: str) -> None:
    message = redact(f"https://host.example/a?x=1&{key}={quote(secret, safe='')}&y=2")
    assert message == f"https://host.example/a?x=1&{key}=***&y=2"


@given(ANY_TEXT)
def test_hiding_twice_hides_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    ("told", "safe"),
    [
        ("Authorization: Basic YWxpY2U6aHVudGVyMg==", "Authorization: ***"),
        ("{'Authorization': 'Bearer abc'}", "{'Authorization': ***"),
        ("sent Bearer abcdefgh.ijkl here", "sent Bearer *** here"),
        ("https://ghp_0123456789@github.com/a/b", "https://***@github.com/a/b"),
        ("{'password': 'x y', 'b': 1}", "{'password': '***', 'b': 1}"),
        ("MLFLOW_TRACKING_PASSWORD=hunter2", "MLFLOW_TRACKING_PASSWORD=***"),
        ("password='a b' host=c", "password=*** host=c"),
        ("http://alice:hun@ter2@h:5/x", "http://alice:***@h:5/x"),
        ("mysql://:pw@h/d", "mysql://:***@h/d"),
        ("PROXY-AUTHORIZATION: Basic YWxpY2U6", "PROXY-AUTHORIZATION: ***"),
        ("BEARER abcdefgh.ijkl", "BEARER ***"),
        ("Author\u0131zation: Basic YWxpY2U6", "Author\u0131zation: ***"),
    ],
)
def test_secrets_are_hidden_anywhere_in_a_text(told: str, safe: str) -> None:
    assert redact(told) == safe


@pytest.mark.parametrize(
    "harmless",
    [
        "http://localhost:5000/#/experiments/1@2",
        "postgresql://localhost:5432/mlflow",
        "ssh://git@github.com/a/b",
        "file:///home/joe/mlruns",
        "sqlite:////home/joe/mlflow.db",
        "max_tokens=512 tokenizer=bert",
        "unexpected token: 'x'",
    ],
)
def test_text_without_secrets_stays(harmless: str) -> None:
    assert redact(harmless) == harmless


@given(ANY_TEXT.map(display), st.integers(0, 12))
def test_measuring_no_further_than_some_cells_gives_the_same_below_them(text: str, most: int) -> None:
    assert width(text, most) == min(width(text), most)


@pytest.mark.parametrize("cut_at", [truncate, truncate_start, truncate_middle])
@given(text=ANY_TEXT.map(display), cells=st.integers(0, 12))
def test_a_text_is_cut_only_where_it_does_not_fit(cut_at: Callable[[str, int], str], text: str, cells: int) -> None:
    cut = cut_at(text, cells)
    assert width(cut) <= cells
    assert (cut == text) == (width(text) <= cells)


def test_a_text_is_cut_at_its_start() -> None:
    assert truncate_start("abcdef", 4) == "…def"
    assert truncate_start("因子因子", 5) == "…因子"
    assert truncate_start("因子", 3) == "…子"
    assert truncate_start("abe\u0301cd", 3) == "…cd"
    assert truncate_start("abc", 0) == ""


def test_a_text_is_cut_in_its_middle() -> None:
    assert truncate_middle("1day.excess_return_with_cost.annualized_return", 16) == "1day.…zed_return"
    assert truncate_middle("运行-1-超参数搜索", 12) == "运…参数搜索"
    assert truncate_middle("ic", 16) == "ic"


def test_no_more_of_a_text_is_made_fit_than_some_cells_show() -> None:
    assert display_within("\x1b" * 1_000_000, 10) == "␛" * 90 + "…"
    assert display_within("\x1bab", 10) == "␛ab"
    assert display_within("a" * 1000, None) == "a" * 1000
