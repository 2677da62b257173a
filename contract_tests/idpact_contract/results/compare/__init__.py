"""Reports beside each other: a matrix of vendors by rules, and what changed since a baseline. Reads reports; judges nothing."""

from idpact_contract.results.compare.changes import Change, Kind, changes, is_setback
from idpact_contract.results.compare.markdown import changes_markdown, matrix_markdown
from idpact_contract.results.compare.matrix import AnswerRow, Column, Matrix, RuleRow, matrix_of
from idpact_contract.results.compare.page import changes_page, matrix_page

__all__ = [
    "AnswerRow",
    "Change",
    "Column",
    "Kind",
    "Matrix",
    "RuleRow",
    "changes",
    "changes_markdown",
    "changes_page",
    "is_setback",
    "matrix_markdown",
    "matrix_of",
    "matrix_page",
]
