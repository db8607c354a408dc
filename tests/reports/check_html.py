#!/usr/bin/env python3
"""The pages of `matrix --html` and `check --html` hold what they promise: nothing from outside, a content security policy
that the page itself keeps, text from files as text, and a structure that assistive technology can follow.

usage: check_html.py --bin CMATCH
"""
import argparse
import base64
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}
HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>\x1b[31m"


class Page(HTMLParser):
    """What a page is made of; `problems` says what is wrong with it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.problems, self.open, self.ids, self.references = [], [], [], []
        self.tags, self.blocks, self.headings, self.text, self.policy = [], {"style": [], "script": []}, [], "", None
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"not closed: {self.open}")

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        values = dict(attributes)
        self.tags.append((tag, values, list(self.open)))
        if len(names) != len(set(names)):
            self.problems.append(f"{tag} has an attribute twice")
        for name, value in attributes:
            if name == "style" or name.startswith("on"):
                self.problems.append(f"{tag} has {name}, which the policy forbids")
            if name in {"src", "srcset", "data", "action", "formaction", "background", "poster"}:
                self.problems.append(f"{tag} loads {value}")
        if "id" in values:
            self.ids.append(values["id"])
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.references += values.get(name, "").split()
        if tag == "a":
            target = values.get("href", "")
            if target.startswith("#"):
                self.references.append(target[1:])
            elif not target.startswith("https://github.com/"):
                self.problems.append(f"link to {target}")
        if tag in {"link", "iframe", "object", "embed", "base", "img"}:
            self.problems.append(f"there is a {tag}")
        if tag == "th" and values.get("scope") not in {"col", "row", "rowgroup"}:
            self.problems.append("a header cell without scope")
        if tag in {"input", "select", "textarea"} and "label" not in self.open and "aria-label" not in values:
            self.problems.append(f"{tag} without a label")
        if re.fullmatch("h[1-6]", tag) and "dialog" not in self.open:
            self.headings.append(int(tag[1]))
        if tag == "meta" and values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if self.open and self.open[-1] in self.blocks:
            self.blocks[self.open[-1]].append(data)
        else:
            self.text += data


def hash_of(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def policy_problems(page):
    if page.policy is None:
        return ["no content security policy"]
    directives = dict(part.split(None, 1) for part in page.policy.split("; "))
    problems = []
    if directives.get("default-src") != "'none'" or "unsafe" in page.policy or "*" in page.policy:
        problems.append(f"a loose policy: {page.policy}")
    for name in ("style", "script"):
        texts = page.blocks[name]
        want = " ".join(hash_of(text) for text in texts) or "'none'"
        if directives.get(name + "-src") != want:
            problems.append(f"{name}-src is {directives.get(name + '-src')}, not {want}")
    for name in ("base-uri", "form-action"):
        if directives.get(name) != "'none'":
            problems.append(f"{name} is open")
    return problems


def structure_problems(page):
    problems = [f"id {name} is there twice" for name in set(page.ids) if page.ids.count(name) > 1]
    problems += [f"nothing has the id {name}" for name in sorted(set(page.references) - set(page.ids))]
    count = {tag: sum(1 for t, _, _ in page.tags if t == tag) for tag in ("html", "title", "h1", "main")}
    problems += [f"{n} of {tag}" for tag, n in count.items() if n != 1]
    if not any(t == "html" and v.get("lang") for t, v, _ in page.tags):
        problems.append("no language")
    for above, below in zip(page.headings, page.headings[1:]):
        if below > above + 1:
            problems.append(f"h{below} after h{above}")
    return problems


def check(name, text, wanted=()):
    page = Page(text)
    problems = page.problems + policy_problems(page) + structure_problems(page)
    if any(ord(c) < 32 and c != "\n" for c in text):
        problems.append("control characters")
    problems += [f"does not say {word!r}" for word in wanted if word not in page.text]
    print(f"{name}: {len(page.tags)} elements, {len(text)} bytes, {len(problems)} problems")
    for problem in problems[:20]:
        print(f"  {problem}")
    return len(problems)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    binary = parser.parse_args().bin
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)

        def run(name, wanted, code, *arguments):
            done = subprocess.run([binary, *arguments, "--html", folder / name], capture_output=True, text=True, check=False)
            if done.returncode != code:
                print(f"{name}: exit code {done.returncode}, expected {code}: {done.stderr}")
                return 1
            return check(name, (folder / name).read_text(encoding="utf-8"), wanted)

        failed += run("all.html", ["vllm", "llama.cpp", "native", "engines/vllm.yaml:"], 0, "matrix")
        failed += run("two.html", ["0.9.0", "0.20.0"], 0, "matrix", "--engine", "vllm@0.9.0", "--engine", "vllm@0.20.0")
        model = {"model_id": HOSTILE, "positional": "<script>", "attention": "gqa", "quant": ["q4_k_m", "\"><b>"],
                 "context_max": 8192, "vocab_size": 1}
        (folder / "m.mcd.json").write_text(json.dumps({**model, "model_id": "a\\b<script>"}), encoding="utf-8")
        worker = ["--engine", "vllm", "--gpu", "RTX 4090", "--worker-id", "<script>w</script>&"]
        failed += run("bad.html", ["a\\b<script>", "<script>w</script>&", "not compatible", "CMATCH-8030.1", "Not checked"], 1,
                      "check", folder / "m.mcd.json", *worker, "--trace")
        (folder / "n.mcd.json").write_text(json.dumps({"model_id": 3, "<script>": HOSTILE}), encoding="utf-8")
        failed += run("several.html", ["could not judge", "<script>w</script>&"], 2,
                      "check", folder / "m.mcd.json", folder / "n.mcd.json", folder / "<script>.mcd.json", *worker)
    print("the pages are sound" if failed == 0 else f"{failed} problems")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
