#include "models/model_source.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "base_rules.h"
#include "cmatch/mcd_source.h"
#include "models/merge.h"
#include "support/files.h"
#include "support/gguf_writer.h"

namespace cmatch {
namespace {

using testing::BaseRules;
using testing::GgufWriter;
using testing::TempDir;

// A whole small model: llama, 8192 tokens of context, 100 of vocabulary.
std::string SmallGguf(const std::string& architecture = "llama") {
  GgufWriter file;
  file.Text("general.architecture", architecture)
      .Text("general.repo_url", "https://hf.co/org/gguf");
  file.U32("general.file_type", 1);
  file.U32(architecture + ".context_length", 8192).U32(architecture + ".block_count", 1);
  file.U32(architecture + ".embedding_length", 64).U32(architecture + ".attention.head_count", 2);
  file.Tokens("tokenizer.ggml.tokens", 100);
  file.Tensor("token_embd.weight", {64, 100}, testing::kF16);
  return file.Bytes();
}

constexpr const char* kWhole = R"({"model_id":"org/sidecar","positional":"rope_llama",
    "attention":"mha","quant":["fp16"],"context_max":8192,"vocab_size":100})";

std::string Said(const McdFacts& facts, const std::string& member) {
  const auto at = facts.members.find(member);
  return at == facts.members.end() ? "" : ToString(at->second.value);
}

std::string Origin(const McdFacts& facts, const std::string& member) {
  const auto at = facts.members.find(member);
  return at == facts.members.end() ? "" : at->second.origin;
}

// The members of the conflicts among the warnings: "context_max quant".
std::string Conflicts(const McdFacts& facts) {
  std::string names;
  for (const Finding& warning : facts.warnings) {
    CHECK(warning.rule == "CMATCH-8011");
    CHECK(warning.severity == Severity::kWarning);
    if (warning.error != "SourceConflict") continue;
    names += (names.empty() ? "" : " ") + warning.message.substr(0, warning.message.find(':'));
  }
  return names;
}

std::string Codes(const std::expected<McdFacts, Error>& facts) {
  std::string codes;
  if (facts) return codes;
  CHECK(facts.error().kind == ErrorKind::kInvalidMcd);
  for (const Problem& problem : facts.error().problems) {
    codes += (codes.empty() ? "" : " ") + problem.code;
  }
  return codes;
}

TEST_CASE("CMATCH-8011 sources: what a MODEL is") {
  using internal::KindOfModel;
  using internal::ModelKind;
  const TempDir dir;
  CHECK(KindOfModel(dir.path().string()) == ModelKind::kHuggingFace);
  CHECK(KindOfModel(dir.path().string() + "/") == ModelKind::kHuggingFace);
  CHECK(KindOfModel("somewhere/config.json") == ModelKind::kHuggingFace);
  CHECK(KindOfModel("m.mcd.json") == ModelKind::kMcdJson);
  CHECK(KindOfModel("m.json") == ModelKind::kMcdJson);
  CHECK(KindOfModel("m.safetensors") == ModelKind::kWeights);
  CHECK(KindOfModel("m.gguf") == ModelKind::kGguf);
  CHECK(KindOfModel("m") == ModelKind::kGguf);
}

TEST_CASE("CMATCH-8011 sources: a sidecar is MODEL.gguf.mcd.json, else MODEL.mcd.json") {
  const TempDir dir;
  const std::string model = dir.Write("m.gguf", SmallGguf());
  CHECK(internal::FindSidecar(model).empty());
  const std::string stem = dir.Write("m.mcd.json", R"({"context_max": 2048})");
  CHECK(internal::FindSidecar(model) == stem);
  const std::string beside = dir.Write("m.gguf.mcd.json", R"({"context_max": 1024})");
  CHECK(internal::FindSidecar(model) == beside);

  auto facts = ReadModel(model, BaseRules());
  REQUIRE(facts.has_value());
  CHECK(Said(*facts, "context_max") == "1024");
  CHECK(Origin(*facts, "context_max") == "sidecar: " + beside);
  CHECK(Said(*facts, "vocab_size") == "100");
  CHECK(Conflicts(*facts) == "context_max");
  CHECK(facts->name == model);
  CHECK(McdFrom(*facts).has_value());

  facts = ReadModel(model, BaseRules(), {.catalog = {}, .sidecar = false});
  REQUIRE(facts.has_value());
  CHECK(Said(*facts, "context_max") == "8192");
  CHECK(Conflicts(*facts).empty());
}

TEST_CASE("CMATCH-8011 sources: an MCD given as MODEL stands alone") {
  const TempDir dir;
  dir.Write("m.gguf", SmallGguf());
  const std::string path = dir.Write("m.gguf.mcd.json", R"({"model_id": "alone"})");
  const auto facts = ReadModel(path, BaseRules());
  REQUIRE(facts.has_value());
  CHECK(facts->members.size() == 1);
  CHECK_FALSE(McdFrom(*facts).has_value());
}

TEST_CASE("CMATCH-8011 sources: conflicts, and what is none") {
  struct Case {
    std::string sidecar;
    std::string conflicts;
  };
  const std::vector<Case> cases = {
      {"{}", ""},
      {R"({"context_max": 8192})", ""},
      {R"({"context_max": 8193})", "context_max"},
      {R"({"positional": "rope_norm"})", ""},
      {R"({"positional": "ROPE-LLAMA"})", ""},
      {R"({"positional": "rope_neox"})", "positional"},
      {R"({"quant": ["f16"]})", ""},
      {R"({"quant": ["fp16", "F16"]})", ""},
      {R"({"quant": ["fp16", "q4_0"]})", "quant"},
      {R"({"head_count": [2]})", ""},
      {R"({"head_count": [2, 2]})", ""},
      {R"({"head_count": [2, 3]})", "head_count"},
      {R"({"model_id": "org/other"})", "model_id"},
      {R"({"unheard_of": 5})", ""},
      {R"({"tensor_types": ["q4_0"], "file_bytes": 1, "kind": "adapter"})",
       "file_bytes kind tensor_types"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.sidecar);
    const TempDir dir;
    const std::string model = dir.Write("m.gguf", SmallGguf());
    dir.Write("m.mcd.json", c.sidecar);
    const auto facts = ReadModel(model, BaseRules());
    REQUIRE(facts.has_value());
    CHECK(Conflicts(*facts) == c.conflicts);
    CHECK(Said(*facts, "tensor_types") == "fp16");
    CHECK(Said(*facts, "kind") == "model");
    CHECK(Said(*facts, "file_bytes") == std::to_string(SmallGguf().size()));
  }
}

TEST_CASE("CMATCH-8011 sources: a conflict names both values and both sources") {
  const TempDir dir;
  const std::string model = dir.Write("m.gguf", SmallGguf());
  dir.Write("m.mcd.json", R"({"context_max": 4096})");
  const auto facts = ReadModel(model, BaseRules());
  REQUIRE(facts.has_value());
  const Finding* conflict = nullptr;
  for (const Finding& warning : facts->warnings) {
    if (warning.error == "SourceConflict") conflict = &warning;
  }
  REQUIRE(conflict != nullptr);
  CHECK(conflict->required == Value(std::int64_t{4096}));
  CHECK(conflict->supported == std::vector<std::string>{"8192"});
  CHECK(conflict->message.find("m.mcd.json says 4096") != std::string::npos);
  CHECK(conflict->message.find("llama.context_length says 8192") != std::string::npos);
}

TEST_CASE("CMATCH-8011 sources: a sidecar is the way out for an unknown architecture") {
  const TempDir dir;
  const std::string model = dir.Write("m.gguf", SmallGguf("of_tomorrow"));
  auto facts = ReadModel(model, BaseRules());
  REQUIRE(facts.has_value());
  CHECK_FALSE(McdFrom(*facts).has_value());
  CHECK(MissingMembers(*facts) == std::vector<std::string>{"positional", "attention"});

  dir.Write("m.mcd.json", R"({"positional": "rope_neox"})");
  facts = ReadModel(model, BaseRules());
  REQUIRE(facts.has_value());
  const auto mcd = McdFrom(*facts);
  REQUIRE_FALSE(mcd.has_value());
  REQUIRE(mcd.error().problems.size() == 1);
  CHECK(mcd.error().problems[0].path == "/attention");

  dir.Write("m.mcd.json", R"({"positional": "rope_neox", "attention": "mha"})");
  facts = ReadModel(model, BaseRules());
  REQUIRE(facts.has_value());
  CHECK(facts->blocking.empty());
  CHECK(McdFrom(*facts).has_value());
}

TEST_CASE("CMATCH-8011 sources: kinds by layer go with the attention they were stated with") {
  const TempDir dir;
  const std::string model = dir.Write("m.gguf", SmallGguf());
  dir.Write("m.mcd.json", R"({"attention": "mla"})");
  auto facts = ReadModel(model, BaseRules());
  REQUIRE(facts.has_value());
  CHECK(Said(*facts, "attention_kinds").empty());
  dir.Write("m.mcd.json", R"({"attention": "MHA"})");
  facts = ReadModel(model, BaseRules());
  REQUIRE(facts.has_value());
  CHECK(Said(*facts, "attention_kinds") == "mha");
}

TEST_CASE("CMATCH-8011 sources: what is wrong anywhere is an error, all of it") {
  const TempDir dir;
  const std::string good = dir.Write("good.gguf", SmallGguf());
  dir.Write("good.mcd.json", R"({"context_max": 0, "quant": []})");
  CHECK(Codes(ReadModel(good, BaseRules())) == "mcd-wrong-value mcd-wrong-value");
  const std::string bad = dir.Write("bad.gguf", "GGML");
  dir.Write("bad.mcd.json", "{");
  const auto both = ReadModel(bad, BaseRules());
  REQUIRE_FALSE(both.has_value());
  CHECK(both.error().problems.size() == 2);
  CHECK(both.error().problems[0].code == "json-syntax");
  std::filesystem::create_directory(dir.path() / "dir.gguf.mcd.json");
  CHECK(Codes(ReadModel(dir.Write("dir.gguf", SmallGguf()), BaseRules())) == "file-not-regular");

  CHECK(Codes(ReadModel(dir.Write("part.safetensors", "x"), BaseRules())) == "model-is-a-part");
  CHECK(Codes(ReadModel((dir.path() / "no.mcd.json").string(), BaseRules())) == "file-not-found");
  CHECK_FALSE(ReadModel((dir.path() / "no.gguf").string(), BaseRules()).has_value());
  CHECK_FALSE(ReadModel("", BaseRules()).has_value());
  const std::string fifo = (dir.path() / "fifo.mcd.json").string();
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(Codes(ReadModel(fifo, BaseRules())) == "file-not-regular");
}

TEST_CASE("CMATCH-8011 sources: a Hugging Face directory and its sidecar") {
  const TempDir dir;
  dir.Write("llama/config.json", R"({"model_type":"llama","num_attention_heads":8,
      "vocab_size":100,"max_position_embeddings":4096,"torch_dtype":"bfloat16"})");
  dir.Write("llama.mcd.json", R"({"model_id": "org/llama", "quant": ["bf16", "fp16"]})");
  const std::string path = (dir.path() / "llama").string();
  for (const std::string& model : {path, path + "/", path + "//", path + "/config.json"}) {
    CAPTURE(model);
    const auto facts = ReadModel(model, BaseRules());
    REQUIRE(facts.has_value());
    CHECK(Said(*facts, "quant") == "bf16, fp16");
    CHECK(Conflicts(*facts) == "model_id quant");
    CHECK(McdFrom(*facts).has_value());
  }
}

TEST_CASE("CMATCH-8011 sources: bytes that the caller holds") {
  const auto gguf = ReadModelBytes(SmallGguf(), "standard input", BaseRules());
  REQUIRE(gguf.has_value());
  CHECK(Said(*gguf, "context_max") == "8192");
  const auto json = ReadModelBytes(kWhole, "standard input", BaseRules());
  REQUIRE(json.has_value());
  CHECK(Origin(*json, "quant") == "sidecar: standard input");
  CHECK_FALSE(ReadModelBytes("", "standard input", BaseRules()).has_value());
}

TEST_CASE("CMATCH-8011 catalog: an entry by its id") {
  const std::string text = R"({"a": {"capabilities": )" + std::string(kWhole) + R"(},
      "b": {"id": "b", "local_path": "/x", "lifecycle": "Active", "digest": null},
      "c": {"capabilities": null}, "d": 5, "e": {"capabilities": {"quant": "q4_0"}, "path": 5}})";
  const auto codes = [&](const char* id) {
    return Codes(ReadCatalogEntry(text, "index.json", id, BaseRules()));
  };
  const auto a = ReadCatalogEntry(text, "index.json", "a", BaseRules());
  REQUIRE(a.has_value());
  CHECK(McdFrom(*a).has_value());
  CHECK(Said(*a, "model_id") == "org/sidecar");
  CHECK(Origin(*a, "quant") == "catalog: a");
  const auto b = ReadCatalogEntry(text, "index.json", "b", BaseRules());
  REQUIRE(b.has_value());
  CHECK(Said(*b, "model_id") == "b");
  CHECK(b->members.size() == 1);
  CHECK(codes("c").empty());
  CHECK(codes("d") == "catalog-wrong-type");
  CHECK(codes("e") == "catalog-wrong-type mcd-wrong-type");
  CHECK(codes("f") == "catalog-unknown-id");
  const auto slip = [&](const char* entry) {
    return Codes(ReadCatalogEntry("{\"a\":{" + std::string(entry) + "}}", "x", "a", BaseRules()));
  };
  CHECK(slip(R"("capabilties": {})") == "catalog-near-name");
  CHECK(slip(R"("localpath": "m.gguf")") == "catalog-near-name");
  CHECK(slip(R"("capabilties": {}, "capabilities": {})").empty());
  CHECK(slip(R"("lifecycle": "Active", "paths": [])").empty());
  CHECK(Codes(ReadCatalogEntry("[]", "x", "a", BaseRules())) == "catalog-not-an-object");
  CHECK(Codes(ReadCatalogEntry("", "x", "a", BaseRules())) == "json-syntax");
  CHECK(Codes(ReadCatalogEntry(R"({"a":{},"a":{}})", "x", "a", BaseRules())) ==
        "json-duplicate-key");
}

TEST_CASE("CMATCH-8011 catalog: sidecar, then entry, then file") {
  const TempDir dir;
  const std::string model = dir.Write("models/m.gguf", SmallGguf());
  const std::string catalog =
      dir.Write("index.json",
                R"({"relative": {"path": "models/m.gguf", "capabilities": {"context_max": 4096}},
          "absolute": {"local_path": ")" +
                    model + R"("},
          "gone": {"local_path": "models/gone.gguf", "capabilities": )" +
                    kWhole + R"(},
          "gone-bare": {"local_path": "models/gone.gguf"},
          "sidecar": {"local_path": "models/m.mcd.json"},
          "alone": {"capabilities": )" +
                    kWhole + "}}");
  const auto read = [&](const std::string& id, bool sidecar = true) {
    return ReadModel(id, BaseRules(), {.catalog = catalog, .sidecar = sidecar});
  };

  auto facts = read("relative");
  REQUIRE(facts.has_value());
  CHECK(Said(*facts, "context_max") == "4096");
  CHECK(Origin(*facts, "context_max") == "catalog: relative");
  CHECK(Said(*facts, "model_id") == "relative");
  CHECK(Said(*facts, "vocab_size") == "100");
  CHECK(Conflicts(*facts) == "context_max");
  CHECK(McdFrom(*facts).has_value());

  dir.Write("models/m.mcd.json", R"({"context_max": 2048, "model_id": "org/m"})");
  facts = read("relative");
  REQUIRE(facts.has_value());
  CHECK(Said(*facts, "context_max") == "2048");
  CHECK(Said(*facts, "model_id") == "org/m");
  CHECK(Conflicts(*facts) == "context_max context_max model_id");
  facts = read("relative", false);
  REQUIRE(facts.has_value());
  CHECK(Said(*facts, "context_max") == "4096");

  facts = read("absolute");
  REQUIRE(facts.has_value());
  CHECK(Said(*facts, "context_max") == "2048");
  facts = read("sidecar");
  REQUIRE(facts.has_value());
  CHECK(facts->members.size() == 2);

  facts = read("gone");
  REQUIRE(facts.has_value());
  CHECK(McdFrom(*facts).has_value());
  REQUIRE(facts->warnings.size() == 1);
  CHECK(facts->warnings[0].message.find("gone.gguf is not there") != std::string::npos);
  CHECK_FALSE(read("gone-bare").has_value());
  facts = read("alone");
  REQUIRE(facts.has_value());
  CHECK(facts->warnings.empty());

  facts = read(model);  // no id, but a file
  REQUIRE(facts.has_value());
  CHECK(Said(*facts, "context_max") == "2048");
  CHECK(Codes(read("relativ")) == "catalog-unknown-id");
  CHECK(read("relativ").error().problems[0].help == "did you mean \"relative\"?");
  CHECK(Codes(ReadModel("x", BaseRules(), {.catalog = "/nowhere.json", .sidecar = true})) ==
        "file-not-found");
}

}  // namespace
}  // namespace cmatch
