"""Mutants of a C++ source: where they are, and one text with all of them.

Each changed expression becomes `(Chosen(7) ? (a <= b) : (a < b))`, so that one build has every mutant (mutant schemata).
libclang says where expressions begin and end.
"""
import dataclasses
import pathlib
import re
import sys

try:
    import clang.cindex
except ImportError:  # a python3 that is not Debian's
    sys.path.append("/usr/lib/python3/dist-packages")
    import clang.cindex

Kind = clang.cindex.CursorKind

# Binary operators as they are written, with what each becomes.
BINARY = {
    "==": ["!="], "!=": ["=="], "<": ["<=", ">"], "<=": ["<", ">"], ">": [">=", "<"], ">=": [">", "<"],
    "&&": ["||"], "||": ["&&"], "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["/"],
    "&": ["|"], "|": ["&"], "^": ["|"], "<<": [">>"], ">>": ["<<"],
    "+=": ["-="], "-=": ["+="], "*=": ["+="], "/=": ["*="], "|=": ["&="], "&=": ["|="], "^=": ["|="],
}
COMPARISONS = {"==", "!=", "<=", ">="}
UNARY = {"!": "", "~": "", "++": "--", "--": "++"}
CALLS = {"min": "max", "max": "min", "any_of": "all_of", "all_of": "any_of", "none_of": "any_of"}
OPERATOR_KINDS = {Kind.BINARY_OPERATOR, Kind.COMPOUND_ASSIGNMENT_OPERATOR, Kind.UNARY_OPERATOR, Kind.CALL_EXPR,
                  Kind.UNEXPOSED_EXPR}
CONDITIONS = {Kind.IF_STMT, Kind.WHILE_STMT, Kind.FOR_STMT, Kind.DO_STMT, Kind.CONDITIONAL_OPERATOR}
FUNCTIONS = {Kind.FUNCTION_DECL, Kind.CXX_METHOD, Kind.CONSTRUCTOR, Kind.FUNCTION_TEMPLATE, Kind.CONVERSION_FUNCTION}
# What the compiler must know, so that it cannot be chosen when the program runs.
FIXED = {Kind.STATIC_ASSERT, Kind.ENUM_DECL, Kind.TEMPLATE_NON_TYPE_PARAMETER, Kind.TYPE_REF, Kind.TEMPLATE_REF}


@dataclasses.dataclass
class Mutant:
    """One change, in bytes of the file: text[start:end] becomes `new`."""

    file: str
    start: int
    end: int
    new: bytes
    what: str
    line: int = 0
    changed: str = ""  # the line with the change
    number: int = 0


@dataclasses.dataclass
class Site:
    """An expression that has mutants."""

    start: int
    end: int
    mutants: list
    boolean: bool = False  # a condition, whatever its type
    in_constexpr: bool = False


class Source:
    """One file, read with the flags of its build."""

    def __init__(self, file, path, flags, constant):
        """`constant`: names of variables that must stay constants."""
        self.file, self.text, self.constant = file, path.read_bytes(), constant
        self.sites, self.expressions, self.edits = {}, [], {}
        self.left_out = 0
        unit = clang.cindex.Index.create().parse(str(path), args=["-xc++", *flags])
        if errors := [d for d in unit.diagnostics if d.severity >= clang.cindex.Diagnostic.Error]:
            raise RuntimeError(f"{file}: {errors[0]}")
        self.path = str(path)
        self.tokens = [(t.extent.start.offset, t.extent.end.offset, t.spelling)
                       for t in unit.cursor.get_tokens()
                       if t.kind != clang.cindex.TokenKind.COMMENT]
        for child in unit.cursor.get_children():
            if child.location.file and child.location.file.name == self.path:
                self.visit(child, False)
        self.operators()
        self.conditions()

    # --- what the syntax tree has

    def visit(self, cursor, in_constexpr):
        start, end = cursor.extent.start.offset, cursor.extent.end.offset
        kind = cursor.kind
        if kind in FIXED:
            return
        if kind in FUNCTIONS:
            in_constexpr = self.says(start, cursor.location.offset, "constexpr") is not None
        if kind in OPERATOR_KINDS or kind in CONDITIONS:
            self.expressions.append((end - start, start, end, cursor, in_constexpr))
        self.atom(cursor, start, end, in_constexpr)
        children = list(cursor.get_children())
        if kind == Kind.CASE_STMT:
            children = children[1:]
        elif kind == Kind.IF_STMT and self.is_constexpr(start, end):
            children = children[1:]
        elif kind in (Kind.VAR_DECL, Kind.FIELD_DECL, Kind.PARM_DECL):
            children = self.initializer(cursor, children)
        for child in children:
            self.visit(child, in_constexpr)

    def is_constexpr(self, start, end):
        return re.match(rb"if\s+constexpr\b", self.text[start:end]) is not None

    def initializer(self, cursor, children):
        """Not its type, and nothing where it must be a constant."""
        if self.text[cursor.extent.start.offset : cursor.extent.end.offset].find(cursor.spelling.encode()) < 0:
            return []
        constexpr = self.says(cursor.extent.start.offset, cursor.location.offset, "constexpr")
        if constexpr is not None and cursor.spelling in self.constant:
            return []
        if constexpr is not None:
            self.edits[constexpr] = b"const"
        after = cursor.location.offset
        if re.match(rb"\w+\[", self.text[after:]):  # the size of an array
            after = self.text.index(b"]", after)
        return [child for child in children if child.extent.start.offset > after]

    def says(self, start, end, word):
        """Where the word is among those tokens."""
        return next((s for s, _e, text in self.tokens if start <= s < end and text == word), None)

    def atom(self, cursor, start, end, in_constexpr):
        text = self.text[start:end]
        if cursor.kind == Kind.INTEGER_LITERAL and re.fullmatch(rb"\d[\d']*", text):
            value = int(text.replace(b"'", b""))
            for other in sorted({value + 1, max(value - 1, 0)} - {value}):
                self.add(start, end, start, end, str(other).encode(), in_constexpr)
        elif cursor.kind == Kind.CXX_BOOL_LITERAL_EXPR and text in (b"true", b"false"):
            self.add(start, end, start, end, b"false" if text == b"true" else b"true", in_constexpr)
        elif cursor.kind == Kind.DECL_REF_EXPR and cursor.referenced is not None:
            self.enumerator(cursor.referenced, text, start, end, in_constexpr)
        elif cursor.kind == Kind.CALL_EXPR:
            found = re.match(rb"std::(?:ranges::)?(\w+)", text)
            if found and found[1].decode() in CALLS:
                other = CALLS[found[1].decode()].encode()
                self.add(start, end, start + found.start(1), start + found.end(1), other, in_constexpr)

    def enumerator(self, constant, text, start, end, in_constexpr):
        """An enumerator becomes the next one of its kind."""
        if constant.kind != Kind.ENUM_CONSTANT_DECL or not text.endswith(constant.spelling.encode()):
            return
        names = [c.spelling for c in constant.semantic_parent.get_children() if c.kind == Kind.ENUM_CONSTANT_DECL]
        other = names[(names.index(constant.spelling) + 1) % len(names)].encode()
        self.add(start, end, end - len(constant.spelling), end, other, in_constexpr)

    # --- operators: tokens, and the smallest expression about each

    def operators(self):
        self.expressions.sort(key=lambda e: (*e[:3], e[3].kind == Kind.UNEXPOSED_EXPR))
        for start, end, text in self.tokens:
            if text in BINARY and self.text[start - 1 : start].isspace() and self.text[end : end + 1].isspace():
                around = next((e for e in self.expressions if e[1] < start and end < e[2]), None)
                new = BINARY[text]
            elif text in UNARY:
                around = next((e for e in self.expressions
                               if (e[1] == start and e[2] > end) or (e[2] == end and e[1] < start)), None)
                new = [UNARY[text]]
            else:
                continue
            if around is None or not self.is_operator(around[3], text) or self.between_pointers(around[3], text):
                continue
            if around[3].kind == Kind.CALL_EXPR and text in BINARY and text not in COMPARISONS and text.endswith("="):
                new = ["="]  # of a class, which has no other perhaps
            for other in new:
                site = self.add(around[1], around[2], start, end, other.encode(), around[4])
                site.boolean |= text == "!"

    @staticmethod
    def is_operator(cursor, text):
        if cursor.kind == Kind.CALL_EXPR:
            return cursor.spelling == f"operator{text}"
        return cursor.kind in OPERATOR_KINDS

    @staticmethod
    def between_pointers(cursor, text):
        """Their difference, which no other operator gives."""
        kinds = [child.type.get_canonical().kind for child in cursor.get_children()]
        return text == "-" and kinds.count(clang.cindex.TypeKind.POINTER) == 2

    def conditions(self):
        """Conditions that are no operators are turned round."""
        for _size, start, end, cursor, in_constexpr in self.expressions:
            if cursor.kind not in CONDITIONS or self.is_constexpr(start, end):
                continue
            after = b"?" if cursor.kind == Kind.CONDITIONAL_OPERATOR else b";" if cursor.kind == Kind.FOR_STMT else b")"
            for child in list(cursor.get_children())[: 1 if after == b"?" else None]:
                start, end = child.extent.start.offset, child.extent.end.offset
                if not child.kind.is_expression() or not self.text[end:].lstrip().startswith(after):
                    continue
                if (start, end) not in self.sites or not self.sites[start, end].mutants[0].new in self.flips():
                    text = self.text[start:end]
                    self.add(start, end, start, end, b"!(" + text + b")", in_constexpr).boolean = True
                break

    @staticmethod
    def flips():
        return {new.encode() for all_new in BINARY.values() for new in all_new} | {b"", b"true", b"false"}

    # --- mutants

    def add(self, start, end, change_start, change_end, new, in_constexpr):
        site = self.sites.setdefault((start, end), Site(start, end, [], in_constexpr=in_constexpr))
        old = self.text[change_start:change_end].decode()
        what = f"{old} -> {new.decode() or 'nothing'}"
        mutant = Mutant(self.file, change_start, change_end, new, what)
        if any((m.start, m.end, m.new) == (change_start, change_end, new) for m in site.mutants):
            return site
        begin = self.text.rfind(b"\n", 0, change_start) + 1
        stop = self.text.find(b"\n", change_end)
        mutant.line = self.text.count(b"\n", 0, change_start) + 1
        changed = self.text[begin:change_start] + new + self.text[change_end:stop]
        mutant.changed = " ".join(changed.decode().split())
        site.mutants.append(mutant)
        return site

    def mutants(self):
        found = [m for site in self.sites.values() for m in site.mutants]
        return sorted(found, key=lambda m: (m.start, m.end, m.new))

    def with_mutants(self, header):
        """The text with all of them; each has its number by now. `header`: how mutant.h is included."""
        body = self.rendered(0, len(self.text), sorted(self.sites.values(), key=lambda s: (s.start, -s.end)))
        return b'#include "' + header.encode() + b'"\n' + body

    def rendered(self, start, end, sites):
        """text[start:end], with those sites, which are inside."""
        out, at = [], start
        while sites:
            site = sites[0]
            inside = [s for s in sites[1:] if s.end <= site.end]
            sites = [s for s in sites[1:] if s.end > site.end]
            out.append(self.plain(at, site.start))
            out.append(self.choice(site, inside))
            at = site.end
        out.append(self.plain(at, end))
        return b"".join(out)

    def choice(self, site, inside):
        """No other mutant is chosen where one of these is, so that those inside need not be in their texts."""
        name = b"ChosenInConstexpr" if site.in_constexpr else b"Chosen"
        out = b"("
        for m in site.mutants:
            text = self.changed_expression(site, m)
            cast = b"bool" if site.boolean else b""
            out += b"cmatch_mutants::%s(%d) ? %s(%s) : " % (name, m.number, cast, text)
        original = self.rendered(site.start, site.end, inside)
        return out + (b"bool(" if site.boolean else b"(") + original + b"))"

    def changed_expression(self, site, mutant):
        left, right = self.text[site.start : mutant.start], self.text[mutant.end : site.end]
        if self.text[mutant.start : mutant.end] == b"<" and mutant.new in (b"<=", b">"):
            # Of types that have no other order than this.
            return (b"!" if mutant.new == b"<=" else b"") + b"((" + right + b") < (" + left + b"))"
        return left + mutant.new + right

    def plain(self, start, end):
        out, at = b"", start
        for offset in sorted(o for o in self.edits if start <= o < end):
            out += self.text[at:offset] + self.edits[offset]
            at = offset + len("constexpr")
        return out + self.text[at:end]
