#!/usr/bin/env python3
"""What `--format sarif` writes is SARIF 2.1.0.

sarif.schema.json describes the part of SARIF that cmatch writes, after the OASIS standard (sections in its descriptions), and
allows nothing else; what no schema can say (indices, levels of what passed) is checked here. `--schema FILE` checks against
another schema as well, the standard's own say.

usage: check_sarif.py --bin CMATCH [--schema FILE]
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not there")
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent


def problems_of(log, schemas):
    problems = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
                for schema in schemas for e in jsonschema.Draft7Validator(schema).iter_errors(log)]
    for run in log.get("runs", []):
        rules = run["tool"]["driver"]["rules"]
        ids = [rule["id"] for rule in rules]
        if len(ids) != len(set(ids)):
            problems.append("a rule is listed twice")
        for result in run["results"]:
            if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
                problems.append(f"{result['ruleId']} is not at {result['ruleIndex']}")
            if (result["kind"] == "fail") == (result["level"] == "none"):
                problems.append(f"{result['ruleId']}: {result['kind']} of level {result['level']}")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--schema")
    options = parser.parse_args()
    schemas = [json.loads((HERE / "sarif.schema.json").read_text(encoding="utf-8"))]
    if options.schema:
        schemas.append(json.loads(pathlib.Path(options.schema).read_text(encoding="utf-8")))
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        model = {"model_id": "<m> 100%", "positional": "rope_llama", "attention": "gqa", "quant": ["q4_k_m"],
                 "context_max": 8192, "vocab_size": 1, "tensor_types": ["q4_k"]}
        (folder / "a model#1.mcd.json").write_text(json.dumps(model), encoding="utf-8")
        (folder / "broken.mcd.json").write_text('{"model_id": 3}', encoding="utf-8")
        (folder / "site.yaml").write_text(
            "kind: cmatch.overlay/v1\nlayer: site\nreason: \"OPS-1\"\nowner: ops\nwaive:\n"
            "  - {rule: CMATCH-8131, model: \"*\", worker: \"*\", reason: \"known\", expires: \"2999-01-01\"}\n",
            encoding="utf-8")
        worker = ["--engine", "vllm", "--gpu", "RTX 4090"]
        rules = ["--rules", str(HERE.parent.parent / "rules"), "--rules", name]
        runs = [
            ("fails", 1, {"fail", "open"}, True, ["check", "a model#1.mcd.json", *worker]),
            ("passes", 0, {"open"}, True, ["check", "a model#1.mcd.json", "--engine", "llama.cpp", "--gpu", "RTX 4090"]),
            ("waived", 1, {"fail", "open"}, True, ["check", "a model#1.mcd.json", *worker, *rules]),
            ("several", 2, {"fail", "open"}, False, ["check", "a model#1.mcd.json", "broken.mcd.json", "none.gguf", *worker]),
            ("no worker", 2, {"fail"}, False, ["check", "a model#1.mcd.json", "--engine", "vllmm", "--gpu", "RTX 4090"]),
            ("no rules", 2, {"fail"}, False, ["check", "a model#1.mcd.json", *worker, "--rules", "none"]),
        ]
        for title, code, kinds, successful, arguments in runs:
            done = subprocess.run([options.bin, *arguments, "--format", "sarif"], cwd=folder, capture_output=True, text=True,
                                  check=False)
            problems = [] if done.returncode == code else [f"exit code {done.returncode}, expected {code}: {done.stderr}"]
            log = json.loads(done.stdout)
            problems += problems_of(log, schemas)
            run = log["runs"][0]
            if {result["kind"] for result in run["results"]} != kinds:
                problems.append(f"kinds {[result['kind'] for result in run['results']]}, expected {kinds}")
            if run["invocations"][0]["executionSuccessful"] != successful:
                problems.append("executionSuccessful is wrong")
            if title == "waived" and [r["ruleId"] for r in run["results"] if "suppressions" in r] != ["CMATCH-8131"]:
                problems.append("what is waived is not suppressed")
            print(f"{title}: {len(run['results'])} results, {len(problems)} problems")
            for problem in problems:
                print(f"  {problem}")
            failed += len(problems)
    print("SARIF 2.1.0" if failed == 0 else f"{failed} problems")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
