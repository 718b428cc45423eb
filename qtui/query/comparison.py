"""What follows a field: an operator and its value, a list, two bounds, or IS NULL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from qtui.errors import QuerySyntaxError
from qtui.query import moments
from qtui.query.ast import And, Comparison, Expr, Field, IsNull, Not, Operator, Or
from qtui.query.cursor import Cursor, keyword
from qtui.query.domains import Clause, domain_of
from qtui.query.lexer import Lexeme, Token, unescaped

SYMBOLS: Mapping[str, Operator] = {
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
LIKES: Mapping[str, Operator] = {"LIKE": Operator.LIKE, "ILIKE": Operator.ILIKE, "RLIKE": Operator.MATCH}
_NEGATABLE = frozenset({*LIKES, "IN", "BETWEEN"})


def begins_comparison(cursor: Cursor, distance: int = 0) -> bool:
    """Whether what comes next, or some tokens further on, makes a field of what came before."""
    token = cursor.ahead(distance)
    word = keyword(token)
    if word == "NOT":
        return keyword(cursor.ahead(distance + 1)) in _NEGATABLE
    return word == "IS" or word in _NEGATABLE or token.kind is Lexeme.OPERATOR


def comparison(cursor: Cursor, field: Field, name: Token) -> Expr:
    """The rest of a comparison whose field was read, as it was named."""
    if not begins_comparison(cursor):
        raise cursor.missing("A comparison, such as > 0.05,")
    if cursor.accept("IS"):
        return _is_null(cursor, field)
    negated = cursor.accept("NOT")
    if cursor.accept("IN"):
        return _in(cursor, field, negated)
    if cursor.accept("BETWEEN"):
        return _between(cursor, field, name, negated)
    operator = _operator(cursor, field, name)
    expr = _clause(cursor, field, operator)
    return And((IsNull(field, negated=True), Not(expr))) if negated else expr


def _is_null(cursor: Cursor, field: Field) -> Expr:
    negated = cursor.accept("NOT")
    if not cursor.accept("NULL"):
        raise cursor.missing("NULL")
    return IsNull(field, negated)


def _operator(cursor: Cursor, field: Field, name: Token) -> Operator:
    token = cursor.token
    operator = SYMBOLS.get(token.source) or LIKES.get(token.source.upper())
    if operator is None:
        raise cursor.error(f"There is no comparison {token.source}.")
    domain = domain_of(field)
    if operator not in domain.operators:
        known = " ".join(each.value for each in Operator if each in domain.operators)
        raise cursor.error(f"{name.source} is {domain.noun}, which {operator} cannot compare; use {known}.")
    cursor.advance()
    return operator


def _between(cursor: Cursor, field: Field, name: Token, negated: bool) -> Expr:
    if Operator.GE not in domain_of(field).operators:
        reason = f"{name.source} is {domain_of(field).noun}, which has no order to be between."
        raise cursor.error(reason, cursor.before)
    low = _clause(cursor, field, Operator.LT if negated else Operator.GE)
    if not cursor.accept("AND"):
        raise cursor.missing("AND with an upper bound")
    high = _clause(cursor, field, Operator.GT if negated else Operator.LE)
    return Or((low, high)) if negated else And((low, high))


def _in(cursor: Cursor, field: Field, negated: bool) -> Expr:
    """A list of texts stays one comparison; numbers and days become one for each."""
    operator = Operator.NE if negated else Operator.EQ
    parts = tuple(_read(cursor, field, operator, each) for each in _list(cursor, field))
    texts = tuple(each.value for each in parts if isinstance(each, Comparison) and isinstance(each.value, str))
    if len(texts) == len(parts):
        return Comparison(field, Operator.NOT_IN if negated else Operator.IN, texts)
    if len(parts) == 1:
        return parts[0]
    return And(parts) if negated else Or(parts)


def _list(cursor: Cursor, field: Field) -> list[Token]:
    if not cursor.at(Lexeme.OPEN):
        raise cursor.missing("A list in parentheses")
    cursor.advance()
    values: list[Token] = []
    while not cursor.at(Lexeme.CLOSE) or not values:
        value = _value(cursor, field)
        if value.kind is Lexeme.QUOTED and "\\" in value.source:
            value = replace(value, value=unescaped(value, cursor.text))
        values.append(value)
        if cursor.at(Lexeme.COMMA):
            cursor.advance()
        elif not cursor.at(Lexeme.CLOSE):
            raise cursor.missing("A comma or the closing parenthesis")
    cursor.advance()
    return values


def _clause(cursor: Cursor, field: Field, operator: Operator) -> Expr:
    return _read(cursor, field, operator, _value(cursor, field))


def _read(cursor: Cursor, field: Field, operator: Operator, value: Token) -> Expr:
    return domain_of(field).read(Clause(field, operator, value, cursor.text, cursor.now))


def _value(cursor: Cursor, field: Field) -> Token:
    token = cursor.token
    if not cursor.at(Lexeme.WORD, Lexeme.QUOTED) or keyword(token) in ("AND", "OR"):
        raise cursor.missing("A value")
    if keyword(token):
        hint = "write IS NULL for what is absent" if keyword(token) == "NULL" else "quote it if it is meant as text"
        raise cursor.error(f"{token.source} is a word of the filter language; {hint}.")
    cursor.advance()
    if domain_of(field).takes_clock:
        token = _with_clock(cursor, token)
    if token.kind is Lexeme.WORD and (token.key_is_quoted or _is_torn(cursor, token)):
        reason = "A value with quotes, parentheses or signs in it is quoted as a whole."
        end = token.end if token.key_is_quoted else cursor.token.end
        raise QuerySyntaxError(reason, cursor.text, token.start, end - token.start)
    return token


def _is_torn(cursor: Cursor, word: Token) -> bool:
    """Whether an unquoted value goes on, without a blank, with what no word can hold."""
    return cursor.at(Lexeme.OPEN, Lexeme.QUOTED, Lexeme.OPERATOR) and cursor.token.start == word.end


def _with_clock(cursor: Cursor, token: Token) -> Token:
    """A date and the time of day that stands behind it are one value."""
    clock = cursor.token
    if not (moments.is_date(token.source) and moments.is_clock(clock.source)):
        return token
    cursor.advance()
    return replace(token, source=f"{token.source} {clock.source}", end=clock.end)
