#include <filesystem>
#include <functional>
#include <vector>

#include "gguf_support.h"
#include "support/files.h"

namespace cmatch {
namespace {

using testing::BaseRules;
using testing::Blocks;
using testing::FactsOf;
using testing::GgufWriter;
using testing::kF32;
using testing::Member;
using testing::SmallModel;
using testing::TempDir;
using testing::Warnings;

TEST_CASE("CMATCH-8002 gguf: what is not a model is described and not judged") {
  struct Case {
    std::string name;
    GgufWriter file;
    std::string kind;
    std::string code;
  };
  const std::vector<Case> cases = {
      {"vocabulary", SmallModel().WithoutTensors(), "vocab_only", "gguf-not-a-model"},
      {"adapter", SmallModel().Without("general.type").Text("general.type", "adapter"), "adapter",
       "gguf-not-a-model"},
      {"adapter by its key", SmallModel().Text("adapter.type", "lora"), "adapter",
       "gguf-not-a-model"},
      {"projector", SmallModel().Without("general.type").Text("general.type", "mmproj"), "mmproj",
       "gguf-not-a-model"},
      {"projector of before general.type",
       GgufWriter().Text("general.architecture", "clip").Tensor("v.w", {8}, kF32), "mmproj",
       "gguf-not-a-model"},
      {"importance matrix",
       GgufWriter().Text("general.type", "imatrix").Tensor("a.in_sum2", {8}, kF32), "imatrix",
       "gguf-not-a-model"},
      {"another type", SmallModel().Without("general.type").Text("general.type", "poem"), "-",
       "gguf-not-a-model"},
      {"no general.type", SmallModel().Without("general.type"), "model", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const McdFacts facts = FactsOf(c.file);
    CHECK(Member(facts, "kind") == c.kind);
    CHECK(Blocks(facts) == c.code);
    CHECK(Member(facts, "format") == "gguf");
  }
  CHECK(Member(FactsOf(SmallModel().WithoutTensors()), "context_max") == "4096");
}

TEST_CASE("CMATCH-8002 gguf: tensor data that ends early") {
  const std::string bytes = SmallModel().Bytes();
  CHECK(Blocks(FactsOf(bytes)) == "");
  const McdFacts facts = FactsOf(bytes.substr(0, bytes.size() - 1));
  CHECK(Blocks(facts) == "gguf-truncated-data");
  CHECK(Warnings(facts) == "gguf-truncated-data");
  CHECK(facts.blocking[0].message.find(" 1 of ") != std::string::npos);
  CHECK(Member(facts, "positional") == "rope_llama");
}

TEST_CASE("CMATCH-8002 gguf: a container that cannot be read names the file") {
  const TempDir directory;
  const std::string path = directory.Write("m.gguf", "RIFFxxxx");
  const auto facts = ReadGguf(path, BaseRules());
  REQUIRE_FALSE(facts.has_value());
  CHECK(facts.error().kind == ErrorKind::kInvalidMcd);
  CHECK(facts.error().problems.at(0).code == "gguf-bad-magic");
  CHECK(facts.error().problems.at(0).where.file == path);
  CHECK(ReadGguf(path + ".none", BaseRules()).error().problems.at(0).code == "file-not-found");
}

// --- Splits

// Shard 1: all metadata and one tensor.
GgufWriter First(std::uint16_t count, std::int32_t tensors) {
  GgufWriter file = SmallModel();
  file.WithoutTensors()
      .Tensor("token_embd.weight", {64, 10}, kF32)
      .U16("split.no", 0)
      .U16("split.count", count)
      .I32("split.tensors.count", tensors);
  return file;
}

GgufWriter Later(std::uint16_t no, std::uint16_t count, std::uint32_t type = testing::kQ8_0) {
  GgufWriter file;
  file.U16("split.no", no)
      .U16("split.count", count)
      .I32("split.tensors.count", 3)
      .Tensor("blk." + std::to_string(no) + ".attn_sinks.weight", {64, 10}, type);
  return file;
}

McdFacts ReadFirst(const TempDir& directory) {
  auto facts = ReadGguf((directory.path() / "m-00001-of-00003.gguf").string(), BaseRules());
  REQUIRE(facts.has_value());
  return *std::move(facts);
}

TEST_CASE("CMATCH-8002 gguf: the shards of a split are read together") {
  const TempDir directory;
  const std::string first = First(3, 3).Bytes();
  const std::string second = Later(1, 3).Bytes();
  const std::string third = Later(2, 3, testing::kQ4_0).Bytes();
  directory.Write("m-00001-of-00003.gguf", first);
  directory.Write("m-00002-of-00003.gguf", second);
  directory.Write("m-00003-of-00003.gguf", third);
  const McdFacts facts = ReadFirst(directory);
  CHECK(Blocks(facts) == "");
  CHECK(Warnings(facts) == "");
  CHECK(Member(facts, "kind") == "model");
  CHECK(Member(facts, "split_count") == "3");
  CHECK(Member(facts, "tensor_types") == "f32, q4_0, q8_0");
  CHECK(Member(facts, "attention_sink") == "true");
  CHECK(Member(facts, "file_bytes") == std::to_string(first.size() + second.size() + third.size()));
}

TEST_CASE("CMATCH-8002 gguf: splits that are not whole") {
  struct Case {
    std::string name;
    std::function<void(const TempDir&)> write;
    std::string blocks;
    std::string warnings;
    std::string names;  // what the message says
  };
  const auto first = [](std::int32_t tensors) {
    return [tensors](const TempDir& d) {
      d.Write("m-00001-of-00003.gguf", First(3, tensors).Bytes());
    };
  };
  const auto all_but = [first](const std::string& second, std::int32_t tensors = 3) {
    return [=](const TempDir& d) {
      first(tensors)(d);
      d.Write("m-00002-of-00003.gguf", second);
      d.Write("m-00003-of-00003.gguf", Later(2, 3).Bytes());
    };
  };
  const std::string good = Later(1, 3).Bytes();
  const std::vector<Case> cases = {
      {"others missing", first(3), "gguf-missing-shard", "gguf-missing-shard",
       "m-00002-of-00003.gguf, m-00003-of-00003.gguf"},
      {"others missing, all tensors in the first", first(1), "", "gguf-missing-shard", ""},
      {"a shard is cut", all_but(good.substr(0, good.size() - 32)), "gguf-truncated-data",
       "gguf-truncated-data", "m-00002-of-00003.gguf"},
      {"a shard is not GGUF", all_but("RIFFxxxx"), "gguf-bad-shard", "gguf-bad-shard",
       "m-00002-of-00003.gguf"},
      {"a shard has another number", all_but(Later(2, 3).Bytes()), "gguf-bad-shard",
       "gguf-bad-shard", "split.no"},
      {"another number of tensors", all_but(good, 4), "gguf-bad-split", "gguf-bad-split",
       "split.tensors.count is 4"},
      {"a negative number of tensors", all_but(good, -1), "gguf-bad-split", "gguf-bad-split",
       "split.tensors.count is -1"},
      {"a shard without a number", all_but(Later(1, 3).Without("split.no").Bytes()),
       "gguf-bad-shard", "gguf-bad-shard", "split.no is not 1"},
      {"a shard with a text for a number",
       all_but(Later(1, 3).Without("split.no").Text("split.no", "1").Bytes()), "gguf-bad-shard",
       "gguf-bad-shard", "split.no is not 1"},
      {"a directory in place of a shard",
       [first](const TempDir& d) {
         first(3)(d);
         std::filesystem::create_directory(d.path() / "m-00002-of-00003.gguf");
         d.Write("m-00003-of-00003.gguf", Later(2, 3).Bytes());
       },
       "gguf-bad-shard", "gguf-bad-shard", "m-00002-of-00003.gguf: "},
      {"no number of tensors, the vocabulary's rows in a later shard",
       [](const TempDir& d) {
         d.Write("m-00001-of-00003.gguf",
                 First(3, 3).Without("split.tensors.count").WithoutTensors().Bytes());
         GgufWriter second = Later(1, 3);
         second.Tensor("token_embd.weight", {64, 10}, kF32);
         d.Write("m-00002-of-00003.gguf", second.Bytes());
         d.Write("m-00003-of-00003.gguf", Later(2, 3).Bytes());
       },
       "", "", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const TempDir directory;
    c.write(directory);
    const McdFacts facts = ReadFirst(directory);
    CHECK(Blocks(facts) == c.blocks);
    CHECK(Warnings(facts) == c.warnings);
    CHECK(Member(facts, "kind") == "model");
    if (!facts.blocking.empty()) {
      CHECK(facts.blocking[0].message.find(c.names) != std::string::npos);
    }
  }
}

TEST_CASE("CMATCH-8002 gguf: a first shard under another name") {
  const TempDir directory;
  const std::string path = directory.Write("renamed.gguf", First(3, 3).Bytes());
  const auto facts = ReadGguf(path, BaseRules());
  REQUIRE(facts.has_value());
  CHECK(Blocks(*facts) == "gguf-missing-shard");
  CHECK(Member(*facts, "tensor_types") == "-");
  CHECK(Member(*facts, "attention_sink") == "-");
}

TEST_CASE("CMATCH-8002 gguf: a later shard alone names the first") {
  const TempDir directory;
  const std::string path = directory.Write("m-00002-of-00003.gguf", Later(1, 3).Bytes());
  const auto facts = ReadGguf(path, BaseRules());
  REQUIRE(facts.has_value());
  CHECK(Member(*facts, "kind") == "shard");
  CHECK(Blocks(*facts) == "gguf-not-a-model");
  CHECK(facts->blocking[0].message.find("m-00001-of-00003.gguf") != std::string::npos);
  // under a name that says nothing, and with numbers of more than five digits
  const struct {
    std::uint16_t no, count;
    const char* says;
  } cases[] = {
      {1, 3, "shard 2 of 3 of a model, not the model; its first shard is NAME-00001-of-00003.gguf"},
      {10000, 12000,
       "shard 10001 of 12000 of a model, not the model; its first shard is "
       "NAME-00001-of-12000.gguf"}};
  for (const auto& c : cases) {
    const McdFacts bare = FactsOf(Later(c.no, c.count));
    REQUIRE(Blocks(bare) == "gguf-not-a-model");
    CHECK(bare.blocking[0].message.find(c.says) != std::string::npos);
  }
}

TEST_CASE("CMATCH-8002 gguf: split keys that contradict each other") {
  const auto split = [](const std::function<void(GgufWriter&)>& add) {
    GgufWriter file = SmallModel();
    add(file);
    return FactsOf(file);
  };
  CHECK(Blocks(split([](GgufWriter& f) { f.U16("split.no", 3).U16("split.count", 3); })) ==
        "gguf-bad-split");
  CHECK(Blocks(split([](GgufWriter& f) { f.U16("split.count", 3); })) == "gguf-bad-split");
  CHECK(Blocks(split([](GgufWriter& f) { f.U16("split.no", 0).U16("split.count", 1); })) == "");
  CHECK(Blocks(split([](GgufWriter& f) { f.U16("split.count", 0); })) == "");
  CHECK(Blocks(split([](GgufWriter& f) { f.U16("split.no", 1).U16("split.count", 1); })) ==
        "gguf-bad-split");
  CHECK(Blocks(split([](GgufWriter& f) { f.I32("split.no", -1).U16("split.count", 3); })) ==
        "gguf-bad-split");
  CHECK(Blocks(split([](GgufWriter& f) { f.U16("split.no", 0).I32("split.count", -1); })) ==
        "gguf-bad-split");
  CHECK(Blocks(split([](GgufWriter& f) { f.U16("split.no", 0).U32("split.count", 1U << 31); })) ==
        "gguf-bad-split");
  const McdFacts wide = split([](GgufWriter& f) {
    f.U32("split.no", 0).U32("split.count", 2).I32("split.tensors.count", 3);
  });
  CHECK(Blocks(wide) == "");
  CHECK(Warnings(wide) == "gguf-odd-split gguf-odd-split gguf-missing-shard");
}

}  // namespace
}  // namespace cmatch
