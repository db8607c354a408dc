#ifndef CMATCH_TESTS_PARSERS_GGUF_SUPPORT_H_
#define CMATCH_TESTS_PARSERS_GGUF_SUPPORT_H_

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "base_rules.h"
#include "cmatch/mcd_source.h"
#include "support/gguf_writer.h"

namespace cmatch::testing {

inline McdFacts FactsOf(std::string_view bytes, std::string_view name = "dir/file.gguf") {
  auto facts = ReadGgufBytes(bytes, name, BaseRules());
  REQUIRE_MESSAGE(facts.has_value(), facts.error().message);
  return *std::move(facts);
}

inline McdFacts FactsOf(const GgufWriter& file) { return FactsOf(file.Bytes()); }

// A small model of another architecture: what SmallModel() has, under other names.
inline GgufWriter ModelOf(const std::string& architecture) {
  GgufWriter file;
  const std::string a = architecture + ".";
  file.Text("general.architecture", architecture)
      .U32(a + "block_count", 2)
      .U32(a + "context_length", 4096)
      .U32(a + "embedding_length", 64)
      .U32("general.file_type", 0)
      .Tokens("tokenizer.ggml.tokens", 10)
      .Tensor("token_embd.weight", {64, 10}, kF32);
  return file;
}

// A member as text (ToString), "-" where the file does not state it.
inline std::string Member(const McdFacts& facts, std::string_view name) {
  const auto at = facts.members.find(name);
  return at == facts.members.end() ? "-" : ToString(at->second.value);
}

// "CODE" or "CODE@/member" of every reason to refuse, in order.
inline std::string Blocks(const McdFacts& facts) {
  std::string out;
  for (const Problem& problem : facts.blocking) {
    out += (out.empty() ? "" : " ") + problem.code;
    if (!problem.path.empty()) out += "@" + problem.path;
  }
  return out;
}

// The codes of all warnings, in order.
inline std::string Warnings(const McdFacts& facts) {
  std::string out;
  for (const Finding& warning : facts.warnings) {
    CHECK(warning.rule == "CMATCH-8011");
    CHECK(warning.error == "SourceWarning");
    CHECK(warning.severity == Severity::kWarning);
    const std::size_t open = warning.message.rfind('[');
    REQUIRE(open != std::string::npos);
    out += (out.empty() ? "" : " ") + warning.message.substr(open + 1);
    out.pop_back();
  }
  return out;
}

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_PARSERS_GGUF_SUPPORT_H_
