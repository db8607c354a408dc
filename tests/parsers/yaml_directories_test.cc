// Rule sets read from directories, and the one that is shipped.

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cmatch/cases_io.h"
#include "files/read_limits.h"
#include "parsers/yaml_samples.h"
#include "support/files.h"
#include "tables/rule_directory.h"

using namespace cmatch;
using namespace cmatch::testing;

namespace {

// A directory of its own that can be a base.
void WriteBase(const TempDir& dir, const std::string& under) {
  for (const RuleFile& file : SampleFiles()) dir.Write(under + "/" + file.name, file.text);
}

std::vector<std::string> FilesOf(const RuleSet& rules) {
  std::vector<std::string> files;
  for (const Text file : rules.tables().files) {
    if (!file.empty()) files.push_back(std::filesystem::path(file).filename().string());
  }
  return files;
}

}  // namespace

TEST_CASE("yaml directories: the base first, files by name, further ones in order") {
  const TempDir dir;
  WriteBase(dir, "base");
  dir.Write("base/cases/c.yaml", "not yaml at all: [");
  dir.Write("base/schema/s.yaml", "[");
  dir.Write("base/.hidden/x.yaml", "[");
  dir.Write("base/notes.txt", "[");
  dir.Write("site/z.yaml", kOverlaySample);
  dir.Write("site/a.yml", "kind: cmatch.kinds/v1\nkinds: {positional: {learned: \"a vector\"}}\n");
  const auto rules = LoadRules({dir.path() / "site", dir.path() / "base"});
  std::string problems;
  if (!rules) problems = Brief(rules.error().problems);
  CHECK(problems == "");
  if (!rules) return;
  CHECK(FilesOf(**rules) == std::vector<std::string>{"architectures.yaml", "vllm.yaml", "gpus.yaml",
                                                     "kinds.yaml", "validation.yaml", "a.yml",
                                                     "z.yaml"});
  CHECK((*rules)->tables().overrides.size() == 2);
}

TEST_CASE("yaml directories: what cannot be read is an error, with the rest") {
  const TempDir dir;
  WriteBase(dir, "base");
  dir.Write("base/bad.yaml", "kind: cmatch.gpus/v1\n");
  std::filesystem::create_directory(dir.path() / "base" / "dir.yaml");
  const auto rules = LoadRules({dir.path() / "base", dir.path() / "none"});
  REQUIRE_FALSE(rules.has_value());
  REQUIRE(rules.error().problems.size() == 2);
  CHECK(rules.error().problems[0].code == "file-not-found");
  CHECK(rules.error().problems[1].code == "yaml-missing-key");
}

TEST_CASE("yaml directories: as much as is read, and not one more") {
  // The code of the problem, "" where the files are read.
  const auto read = [](const TempDir& dir, std::size_t files) {
    std::vector<Problem> problems;
    const auto found =
        internal::ReadDirectory(dir.path().string(), internal::DirectoryPart::kTables, problems);
    CHECK(found.size() == (problems.empty() ? files : 0));
    return problems.empty() ? std::string() : problems[0].code;
  };
  constexpr const char* kTooLarge = "rules-directory-too-large";
  {
    const TempDir dir;  // 64 MiB of YAML
    for (int i = 0; i < 8; ++i) {
      const std::string path = dir.Write(std::to_string(i) + ".yaml", "");
      std::filesystem::resize_file(path, internal::kYamlLimits.bytes);
    }
    CHECK(read(dir, 8) == "");
    dir.Write("9.yml", "x");
    CHECK(read(dir, 0) == kTooLarge);
  }
  {
    const TempDir dir;  // 1,024 folders, itself one of them
    for (std::size_t i = 1; i < internal::kMaxRuleFolders; ++i) {
      std::filesystem::create_directory(dir.path() / std::to_string(i));
    }
    CHECK(read(dir, 0) == "");
    std::filesystem::create_directory(dir.path() / "more");
    CHECK(read(dir, 0) == kTooLarge);
  }
  {
    const TempDir dir;  // 4,096 files
    for (std::size_t i = 0; i < internal::kMaxRuleFiles; ++i) {
      dir.Write(std::to_string(i) + ".yaml", "");
    }
    CHECK(read(dir, internal::kMaxRuleFiles) == "");
    dir.Write("more.yaml", "");
    CHECK(read(dir, 0) == kTooLarge);
  }
  {
    const TempDir dir;  // 65,536 entries of any name
    for (std::size_t i = 0; i < internal::kMaxDirectoryEntries; ++i) {
      std::filesystem::create_symlink("none", dir.path() / ("." + std::to_string(i)));
    }
    CHECK(read(dir, 0) == "");
    dir.Write("more", "");
    CHECK(read(dir, 0) == kTooLarge);
  }
}

TEST_CASE("yaml lint: directories together, files each by itself") {
  const TempDir dir;
  WriteBase(dir, "base");
  const std::string base = dir.path() / "base";
  CHECK(Brief(LintRules({base})) ==
        "3:37 rules-unused-kind; 4:11 rules-unused-kind; 9:5 rules-untested; 9:5 rules-untested");
  dir.Write("base/cases/c.yaml", Changed(kCasesSample, "ecp: t4", "ecp: t5"));
  dir.Write("base/bad.yaml", "kind: cmatch.gpus/v1\n");
  CHECK(Brief(LintRules({base})) == "1:1 yaml-missing-key; 8:40 rules-unknown-name");

  struct Case {
    std::string name;
    std::string_view text;
    std::string want;
  };
  const Case cases[] = {
      {"engine", kEngineSample, ""},
      {"cases", kCasesSample, ""},
      {"config", kConfigSample, ""},
      {"config of another shape", "kind: cmatch.config/v1\nengin: x\n", "2:1 yaml-unknown-key"},
      {"no kind", "a: 1\n", "1:1 yaml-missing-key"},
      {"empty", "", "1:1 yaml-empty"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(Brief(LintRules({dir.Write("one.yaml", c.text)})) == c.want);
  }
  CHECK(Brief(LintRules({dir.path() / "none.yaml"})) == "0:0 file-not-found");
}

TEST_CASE("yaml shipped: no directory is the built-in set, and so is its source") {
  const std::string builtin = LoadBuiltinRules()->digest();
  const auto none = LoadRules({});
  REQUIRE(none.has_value());
  CHECK((*none)->digest() == builtin);
  const auto source = LoadRules({std::string(CMATCH_SOURCE_DIR) + "/rules"});
  REQUIRE(source.has_value());
  CHECK((*source)->digest() == builtin);
}

TEST_CASE("yaml directories: a directory without a base adds to the built-in set") {
  const TempDir dir;
  dir.Write("site/gpu.yaml",
            "kind: cmatch.gpus/v1\ngpus: [{name: House 48, compute: \"8.9\", memory: [48GiB], "
            "source: s}]\n");
  dir.Write("site/z.yaml",
            "kind: cmatch.overlay/v1\nlayer: l\nreason: r\nowner: o\nset:\n"
            "  - {target: rules/CMATCH-8131/severity, value: warning, expect: error}\n");
  const auto rules = LoadRules({dir.path() / "site"});
  REQUIRE(rules.has_value());
  CHECK((*rules)->tables().gpus.size() == LoadBuiltinRules()->tables().gpus.size() + 1);
  CHECK((*rules)->FindRule("CMATCH-8131")->severity == Severity::kWarning);
  // The place of what is below the overlay is one that a person can open in the sources.
  CHECK((*rules)->tables().overrides[0].replaced == "error");
}

TEST_CASE("yaml shipped: every file of rules/ is read, and its cases") {
  const std::string rules = std::string(CMATCH_SOURCE_DIR) + "/rules";
  const auto loaded = LoadRules({rules});
  std::string problems;
  if (!loaded) problems = Brief(loaded.error().problems);
  CHECK(problems == "");
  const auto cases = LoadCases({rules});
  if (!cases) problems = Brief(cases.error().problems);
  CHECK(problems == "");
  if (cases) CHECK(cases->cases.size() > 100);
}
