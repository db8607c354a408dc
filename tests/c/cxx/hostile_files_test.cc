// Whatever lies where a file is expected: an answer that says what is wrong, from C++ and from C,
// in bounded time, without a signal. Every input that is read by its path is tried.

#include "support/hostile_files.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>

#include "cmatch.h"
#include "cmatch/file_io.h"
#include "cmatch/mcd_source.h"
#include "cmatch/rule_store.h"
#include "cmatch/rules_io.h"
#include "support/files.h"
#include "support/gguf_writer.h"

namespace cmatch {
namespace {

using testing::Hostile;
using testing::HostileKind;
using testing::TempDir;

constexpr std::string_view kOverlay =
    "kind: cmatch.overlay/v1\nlayer: site\nreason: test\nowner: ops\nset:\n"
    "  - target: rules/CMATCH-8030.4/severity\n    value: warning\n";
constexpr std::string_view kHfConfig =
    R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 64,)"
    R"( "num_attention_heads": 2, "num_hidden_layers": 2, "vocab_size": 10,)"
    R"( "max_position_embeddings": 128, "torch_dtype": "bfloat16"})";

std::string Codes(const std::vector<Problem>& problems) {
  std::string codes;
  for (const Problem& problem : problems) codes += (codes.empty() ? "" : " ") + problem.code;
  return codes;
}

std::string CodesOf(const std::expected<McdFacts, Error>& facts) {
  if (!facts) return Codes(facts.error().problems);
  const auto mcd = McdFrom(*facts);
  return mcd ? "" : Codes(mcd.error().problems);
}

std::string CodesOf(cmatch_error* error) {
  std::string codes;
  for (std::size_t i = 0; i < cmatch_error_count(error); ++i) {
    cmatch_problem problem{};
    problem.struct_size = sizeof problem;
    if (cmatch_error_at(error, i, &problem) != CMATCH_OK || problem.is_warning == 1) continue;
    codes += (codes.empty() ? "" : " ") + std::string(problem.code.ptr, problem.code.len);
  }
  cmatch_error_free(error);
  return codes;
}

const RuleSet& Rules() {
  static const std::shared_ptr<const RuleSet> rules = LoadBuiltinRules();
  return *rules;
}

cmatch_rules* CRules() {
  static cmatch_rules* const rules = [] {
    cmatch_rules* made = nullptr;
    REQUIRE(cmatch_rules_builtin(nullptr, &made, nullptr) == CMATCH_OK);
    return made;
  }();
  return rules;
}

cmatch_str ToC(const std::string& text) { return {text.data(), text.size()}; }

std::string CModel(const std::string& path) {
  cmatch_model* model = nullptr;
  cmatch_error* error = nullptr;
  const cmatch_status status = cmatch_model_from_path(CRules(), ToC(path), nullptr, &model, &error);
  CHECK((status == CMATCH_OK || status == CMATCH_INVALID_MCD));
  cmatch_model_free(model);
  return CodesOf(error);
}

std::string CCatalog(const std::string& path) {
  cmatch_model* model = nullptr;
  cmatch_error* error = nullptr;
  const cmatch_status status =
      cmatch_model_from_catalog(CRules(), ToC(path), cmatch_cstr("m"), nullptr, &model, &error);
  CHECK((status == CMATCH_OK || status == CMATCH_INVALID_MCD));
  cmatch_model_free(model);
  return CodesOf(error);
}

std::string CLoad(const std::string& directory) {
  cmatch_rules* rules = nullptr;
  cmatch_error* error = nullptr;
  const cmatch_str path = ToC(directory);
  const cmatch_status status = cmatch_rules_load(&path, 1, nullptr, &rules, &error);
  CHECK((status == CMATCH_OK || status == CMATCH_E_RULES));
  cmatch_rules_free(rules);
  return CodesOf(error);
}

std::string CStore(const std::string& directory) {
  cmatch_store* store = nullptr;
  cmatch_error* error = nullptr;
  const cmatch_str path = ToC(directory);
  const cmatch_status status = cmatch_store_new(&path, 1, nullptr, &store, &error);
  CHECK((status == CMATCH_OK || status == CMATCH_E_RULES));
  cmatch_store_free(store);
  return CodesOf(error);
}

std::string Load(const std::string& directory) {
  const auto rules = LoadRules({directory});
  return rules ? "" : Codes(rules.error().problems);
}

// An input that is read: the file that is replaced, and who reads it.
struct Input {
  const char* name;
  const char* file;  // below the directory, where the hostile thing lies
  std::function<std::string(const std::string& root)> read;
  std::function<std::string(const std::string& root)> read_by_c;  // may be empty
  // The codes where they are not those of most inputs; empty: no problem.
  struct {
    const char *missing, *directory, *empty, *huge;
  } codes;
};

const char* Want(const Input& input, Hostile kind) {
  switch (kind) {
    case Hostile::kMissing:
      return input.codes.missing;
    case Hostile::kDirectory:
      return input.codes.directory;
    case Hostile::kEmpty:
      return input.codes.empty;
    case Hostile::kHuge:
      return input.codes.huge;
    case Hostile::kDangling:
      return "file-not-found";
    case Hostile::kLoop:
    case Hostile::kDenied:
      return "file-unreadable";
    case Hostile::kFifo:
    case Hostile::kSocket:
    case Hostile::kEndlessDevice:
    case Hostile::kFullDevice:
      break;
  }
  return "file-not-regular";
}

const std::vector<Input>& Inputs() {
  const auto model = [](const char* path) {
    return [path](const std::string& root) { return CodesOf(ReadModel(root + path, Rules())); };
  };
  const auto model_by_c = [](const char* path) {
    return [path](const std::string& root) { return CModel(root + path); };
  };
  static const std::vector<Input> inputs = {
      {"GGUF",
       "m.gguf",
       model("/m.gguf"),
       model_by_c("/m.gguf"),
       {"file-not-found", "hf-no-config", "gguf-empty", "gguf-bad-magic"}},
      {"descriptor",
       "m.mcd.json",
       model("/m.mcd.json"),
       model_by_c("/m.mcd.json"),
       {"file-not-found", "hf-no-config", "json-syntax", "file-too-large"}},
      {"sidecar",
       "good.gguf.mcd.json",
       model("/good.gguf"),
       model_by_c("/good.gguf"),
       {"", "file-not-regular", "json-syntax", "file-too-large"}},
      {"config.json",
       "hf/config.json",
       model("/hf"),
       model_by_c("/hf"),
       {"hf-no-config", "file-not-regular", "json-syntax", "file-too-large"}},
      {"hf_quant_config.json",
       "whole/hf_quant_config.json",
       model("/whole"),
       model_by_c("/whole"),
       {"", "file-not-regular", "json-syntax", "file-too-large"}},
      {"safetensors",
       "whole/model.safetensors",
       model("/whole"),
       model_by_c("/whole"),
       {"", "file-not-regular", "safetensors-truncated", "safetensors-bad-header"}},
      {"catalog",
       "catalog.json",
       [](const std::string& root) {
         return CodesOf(ReadModel("m", Rules(), {.catalog = root + "/catalog.json"}));
       },
       [](const std::string& root) { return CCatalog(root + "/catalog.json"); },
       {"file-not-found", "file-not-regular", "json-syntax", "file-too-large"}},
      {"profile or inventory",
       "worker.json",
       [](const std::string& root) {
         const auto text = ReadRegularFile(root + "/worker.json", ErrorKind::kInvalidEcp, 1 << 20);
         return text ? "" : Codes(text.error().problems);
       },
       {},
       {"file-not-found", "file-not-regular", "", "file-too-large"}},
      {"rules directory",
       "rules",
       [](const std::string& root) { return Load(root + "/rules"); },
       [](const std::string& root) { return CLoad(root + "/rules"); },
       {"file-not-found", "", "file-unreadable", "file-unreadable"}},
      {"file of a rules directory",
       "site/a.yaml",
       [](const std::string& root) { return Load(root + "/site"); },
       [](const std::string& root) { return CLoad(root + "/site"); },
       {"", "", "yaml-empty", "file-too-large"}},
      {"file of a reloaded directory",
       "site/b.yaml",
       [](const std::string& root) { return Load(root + "/site"); },
       [](const std::string& root) { return CStore(root + "/site"); },
       {"", "", "yaml-empty", "file-too-large"}},
      {"regression cases",
       "tested/cases/c.yaml",
       [](const std::string& root) {
         const auto rules = LoadTestedRules({root + "/tested"});
         return rules ? "" : Codes(rules.error().problems);
       },
       [](const std::string& root) { return CStore(root + "/tested"); },
       {"", "", "yaml-empty", "file-too-large"}},
      {"file that is linted",
       "x.yaml",
       [](const std::string& root) { return Codes(LintRules({root + "/x.yaml"})); },
       {},
       {"file-not-found", "", "yaml-empty", "file-too-large"}},
  };
  return inputs;
}

// A directory with everything that is read but the one file.
void Fill(const TempDir& directory) {
  directory.Write("good.gguf", testing::SmallModel().Bytes());
  directory.Write("whole/config.json", kHfConfig);
  directory.Write("site/site.yaml", kOverlay);
  directory.Write("tested/site.yaml", kOverlay);
  std::filesystem::create_directories(directory.path() / "hf");
  std::filesystem::create_directories(directory.path() / "tested/cases");
  std::filesystem::permissions(directory.path(), std::filesystem::perms(0755));
}

// A directory where a rules directory is wanted is nothing hostile, and a rules directory that is
// no directory cannot be listed.
bool IsRulesDirectory(const Input& input) { return std::string_view(input.file) == "rules"; }

TEST_CASE("files: whatever lies where a file is expected is an error in bounded time") {
  const testing::Watchdog watchdog;
  static_cast<void>(Rules());
  for (const Input& input : Inputs()) {
    for (const HostileKind& hostile : testing::HostileKinds()) {
      CAPTURE(std::string(input.name));
      CAPTURE(std::string(hostile.name));
      const TempDir directory;
      Fill(directory);
      const std::string root = directory.path().string();
      testing::MakeHostile(root + "/" + input.file, hostile.kind);
      std::string want = Want(input, hostile.kind);
      if (IsRulesDirectory(input) && want == "file-not-regular") want = "file-unreadable";
      const testing::Unprivileged unprivileged;
      CHECK(input.read(root) == want);
      if (input.read_by_c) CHECK(input.read_by_c(root) == want);
    }
  }
}

TEST_CASE("files: links that lead back in several ways are not followed without end") {
  const testing::Watchdog watchdog;
  const TempDir directory;
  directory.Write("rules/site.yaml", kOverlay);
  for (int i = 0; i < 12; ++i) {
    std::filesystem::create_directory_symlink(
        ".", directory.path() / "rules" / ("again-" + std::to_string(i)));
  }
  CHECK(Load((directory.path() / "rules").string()) == "rules-directory-too-large");
}

TEST_CASE("files: a rules directory of too many files is refused") {
  const TempDir directory;
  for (int i = 0; i < 4'097; ++i) {
    directory.Write("rules/" + std::to_string(i) + ".yaml", "kind: cmatch.cases/v1\n");
  }
  CHECK(Load((directory.path() / "rules").string()) == "rules-directory-too-large");
}

}  // namespace
}  // namespace cmatch
