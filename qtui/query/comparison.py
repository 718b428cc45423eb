"""Parse the part of a comparison after the field: operator and value, IN, BETWEEN, or IS NULL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from qtui.errors import QuerySyntaxError
from qtui.query import times
from qtui.query.ast import And, Comparison, Expr, Field, IsNull, Not, Operator, Or
from qtui.query.lexer import Token, TokenKind, unescape
from qtui.query.token_cursor import TokenCursor, keyword
from qtui.query.value_types import RawComparison, value_type_of

SYMBOL_OPERATORS: Mapping[str, Operator] = {
    "=": Operator.EQ,
    "==": Operator.EQ,
    "!=": Operator.NE,
    "<>": Operator.NE,
    "<": Operator.LT,
    "<=": Operator.LE,
    ">": Operator.GT,
    ">=": Operator.GE,
    "~": Operator.MATCH,
    "=~": Operator.MATCH,
    "!~": Operator.NOT_MATCH,
}
LIKE_OPERATORS: Mapping[str, Operator] = {"LIKE": Operator.LIKE, "ILIKE": Operator.ILIKE, "RLIKE": Operator.MATCH}
_KEYWORDS_AFTER_NOT = frozenset({*LIKE_OPERATORS, "IN", "BETWEEN"})


def begins_comparison(cursor: TokenCursor, distance: int = 0) -> bool:
    """Return whether the token at this distance starts the operator of a comparison."""
    token = cursor.peek(distance)
    word = keyword(token)
    if word == "NOT":
        return keyword(cursor.peek(distance + 1)) in _KEYWORDS_AFTER_NOT
    return word == "IS" or word in _KEYWORDS_AFTER_NOT or token.kind is TokenKind.OPERATOR


def parse_comparison(cursor: TokenCursor, field: Field, name: Token) -> Expr:
    """Parse the part of a comparison after its field; `name` is the token of the field."""
    if not begins_comparison(cursor):
        raise cursor.expected("a comparison such as > 0.05")
    if cursor.accept("IS"):
        return _parse_is_null(cursor, field)
    negated = cursor.accept("NOT")
    if cursor.accept("IN"):
        return _parse_in(cursor, field, negated)
    if cursor.accept("BETWEEN"):
        return _parse_between(cursor, field, name, negated)
    operator = _parse_operator(cursor, field, name)
    expr = _parse_value(cursor, field, operator)
    return And((IsNull(field, negated=True), Not(expr))) if negated else expr


def _parse_is_null(cursor: TokenCursor, field: Field) -> Expr:
    negated = cursor.accept("NOT")
    if not cursor.accept("NULL"):
        raise cursor.expected("NULL")
    return IsNull(field, negated)


def _parse_operator(cursor: TokenCursor, field: Field, name: Token) -> Operator:
    token = cursor.next_token
    operator = SYMBOL_OPERATORS.get(token.source) or LIKE_OPERATORS.get(token.source.upper())
    if operator is None:
        raise cursor.error(f"Unknown operator {token.source}.")
    value_type = value_type_of(field)
    if operator not in value_type.operators:
        supported = " ".join(option.value for option in Operator if option in value_type.operators)
        raise cursor.error(f"{operator} does not apply to {name.source}, which is {value_type.noun}; use {supported}.")
    cursor.advance()
    return operator


def _parse_between(cursor: TokenCursor, field: Field, name: Token, negated: bool) -> Expr:
    if Operator.GE not in value_type_of(field).operators:
        reason = f"BETWEEN does not apply to {name.source}, which is {value_type_of(field).noun}."
        raise cursor.error(reason, cursor.previous)
    low = _parse_value(cursor, field, Operator.LT if negated else Operator.GE)
    if not cursor.accept("AND"):
        raise cursor.expected("AND and an upper bound")
    high = _parse_value(cursor, field, Operator.GT if negated else Operator.LE)
    return Or((low, high)) if negated else And((low, high))


def _parse_in(cursor: TokenCursor, field: Field, negated: bool) -> Expr:
    """Parse a list; texts become one comparison, numbers and days one per value."""
    operator = Operator.NE if negated else Operator.EQ
    parts = tuple(_build(cursor, field, operator, token) for token in _parse_list(cursor, field))
    texts = tuple(part.value for part in parts if isinstance(part, Comparison) and isinstance(part.value, str))
    if len(texts) == len(parts):
        return Comparison(field, Operator.NOT_IN if negated else Operator.IN, texts)
    if len(parts) == 1:
        return parts[0]
    return And(parts) if negated else Or(parts)


def _parse_list(cursor: TokenCursor, field: Field) -> list[Token]:
    if not cursor.at(TokenKind.OPEN):
        raise cursor.expected("a list in parentheses")
    cursor.advance()
    values: list[Token] = []
    while not cursor.at(TokenKind.CLOSE) or not values:
        value = _parse_token(cursor, field)
        if value.kind is TokenKind.QUOTED and "\\" in value.source:
            value = replace(value, value=unescape(value, cursor.text))
        values.append(value)
        if cursor.at(TokenKind.COMMA):
            cursor.advance()
        elif not cursor.at(TokenKind.CLOSE):
            raise cursor.expected("a comma or a closing parenthesis")
    cursor.advance()
    return values


def _parse_value(cursor: TokenCursor, field: Field, operator: Operator) -> Expr:
    return _build(cursor, field, operator, _parse_token(cursor, field))


def _build(cursor: TokenCursor, field: Field, operator: Operator, value: Token) -> Expr:
    return value_type_of(field).build(RawComparison(field, operator, value, cursor.text, cursor.now))


def _parse_token(cursor: TokenCursor, field: Field) -> Token:
    token = cursor.next_token
    if not cursor.at(TokenKind.WORD, TokenKind.QUOTED) or keyword(token) in ("AND", "OR"):
        raise cursor.expected("a value")
    if keyword(token):
        hint = "write IS NULL for missing values" if keyword(token) == "NULL" else "quote it to use it as text"
        raise cursor.error(f"{token.source} is a keyword; {hint}.")
    cursor.advance()
    if value_type_of(field).has_time_of_day:
        token = _with_time_of_day(cursor, token)
    if token.kind is TokenKind.WORD and (token.key_is_quoted or _continues(cursor, token)):
        reason = "Quote a value that contains quotes, parentheses or operators."
        end = token.end if token.key_is_quoted else cursor.next_token.end
        raise QuerySyntaxError(reason, cursor.text, token.start, end - token.start)
    return token


def _continues(cursor: TokenCursor, word: Token) -> bool:
    """Return whether an unquoted value is followed, without a space, by a token that cannot be part of a word."""
    return cursor.at(TokenKind.OPEN, TokenKind.QUOTED, TokenKind.OPERATOR) and cursor.next_token.start == word.end


def _with_time_of_day(cursor: TokenCursor, token: Token) -> Token:
    """Join a date with the time of day that follows it."""
    time_of_day = cursor.next_token
    if not (times.is_date(token.source) and times.is_time_of_day(time_of_day.source)):
        return token
    cursor.advance()
    return replace(token, source=f"{token.source} {time_of_day.source}", end=time_of_day.end)
