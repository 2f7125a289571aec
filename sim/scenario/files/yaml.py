"""YAML as a scenario may use it: plain maps, lists and scalars, with the line and column of every key and value.

Built on the events of libyaml rather than on a loader, because only so every key has a position, duplicate keys are
seen, and a hostile file (alias bombs, 200,000 opening brackets, `1:1:1…`) costs no more than its bytes. Scalars are
those of YAML 1.2's core schema: `NO` and `12:30` are words, dates stay text, `1_000` is a word. Keys are always text.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.reader import ReaderError

from sim.scenario.files.yaml_typos import not_text, odd_space, syntax_hint
from sim.scenario.positions import Finding, Marks, Path

MOST_BYTES = 1 << 20
MOST_NODES = 60_000
MOST_DEPTH = 40
MOST_FINDINGS = 100
MOST_TABS = 20

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\u200b\u2060]")
_INVISIBLE = "\ufeff\u200b\u2060"
_ESCAPED_IN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_INDENTING_TAB = re.compile("^ *\t", re.MULTILINE)
_TAB = "a tab; indent with spaces"
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = dict.fromkeys(("", "~", "null", "Null", "NULL"), None) | {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_HINTS = {
    "mapping values are not allowed in this context": "a colon too many, or text that needs quotes",
    "could not find expected ':'": "a word without its colon, or an indentation that is off",
    "did not find expected key": "an indentation that is off",
    "did not find expected '-' indicator": "an indentation that is off",
    "did not find expected ',' or ']'": "a comma missing, or a list without its end",
    "did not find expected ',' or '}'": "a comma missing, or a block in braces without its end",
    "found unexpected end of stream": "a quote without its end",
    "found character that cannot start any token": "text that begins with @, % or ` needs quotes",
    "did not find expected alphabetic or numeric character": "text that begins with * or & needs quotes",
    "did not find expected comment or line break": "text that begins with > or | needs quotes",
    "did not find expected node content": "a value missing, or text that needs quotes",
}


@dataclass(frozen=True)
class Document:
    """One file: its value, where each part of it stands, and what is wrong with it as YAML."""

    value: Any
    marks: Marks
    findings: list[Finding]
    """Refused things whose place is known by their path; reading went on after them."""
    fatal: tuple[int, int, str] | None = None
    """(line, column, what) where reading could not go on."""


class _RefusedError(Exception):
    """Reading stops here: args are line, column (both from 1) and what is wrong."""


@dataclass
class _Frame:
    """A map or a list under construction; `path` is None where its marks must not be kept."""

    value: dict[str, Any] | list[Any]
    path: Path | None
    key: str | None = None
    key_mark: tuple[int, int] = (0, 0)
    doubled: bool = False


@dataclass
class _Builder:
    marks: Marks = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    stack: list[_Frame] = field(default_factory=list)
    root: Any = None
    nodes: int = 0
    documents: int = 0

    def take(self, event: Any) -> None:
        """Adds what one event says; raises _RefusedError where reading must stop."""
        kind = type(event)
        if kind in (MappingEndEvent, SequenceEndEvent):
            self.stack.pop()
        elif kind is DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                raise _RefusedError(*_mark(event), "a second document begins here; a scenario is one document")
        elif isinstance(event, NodeEvent):
            self.nodes += 1
            if self.nodes > MOST_NODES:
                raise _RefusedError(
                    *_mark(event), f"more than {MOST_NODES:,} keys and values; a scenario is never so long"
                )
            frame = self.stack[-1] if self.stack else None
            if frame is not None and isinstance(frame.value, dict) and frame.key is None:
                self._key(frame, event)
            else:
                self._node(frame, event)

    def _key(self, frame: _Frame, event: NodeEvent) -> None:
        if not isinstance(event, ScalarEvent):
            raise _RefusedError(*_mark(event), "a key must be a word, not a block, a list or an alias")
        key = unicodedata.normalize("NFC", event.value)
        if not key or _ESCAPED_IN.search(key) or "\n" in key:
            raise _RefusedError(*_mark(event), "a key must be a word on one line" if key else "a key is missing here")
        frame.key, frame.key_mark, frame.doubled = key, _mark(event), key in frame.value
        if frame.path is None:
            return
        path = (*frame.path, key)
        if key == "<<" and not event.style:
            self._refuse(path, event, "merge keys (<<) are not read; write the words out, or use extends")
            frame.doubled = True
        elif frame.doubled:
            first = self.marks[path][0]
            self._refuse(path, event, f"is said twice; the first time on line {first}")
        elif event.anchor or event.tag:
            self._refuse(path, event, "anchors (&) and tags (!) are not read; write a plain word")

    def _node(self, frame: _Frame | None, event: NodeEvent) -> None:
        path = self._path(frame)
        if path is not None:
            line, column = _mark(event)
            key_line, key_column = frame.key_mark if frame and frame.key is not None else (line, column)
            self.marks[path] = (key_line, key_column, line, column)
        value = self._value(path, event)
        if frame is None:
            self.root = value
        elif isinstance(frame.value, list):
            frame.value.append(value)
        else:
            assert frame.key is not None
            if not frame.doubled:
                frame.value[frame.key] = value
            frame.key = None
        if isinstance(value, (dict, list)) and not isinstance(event, AliasEvent):
            if len(self.stack) >= MOST_DEPTH:
                raise _RefusedError(*_mark(event), f"more than {MOST_DEPTH} levels deep; a scenario is never so nested")
            self.stack.append(_Frame(value, path))

    @staticmethod
    def _path(frame: _Frame | None) -> Path | None:
        if frame is None:
            return ()
        if frame.path is None or frame.doubled:
            return None
        return (*frame.path, len(frame.value) if isinstance(frame.value, list) else str(frame.key))

    def _value(self, path: Path | None, event: Any) -> Any:
        if isinstance(event, AliasEvent):
            self._refuse(path, event, f"aliases (*{event.anchor}) are not read; write the value out")
            return None
        if event.anchor:
            self._refuse(path, event, f"anchors (&{event.anchor}) are not read; write the value out, or use extends")
        elif event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")[:40]
            self._refuse(path, event, f"tags ({tag}) are not read; leave it out")
        if isinstance(event, MappingStartEvent):
            return {}
        if isinstance(event, SequenceStartEvent):
            return []
        if event.style:
            return self._text(path, event)
        try:
            return scalar(event.value) if event.tag is None else event.value
        except ValueError as error:
            self._refuse(path, event, str(error))
            return 0

    def _text(self, path: Path | None, event: ScalarEvent) -> str:
        text: str = event.value
        if _ESCAPED_IN.search(text):
            self._refuse(path, event, "holds a control character or a tab; write plain text")
        return unicodedata.normalize("NFC", text)

    def _refuse(self, path: Path | None, event: Any, what: str) -> None:
        if path is not None and len(self.findings) < MOST_FINDINGS:  # else it is part of what was refused already
            self.findings.append(Finding(path, what, place=_mark(event)))


def _mark(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def scalar(text: str) -> Any:
    """A plain scalar by YAML 1.2's core schema; ValueError for numbers that no scenario can mean."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "+-.0123456789":
        if _NOT_FINITE.fullmatch(text):
            raise ValueError(f"must be a finite number, not {text}")
        if _INT.fullmatch(text) or _BASED.fullmatch(text):
            if len(text) > 40:
                raise ValueError(f"must be a number of at most 40 digits, not of {len(text):,}")
            return int(text) if text[1:2] not in ("o", "x") else int(text, 0)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if not math.isfinite(number):
                raise ValueError(f"must be a finite number, not {text[:40]}")
            return number
    return unicodedata.normalize("NFC", text)


def parse(data: bytes) -> Document:
    """The document in `data`; never raises: what is wrong is in its `findings` and `fatal`."""
    builder = _Builder()
    try:
        text = _without_tabs(_checked_text(data), builder)
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
        if builder.root is None and not builder.marks:
            raise _RefusedError(1, 1, "the file is empty; `intermission new FILE` writes one to start from")
    except _RefusedError as refusal:
        line, column, what = refusal.args
        return Document(None, builder.marks, builder.findings, fatal=(line, column, what))
    except ReaderError as error:
        line, column = _line_and_column(text, error.position)
        return Document(None, builder.marks, builder.findings, fatal=(line, column, f"cannot be read: {error.reason}"))
    except yaml.MarkedYAMLError as error:
        return Document(None, builder.marks, builder.findings, fatal=_syntax(error, text))
    except (yaml.YAMLError, ValueError, MemoryError) as error:
        return Document(None, builder.marks, builder.findings, fatal=(1, 1, f"cannot be read as YAML: {error}"))
    return Document(builder.root, builder.marks, builder.findings)


def _syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int, str]:
    mark = error.problem_mark or error.context_mark
    problem = " ".join(str(error.problem or error.context).split())
    odd = odd_space(_lines(text), mark, error.context_mark)
    if odd is not None:
        return odd
    slip = syntax_hint(problem, mark, error.context_mark, [*_lines(text), ""]) if mark else None
    if slip is not None:
        return slip
    hint = _HINTS.get(problem)
    what = f"is not YAML: {problem}" + (f" ({hint}?)" if hint else "")
    if error.context and error.context_mark and mark and error.context_mark.line != mark.line:
        what += f", {error.context} on line {error.context_mark.line + 1}"
    return (mark.line + 1, mark.column + 1, what) if mark else (1, 1, what)


def _checked_text(data: bytes) -> str:
    """UTF-8 without control characters; raises _RefusedError at the first place that is not."""
    if len(data) > MOST_BYTES:
        raise _RefusedError(1, 1, "the file is over 1 MiB; a scenario is never so long")
    if said := not_text(data):
        raise _RefusedError(1, 1, f"{said}; save the scenario as UTF-8 text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _line_and_column(data[: error.start].decode("utf-8", "replace"), None)
        raise _RefusedError(line, column, "is not UTF-8; save the file as UTF-8 text") from None
    found = _FORBIDDEN.search(text)
    if found and found[0] in _INVISIBLE:
        what = f"an invisible character (U+{ord(found[0]):04X}); delete it"
        raise _RefusedError(*_line_and_column(text, found.start()), what)
    if found:
        raise _RefusedError(*_line_and_column(text, found.start()), "a control character; write plain text")
    return text


def _without_tabs(text: str, builder: _Builder) -> str:
    """The text with a space for each tab, every one of which is reported; one that indents ends reading there."""
    indents = _INDENTING_TAB.search(text)
    if indents:
        raise _RefusedError(*_line_and_column(text, indents.end() - 1), _TAB)
    for found in islice(re.finditer("\t", text), MOST_TABS):
        builder.findings.append(Finding((), _TAB, place=_line_and_column(text, found.start())))
    return text.replace("\t", " ")


def _line_and_column(text: str, offset: int | None) -> tuple[int, int]:
    before = text if offset is None else text[:offset]
    lines = _lines(before)
    return len(lines), len(lines[-1]) + 1


def _lines(text: str) -> list[str]:
    return re.split("\r\n|\r|\n", text)
