#!/usr/bin/env python3
"""The loader and the JSON Schemas of rules/schema/ agree.

Every shipped table, every example of docs/reference/tables.md and every sample of tests/parsers is taken by both. Then
one thing at a time is changed in them (a key removed, an unknown key added, a value of another shape): both take the
result, or both refuse it. Every key of a schema has a text, which editors show.

    check_schemas.py --root REPOSITORY --reader BUILD/tests/cmatch_schema_reader

Needs python3-yaml and python3-jsonschema (Debian packages); without them: exit 77 (skipped).
"""

import argparse
import copy
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

try:
    import jsonschema
    import yaml
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)

# As often as this a place of one shape ("supports/*/kinds/*/#/level") is changed in one file.
TIMES = 2
UNKNOWN_KEY = "zz_unknown"
OTHER_SHAPES = ([], {UNKNOWN_KEY: 1}, "", None, -1)


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2 core schema, as editors read it: `off` and `no` are text."""


CoreLoader.yaml_implicit_resolvers = {}
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(null|~|)$"), ["n", "~", ""])
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(0|[1-9][0-9]*)$"), list("-0123456789"))
CoreLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?[0-9]+\.[0-9]+$"), list("-0123456789"))


def documents(root):
    """(name, text) of everything that must be taken as it is."""
    for path in sorted(glob.glob(os.path.join(root, "rules", "**", "*.yaml"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            yield os.path.relpath(path, root), file.read()
    for name in ("docs/reference/tables.md", "tests/parsers/yaml_samples.h"):
        path = os.path.join(root, name)
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for block in re.findall(r"(?:```yaml\n|R\"\()(kind: cmatch\..*?)(?:```|\)\")", text, re.DOTALL):
            yield f"{name}:{text[:text.index(block)].count(chr(10)) + 1}", block


def kind_of(data):
    match = re.fullmatch(r"cmatch\.(\w+)/v1", str(data.get("kind"))) if isinstance(data, dict) else None
    return match.group(1) if match else None


def places(node, path=(), shape=()):
    """(path, shape) of every node below the root; in `shape` names that are free are `*`."""
    if isinstance(node, dict):
        for key, value in node.items():
            here = shape + ("*" if is_free(shape) else key,)
            yield path + (key,), here
            yield from places(value, path + (key,), here)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield path + (index,), shape + ("#",)
            yield from places(value, path + (index,), shape + ("#",))


def is_free(shape):
    """Whether the keys of the mapping at `shape` are names of its author's choice."""
    tail = shape[-1] if shape else ""
    if tail in ("fields", "architectures", "model_types", "file_types", "tensor_types", "mcds", "ecps", "builds",
                "launch", "paths", "supports", "kinds", "aliases"):
        return True
    return len(shape) == 2 and shape[0] in ("kinds", "aliases")


def reduced(node, shape=(), kept=None):
    """`node` without the items of lists and free mappings that have no key which those before them had not."""
    kept = {} if kept is None else kept

    def is_new(value, here):
        signature = (type(value).__name__,) + tuple(sorted({"/".join(part) for _, part in places(value, (), here)}))
        known = kept.setdefault(here, set())
        return not (signature in known or known.add(signature))

    if isinstance(node, dict):
        free = is_free(shape)
        return {key: reduced(value, shape + ("*" if free else key,), kept) for key, value in node.items()
                if not free or is_new(value, shape + ("*",))}
    if isinstance(node, list):
        return [reduced(value, shape + ("#",), kept) for value in node if is_new(value, shape + ("#",))]
    return node


def at(data, path):
    for part in path:
        data = data[part]
    return data


def mutations(data):
    """(what was changed, the changed document)."""
    seen = {}
    for path, shape in [((), ())] + list(places(data)):
        if seen.setdefault(shape, 0) >= TIMES:
            continue
        seen[shape] += 1
        where = "/".join(map(str, path))
        if isinstance(at(data, path), dict):
            changed = copy.deepcopy(data)
            at(changed, path)[UNKNOWN_KEY] = 1
            yield f"{where}: unknown key added", changed
        if not path:
            continue
        if isinstance(path[-1], str):
            changed = copy.deepcopy(data)
            del at(changed, path[:-1])[path[-1]]
            yield f"{where}: removed", changed
        if shape[0] == "set" and ("value" in shape or "expect" in shape):
            continue  # what they may be depends on the target
        for other in OTHER_SHAPES:
            if type(other) is type(at(data, path)) and not other:
                continue
            changed = copy.deepcopy(data)
            at(changed, path[:-1])[path[-1]] = other
            yield f"{where}: is {json.dumps(other)}", changed


def without_text(schema, place="", part=None):
    """Places of keys that say nothing to who writes one; conditions (`if`, `then`, `anyOf`) repeat keys and need none."""
    part = schema if part is None else part
    if not isinstance(part, dict):
        return []

    def says(key):
        if "$ref" in key:
            key = schema["definitions"][key["$ref"].rsplit("/", 1)[1]]
        return "description" in key or any(says(each) for each in key.get("allOf", []))

    found = []
    for name, key in part.get("properties", {}).items():
        if not says(key):
            found.append(f"{place}/{name}")
        found += without_text(schema, f"{place}/{name}", key)
    for name in ("items", "additionalProperties"):
        found += without_text(schema, place, part.get(name, False))
    for name, each in part.get("definitions", {}).items():
        found += without_text(schema, f"{place}#{name}", each)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", required=True)
    parser.add_argument("--reader", required=True)
    arguments = parser.parse_args()

    validators = {}
    failures = 0
    for path in glob.glob(os.path.join(arguments.root, "rules", "schema", "*.schema.json")):
        with open(path, encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft7Validator.check_schema(schema)
        for place in without_text(schema):
            print(f"{os.path.basename(path)}: no description of {place}")
            failures += 1
        validators[os.path.basename(path).split(".")[0]] = jsonschema.Draft7Validator(schema)

    tried = []  # (name, kind, the schema takes it, must be taken, file)
    with tempfile.TemporaryDirectory() as folder:

        def add(name, kind, data, text, must):
            path = os.path.join(folder, f"{len(tried)}.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text if text is not None else json.dumps(data, ensure_ascii=False))
            tried.append((name, kind, validators[kind].is_valid(data), must, path))

        for name, text in documents(arguments.root):
            data = yaml.load(text, Loader=CoreLoader)
            kind = kind_of(data)
            if kind not in validators:
                print(f"{name}: no schema for kind {data.get('kind')}")
                failures += 1
                continue
            add(name, kind, data, text, True)
            for what, changed in mutations(reduced(data)):
                if isinstance(changed, dict) and kind_of(changed) == kind:
                    add(f"{name}: {what}", kind, changed, None, False)

        base = [path for path in glob.glob(os.path.join(arguments.root, "rules", "**", "*.yaml"), recursive=True)
                if f"{os.sep}cases{os.sep}" not in path]
        lines = "".join(f"{kind}\t{path}\n" for _, kind, _, _, path in tried)
        answer = subprocess.run([arguments.reader] + base, input=lines, capture_output=True, text=True, check=True)
        for (name, kind, valid, must, path), verdict in zip(tried, answer.stdout.splitlines(), strict=True):
            # What spans files, and the order of rows, are not the schema's business.
            taken = not [code for code in verdict.split()
                         if code != "ok" and not code.startswith(("rules-", "yaml-unreachable-row"))]
            taken = taken and (verdict == "ok" or not must)
            if taken == valid and (taken or not must):
                continue
            failures += 1
            print(f"{name}: the loader {'takes' if taken else 'refuses'} it ({verdict.strip()[:200]}), "
                  f"the schema {'takes' if valid else 'refuses'} it")
    print(f"{len(tried)} documents, {failures} disagreements")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
