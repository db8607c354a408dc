// GGUF files, whole: container, tables, descriptor. What is read as a model is written as JSON and
// read back equal; what is refused is refused with the byte that is wrong.

#include "cmatch/mcd_source.h"
#include "cmatch/render.h"
#include "fuzz/fuzz.h"
#include "support/gguf_writer.h"

namespace cmatch::fuzz {
namespace {

using testing::GgufWriter;

void ExpectPlace(const Error& error) {
  ExpectError(error);
  for (const Problem& problem : error.problems) {
    const bool placed = problem.message.find("byte") != std::string::npos;
    Expect(placed, "a file that cannot be read is refused with a place", problem.message);
  }
}

// A whole model in less than 1 KiB, so that changes of it stay whole.
GgufWriter TinyModel() {
  GgufWriter file = testing::SmallModel();
  return file.WithoutTensors().Tensor("token_embd.weight", {4, 10}, testing::kF32);
}

// Hybrid: per-layer arrays, split keys, every type of value.
GgufWriter Hybrid() {
  GgufWriter file = TinyModel();
  file.Without("general.architecture").Text("general.architecture", "jamba");
  file.U32("jamba.block_count", 3)
      .U32("jamba.context_length", 65'536)
      .Integers("jamba.attention.head_count_kv", testing::ValueType::kI32, {0, 8, 0})
      .F32("jamba.rope.freq_base", 10'000)
      .F64("a.f64", 0.5)
      .U8("a.u8", 1)
      .I64("a.i64", -1)
      .U16("split.count", 2)
      .U16("split.no", 0)
      .I32("split.tensors.count", 3)
      .Bool("jamba.attention.causal", true)
      .Tokens("tokenizer.ggml.merges", 3);
  return file;
}

}  // namespace

void Run(std::string_view input) {
  const auto facts = ReadGgufBytes(input, "fuzz.gguf", Rules());
  if (!facts) return ExpectPlace(facts.error());
  ExpectProblems(facts->blocking);
  const auto mcd = McdFrom(*facts);
  if (!mcd) return ExpectError(mcd.error());
  const std::string json = RenderJson(*mcd);
  ExpectJson(json);
  const auto again = ReadMcdJson(json, "fuzz.mcd.json", Rules());
  if (!again) ExpectError(again.error());
  Expect(again.has_value(), "a descriptor that is written can be read", json);
  const auto second = McdFrom(*again);
  Expect(second.has_value() && RenderJson(*second) == json, "and says the same", json);
}

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds = {TinyModel().Bytes(), Hybrid().Bytes()};
  for (const testing::GgufDefectCase& c : testing::GgufDefects()) {
    std::string bytes = c.make();
    if (bytes.size() <= 2048) seeds.push_back(std::move(bytes));
  }
  return seeds;
}

}  // namespace cmatch::fuzz
