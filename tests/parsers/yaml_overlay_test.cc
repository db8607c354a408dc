#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "parsers/yaml_samples.h"

using namespace cmatch;
using namespace cmatch::testing;

namespace {

std::vector<RuleFile> With(std::string_view overlay) {
  std::vector<RuleFile> files = SampleFiles();
  files.push_back({"o.yaml", std::string(overlay)});
  return files;
}

// An overlay with one change, `set` being what stands under the item.
std::string Overlay(std::string_view set) {
  return "kind: cmatch.overlay/v1\nlayer: site\nreason: why\nowner: me\nset:\n  - " +
         std::string(set) + "\n";
}

Tables Read(const std::vector<RuleFile>& files) {
  auto tables = ReadTables(files);
  REQUIRE(tables.has_value());
  return *std::move(tables);
}

}  // namespace

TEST_CASE("yaml overlay: entries go before what is below and are listed") {
  const Tables tables = Read(With(kOverlaySample));
  const std::vector<Entry>& fp8 = tables.engines[0].supports[2].kinds[0].entries;
  REQUIRE(fp8.size() == 3);
  CHECK(fp8[0].overlay);
  CHECK(fp8[0].level == Level::kUnsupported);
  CHECK(fp8[0].source == "OPS-1234: driver bug");
  CHECK_FALSE(fp8[1].overlay);

  REQUIRE(tables.overrides.size() == 2);
  const Override& entries = tables.overrides[0];
  CHECK(entries.layer == "site-ams1");
  CHECK(entries.owner == "ops-ams");
  CHECK(entries.expires == "2027-03-01");
  CHECK(entries.target == "engines/vllm/supports/quant/fp8");
  CHECK(entries.value == "[{compute: [8.9], level: unsupported, because: OPS-1234}]");
  CHECK(ToString(tables.Locate(entries.origin)) == "o.yaml:7:13");
  // Of the two rows below, the one for 8.0 stays as it is.
  CHECK(entries.replaced == "{compute: [8.9..9.0], level: native}");
  CHECK(ToString(tables.Locate(entries.replaced_origin)) == "engines/vllm.yaml:28:11");
}

TEST_CASE("yaml overlay: a single value is set, with its place and what it replaced") {
  const Tables tables = Read(With(kOverlaySample));
  CHECK(tables.rules[0].severity == Severity::kWarning);
  CHECK(ToString(tables.Locate(tables.rules[0].severity_origin)) == "o.yaml:10:12");
  CHECK(tables.overrides[1].value == "warning");
  CHECK(tables.overrides[1].replaced == "error");
  CHECK(ToString(tables.Locate(tables.overrides[1].replaced_origin)) == "validation.yaml:11:15");
}

TEST_CASE("yaml overlay: waivers") {
  const Tables tables = Read(With(kOverlaySample));
  REQUIRE(tables.waivers.size() == 1);
  CHECK(tables.waivers[0].rule == "CMATCH-8030.1");
  CHECK(tables.waivers[0].model == "org/*");
  CHECK(tables.waivers[0].worker == "*");
  CHECK(tables.waivers[0].expires == "2026-12-31");
  CHECK(tables.waivers[0].owner == "ops-ams");
}

TEST_CASE("yaml overlay: the later of two wins, the earlier is listed as replaced") {
  std::vector<RuleFile> files =
      With(Overlay("{target: rules/CMATCH-8030.1/severity, value: warning}"));
  files.push_back({"p.yaml", Overlay("{target: rules/CMATCH-8030.1/severity, value: off}")});
  const Tables tables = Read(files);
  CHECK(tables.rules[0].severity == Severity::kOff);
  REQUIRE(tables.overrides.size() == 2);
  CHECK(tables.overrides[1].replaced == "warning");
  CHECK(tables.Locate(tables.overrides[1].replaced_origin).file == "o.yaml");
}

TEST_CASE("yaml overlay: an overlay before the file it changes") {
  std::vector<RuleFile> files = SampleFiles();
  files.insert(files.begin(), {"a.yaml", std::string(kOverlaySample)});
  CHECK(Read(files).overrides.size() == 2);
}

TEST_CASE("yaml overlay: every target") {
  struct Case {
    std::string set;
    std::string replaced;
  };
  const Case cases[] = {
      {"{target: engines/vllm/floor, entries: [{compute: [\"7.0\"], level: unsupported}]}",
       "{compute: [7.0..9.0], level: native}"},
      {"{target: engines/vllm/supports/quant/fp16, entries: [{level: native}]}", ""},
      {"{target: engines/vllm/supports/positional/rope_norm, entries: [{level: native}]}",
       "{level: native}"},
      {"{target: engines/vllm/paths/attention, entries: [{id: X, level: native}]}", ""},
      {"{target: engines/vllm/builds/cuda12/images, value: [\"9.0\"]}", "[8.0]; [8.0, 7.5ptx]"},
      {"{target: engines/vllm/builds/cuda13/min_driver, value: \"590\", expect: \"580\"}", "580"},
      {"{target: engines/vllm/builds/cuda13/min_driver, value: [{compute: [\"8.0\"], driver: "
       "\"590\"}]}",
       "580"},
      {"{target: engines/vllm/builds/cuda13/cuda, value: \"13.1\"}", "13.0"},
      {"{target: engines/vllm/launch/kv_cache/default, value: fp16, expect: auto}", "auto"},
      {"{target: engines/vllm/default_version, value: \"0.31.0\"}", "0.32.0"},
      {"{target: engines/vllm/default_build, value: [cuda12], expect: [cuda13, cuda12]}",
       "[cuda13, cuda12]"},
      {"{target: engines/vllm/max_context, value: 32Ki, expect: of_model}", "of_model"},
      {"{target: rules/CMATCH-8030.1/unknown, value: fail, expect: skip}", "skip"},
      {"{target: rules/CMATCH-8030.1/message, value: no}", "needs {required}"},
      {"{target: rules/CMATCH-8030.1/hint, value: ask ops}", ""},
      {"{target: gpus/NVIDIA L4/memory, value: [24GiB], expect: [23034MiB]}", "[23034MiB]"},
      {"{target: gpus/NVIDIA L4/compute, value: \"8.0\"}", "8.9"},
      {"{target: architectures/llama/positional, value: alibi, expect: rope_llama}", "rope_llama"},
      {"{target: architectures/llama/unsupported, value: not here}", ""},
      {"{target: model_types/mistral/attention, value: gqa}", ""},
      {"{target: engines/vllm/command/options/kv_cache, entries: [{words: [--kv, \"{value}\"], "
       "source: \"ours\"}]}",
       ""},
      {"{target: gpus/NVIDIA A100/memory, value: [40GiB]}", "[40960MiB, 81920MiB]"},
      {"{target: architectures/mpt/positional, value: alibi}", ""},
      {"{target: architectures/gptj/positional, value: alibi, expect: \"\"}", ""},
      {"{target: engines/vllm/supports/quant/q4_k_m, entries: [{level: native}]}", ""},
      {"{target: engines/vllm/supports/quant/q4_k, entries: [{level: native}]}", ""},
      {"{target: engines/vllm/supports/quant/fp8, entries: [{compute: [\"8.9\", \"9.0\"], "
       "versions: \"<0.14.0\", level: unsupported, source: \"ours\"}]}",
       "{compute: [8.9..9.0], level: native}"},
      {"{target: engines/vllm/supports/quant/fp8, entries: [{compute: [\"8.0\"], versions: "
       "\"<0.14.0\", level: native}]}",
       ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.set);
    const auto tables = ReadTables(With(Overlay(c.set)));
    CHECK(Brief(tables ? std::vector<Problem>() : tables.error().problems) == "");
    if (!tables) continue;
    REQUIRE(tables->overrides.size() == 1);
    CHECK(tables->overrides[0].replaced == c.replaced);
  }
}

TEST_CASE("yaml overlay: what is refused") {
  struct Case {
    std::string set, want, help;
  };
  const Case cases[] = {
      {"{target: engine/vllm/floor, entries: []}", "6:14 rules-unknown-target",
       "did you mean \"engines\"?"},
      {"{target: engines/vlm/floor, entries: []}", "6:14 rules-unknown-target",
       "did you mean \"vllm\"?"},
      {"{target: engines/vllm/flor, entries: []}", "6:14 rules-unknown-target", ""},
      {"{target: engines/vllm, value: x}", "6:14 rules-unknown-target", ""},
      {"{target: engines, value: x}", "6:14 rules-unknown-target", ""},
      {"{target: engines/vllm/supports/quants/fp8, entries: []}", "6:14 rules-unknown-target",
       "did you mean \"quant\"?"},
      {"{target: engines/vllm/supports/quant/pf8, entries: [{level: native}]}",
       "6:14 rules-unknown-target", "did you mean \"fp8\"?"},
      {"{target: engines/vllm/supports/kv_cache/fp8, entries: [{level: native}]}",
       "6:14 rules-unknown-target", ""},
      {"{target: engines/vllm/supports/quant/fp8, value: native}", "6:14 rules-unknown-target", ""},
      {"{target: engines/vllm/builds/cuda14/images, value: [\"9.0\"]}", "6:14 rules-unknown-target",
       "did you mean \"cuda13\" or \"cuda12\"?"},
      {"{target: engines/vllm/builds/cuda13/source, value: x}", "6:14 rules-unknown-target", ""},
      {"{target: engines/vllm/launch/kv_cach/default, value: fp16}", "6:14 rules-unknown-target",
       "did you mean \"kv_cache\"?"},
      {"{target: engines/vllm/launch/kv_cache/default, value: fp4}", "6:59 yaml-unknown-word", ""},
      {"{target: rules/CMATCH-8030.2/severity, value: off}", "6:14 rules-unknown-target",
       "did you mean \"CMATCH-8030.1\"?"},
      {"{target: rules/CMATCH-8030.1/check, value: off}", "6:14 rules-unknown-target", ""},
      {"{target: rules/CMATCH-8030.1/severity, value: offf}", "6:51 yaml-unknown-word",
       "did you mean \"off\"?"},
      {"{target: rules/CMATCH-8030.1/severity, value: off, expect: warning}",
       "6:64 rules-stale-overlay", "*"},
      {"{target: gpus/NVIDIA L5/memory, value: [1GiB]}", "6:14 rules-unknown-target",
       "did you mean \"NVIDIA L4\"?"},
      {"{target: gpus/NVIDIA L4/compute, value: 8.9}", "6:45 yaml-unquoted-compute", "*"},
      {"{target: architectures/lama/positional, value: alibi}", "6:14 rules-unknown-target",
       "did you mean \"llama\"?"},
      {"{target: rules/CMATCH-8030.1/severity}", "6:5 yaml-missing-key", "*"},
      // what is named only in part
      {"{target: rules, value: off}", "6:14 rules-unknown-target", ""},
      {"{target: rules/CMATCH-8030.1, value: off}", "6:14 rules-unknown-target", ""},
      {"{target: gpus, value: x}", "6:14 rules-unknown-target", ""},
      {"{target: gpus/NVIDIA L4, value: x}", "6:14 rules-unknown-target", ""},
      {"{target: gpus/NVIDIA L4/name, value: x}", "6:14 rules-unknown-target",
       "there is: memory compute"},
      {"{target: architectures/llama, value: x}", "6:14 rules-unknown-target", ""},
      {"{target: architectures/llama/mla, value: true}", "6:14 rules-unknown-target",
       "there is: positional attention unsupported"},
      {"{target: model_types/mistrl/attention, value: gqa}", "6:14 rules-unknown-target",
       "did you mean \"mistral\"?"},
      {"{target: engines/vllm/paths/attentoin, entries: [{id: X, level: native}]}",
       "6:14 rules-unknown-target", "did you mean \"attention\"?"},
      {"{target: engines/vllm/limits/a/b, value: x}", "6:14 rules-unknown-target", ""},
      {"{target: engines/vllm/launch/kv_cache/values, value: [auto]}", "6:14 rules-unknown-target",
       "there is: default"},
      // rows where one value is set, and the other way round
      {"{target: rules/CMATCH-8030.1/severity, entries: []}", "6:14 rules-unknown-target", ""},
      {"{target: gpus/NVIDIA L4/memory, entries: []}", "6:14 rules-unknown-target", ""},
      {"{target: architectures/llama/positional, entries: []}", "6:14 rules-unknown-target", ""},
      {"{target: engines/vllm/builds/cuda13/cuda, entries: []}", "6:14 rules-unknown-target", ""},
      {"{target: engines/vllm/launch/kv_cache/default, entries: []}", "6:14 rules-unknown-target",
       ""},
      {"{target: engines/vllm/default_version, entries: []}", "6:14 rules-unknown-target", ""},
      {"{target: engines/vllm/floor, value: native}", "6:14 rules-unknown-target", ""},
      {"{target: engines/vllm/paths/attention, value: X}", "6:14 rules-unknown-target", ""},
      {"{target: engines/vllm/command/optoins/kv_cache, entries: []}", "6:14 rules-unknown-target",
       "did you mean \"options\"?"},
      {"{target: engines/vllm/command/options/kv_cach, entries: []}", "6:14 rules-unknown-target",
       "did you mean \"kv_cache\"?"},
      {"{target: engines/vllm/command/options/kv_cache, value: x}", "6:14 rules-unknown-target",
       ""},
      // another value below than was expected
      {"{target: gpus/NVIDIA L4/memory, value: [1GiB], expect: [2GiB]}", "6:60 rules-stale-overlay",
       ""},
      {"{target: architectures/llama/positional, value: alibi, expect: alibi}",
       "6:68 rules-stale-overlay", ""},
      {"{target: engines/vllm/builds/cuda13/cuda, value: \"13.1\", expect: \"12.8\"}",
       "6:70 rules-stale-overlay", ""},
      {"{target: engines/vllm/launch/kv_cache/default, value: fp16, expect: fp16}",
       "6:73 rules-stale-overlay", ""},
      {"{target: engines/vllm/default_version, value: \"0.31.0\", expect: \"0.30.0\"}",
       "6:69 rules-stale-overlay", ""},
      {"{target: rules/X/severity, value: off, entries: []}", "6:39 yaml-unknown-key", "*"},
      {"{target: engines/vllm/floor, entries: [], expect: x}", "6:55 yaml-unknown-key", "*"},
      {"{targt: x, value: y}", "6:5 yaml-missing-key; 6:6 yaml-unknown-key", "*"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.set);
    const std::vector<Problem> problems = ProblemsIn(With(Overlay(c.set)));
    CHECK(Brief(problems) == c.want);
    if (c.help.empty() || c.help == "*" || problems.empty()) continue;
    CHECK(problems[0].help == c.help);
  }
}

TEST_CASE("yaml overlay: of a value with several parts, all are listed as replaced") {
  const struct {
    const char* first;
    const char* second;
    const char* replaced;
  } cases[] = {
      {"{target: engines/vllm/builds/cuda13/min_driver, value: [{compute: [\"8.0\"], driver: "
       "\"590\"}]}",
       "{target: engines/vllm/builds/cuda13/min_driver, value: \"600\"}", "[590]"},
      {"{target: engines/vllm/builds/cuda13/min_driver, value: [{compute: [\"8.0\"], driver: "
       "\"590\"}, {compute: [\"9.0\"], driver: \"595\"}]}",
       "{target: engines/vllm/builds/cuda13/min_driver, value: \"600\"}", "[590, 595]"},
      {"{target: engines/vllm/max_context, value: 32Ki}",
       "{target: engines/vllm/max_context, value: 64Ki, expect: 32768}", "32768"},
      {"{target: engines/vllm/max_context, value: of_model}",
       "{target: engines/vllm/max_context, value: 64Ki}", "of_model"},
      {"{target: rules/CMATCH-8030.1/unknown, value: warn}",
       "{target: rules/CMATCH-8030.1/unknown, value: fail}", "warn"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.first));
    std::vector<RuleFile> files = With(Overlay(c.first));
    files.push_back({"p.yaml", Overlay(c.second)});
    const Tables tables = Read(files);
    REQUIRE(tables.overrides.size() == 2);
    CHECK(tables.overrides[1].replaced == c.replaced);
  }
}

TEST_CASE("yaml overlay: advisories") {
  const std::string advisories =
      "kind: cmatch.advisories/v1\nadvisories:\n  - {id: CVE-1, engine: vllm, versions: \"<0.9\", "
      "concerns: \"a file runs code\", source: s}\n";
  const struct {
    const char* set;
    const char* want;
    const char* help;
  } cases[] = {
      {"{target: advisories/vllm/CVE-1/severity, value: off, expect: warning}", "", ""},
      {"{target: advisories/vllm/CVE-1/severity, value: off, expect: off}",
       "6:66 rules-stale-overlay", ""},
      {"{target: advisories/vllm/CVE-1/severity, value: error}", "6:53 yaml-unknown-word", ""},
      {"{target: advisories/vllm/CVE-1/severity, entries: []}", "6:14 rules-unknown-target", ""},
      {"{target: advisories/vllm/CVE-1/source, value: off}", "6:14 rules-unknown-target",
       "there is: severity"},
      {"{target: advisories/vllm/CVE-1, value: off}", "6:14 rules-unknown-target",
       "there is: severity"},
      {"{target: advisories/vllm/CVE-1/severity/x, value: off}", "6:14 rules-unknown-target",
       "did you mean \"severity\"?"},
      {"{target: advisories/vllm/CVE-2/severity, value: off}", "6:14 rules-unknown-target",
       "did you mean \"CVE-1\"?"},
      {"{target: advisories/vllm, value: off}", "6:14 rules-unknown-target", "there is: CVE-1"},
      {"{target: advisories, value: off}", "6:14 rules-unknown-target", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.set));
    std::vector<RuleFile> files = With(Overlay(c.set));
    files.push_back({"advisories.yaml", advisories});
    const std::vector<Problem> problems = ProblemsIn(files);
    CHECK(Brief(problems) == c.want);
    if (std::string_view(c.help).empty() || problems.empty()) continue;
    CHECK(problems[0].help == c.help);
  }
  // off is what a later overlay finds
  std::vector<RuleFile> files =
      With(Overlay("{target: advisories/vllm/CVE-1/severity, value: off}"));
  files.push_back({"advisories.yaml", advisories});
  files.push_back({"p.yaml", Overlay("{target: advisories/vllm/CVE-1/severity, value: warning}")});
  const Tables tables = Read(files);
  REQUIRE(tables.overrides.size() == 2);
  CHECK(tables.overrides[1].replaced == "off");
  CHECK(tables.advisories[0].severity == Severity::kWarning);
}

TEST_CASE("yaml overlay: head and waivers that are refused") {
  struct Case {
    std::string from, to, want;
  };
  const Case cases[] = {
      {"layer: site-ams1\n", "", "1:1 yaml-missing-key"},
      {"owner: ops-ams\n", "", "1:1 yaml-missing-key"},
      {"\"2027-03-01\"", "\"2027-02-29\"", "5:10 yaml-bad-date"},
      {"\"2027-03-01\"", "\"2027-3-1\"", "5:10 yaml-bad-date"},
      {"\"2027-03-01\"", "soon", "5:10 yaml-bad-date"},
      {"\"2027-03-01\"", "\"2027/03-01\"", "5:10 yaml-bad-date"},
      {"\"2027-03-01\"", "\"2027-03/01\"", "5:10 yaml-bad-date"},
      {"\"2027-03-01\"", "\"0000-03-01\"", "5:10 yaml-bad-date"},
      {"\"2027-03-01\"", "\"20x7-03-01\"", "5:10 yaml-bad-date"},
      {"\"2027-03-01\"", "\"2027-00-01\"", "5:10 yaml-bad-date"},
      {"\"2027-03-01\"", "\"2027-03-00\"", "5:10 yaml-bad-date"},
      {"\"2027-03-01\"", "\"2027-03-+1\"", "5:10 yaml-bad-date"},
      {"\"2026-12-31\"", "\"2026-13-01\"", "13:69 yaml-bad-date"},
      {"rule: CMATCH-8030.1", "rule: CMATCH-8030.9", "13:5 rules-unknown-target"},
      {"rule: CMATCH-8030.1, ", "", "13:5 yaml-missing-key"},
      {"reason: \"known\", ", "", "13:5 yaml-missing-key"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.to);
    CHECK(Brief(ProblemsIn(With(Changed(kOverlaySample, c.from, c.to)))) == c.want);
  }
}

TEST_CASE("yaml overlay: one with neither changes nor waivers is refused") {
  const std::string head = "kind: cmatch.overlay/v1\nlayer: site\nreason: why\nowner: me\n";
  const std::string set = "set:\n  - {target: rules/CMATCH-8030.1/severity, value: warning}\n";
  const std::string waive = "waive:\n  - {rule: CMATCH-8030.1, reason: known}\n";
  const struct {
    std::string rest, want;
  } cases[] = {
      {"", "1:1 yaml-missing-key"},
      {"expires: \"2027-03-01\"\n", "1:1 yaml-missing-key"},
      {"set: []\n", ""},  // says that there are none
      {"waive: []\n", ""},
      {set, ""},
      {waive, ""},
      {set + waive, ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.rest);
    CHECK(Brief(ProblemsIn(With(head + c.rest))) == c.want);
  }
}
