// Context length and vocabulary size.

#include <string>
#include <vector>

#include "files/read_limits.h"
#include "gguf/gguf_facts.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kTokens = "tokenizer.ggml.tokens";
constexpr std::string_view kTokenizer = "tokenizer.ggml.model";

std::string ContextProblem(const GgufFacts& facts, std::optional<std::int64_t> length) {
  const GgufValue* value = facts.Find("context_length");
  if (value == nullptr) return "is missing";
  if (value->array || !IsGgufInteger(value->type)) return "is not an integer";
  if (!length.has_value()) return "is over 2^63-1";
  return *length > 0 ? "" : "is " + std::to_string(*length);
}

// A number of tokens and where it is said.
struct VocabularySource {
  std::int64_t tokens;
  std::string from;
};

std::vector<VocabularySource> VocabularySources(GgufFacts& facts) {
  std::vector<VocabularySource> sources;
  const GgufValue* tokens = facts.header().Find(kTokens);
  const bool list = tokens != nullptr && tokens->array && tokens->type == GgufType::kString;
  // What llama.cpp counts; it reads vocab_size only where there is no tokenizer.
  if (list && tokens->count > 0) {
    sources.push_back({static_cast<std::int64_t>(tokens->count), std::string(kTokens)});
  }
  if (tokens != nullptr && !list) {
    facts.Warn("gguf-odd-vocabulary", std::string(kTokens) + " is not a list of texts: not used");
  }
  if (const std::optional<std::int64_t> size = facts.Integer("vocab_size"); size.value_or(0) > 0) {
    sources.push_back({*size, facts.Name("vocab_size")});
  } else if (facts.Find("vocab_size") != nullptr) {
    facts.Warn("gguf-odd-vocabulary",
               facts.Name("vocab_size") + " is not an integer > 0: not used");
  }
  const std::optional<std::uint64_t> rows = facts.header().tensors.token_embd_rows;
  if (rows.value_or(0) > 0) {
    sources.push_back({static_cast<std::int64_t>(*rows), "rows of token_embd.weight"});
  }
  return sources;
}

}  // namespace

void StateGgufContext(GgufFacts& facts) {
  const std::string name = facts.Name("context_length");
  const std::optional<std::int64_t> length = facts.Integer("context_length");
  const std::string problem = ContextProblem(facts, length);
  if (!problem.empty()) {
    facts.Block("context_max", "gguf-bad-context", name + " " + problem,
                "state context_max in a sidecar, <model file>.mcd.json");
  } else {
    facts.Set("context_max", *length, name);
    if (*length > kGgufOddContext) {
      facts.Warn("gguf-odd-context",
                 name + " is " + std::to_string(*length) + ", more than any model was trained for");
    }
  }
  const std::optional<std::int64_t> original =
      facts.Integer("rope.scaling.original_context_length");
  if (original.value_or(0) > 0) {
    facts.Set("original_context", *original, facts.Name("rope.scaling.original_context_length"));
  }
}

void StateGgufVocabulary(GgufFacts& facts) {
  const std::vector<VocabularySource> sources = VocabularySources(facts);
  if (sources.empty()) {
    facts.Block("vocab_size", "gguf-no-vocabulary",
                "no token list, vocab_size or token_embd.weight says how large the vocabulary is",
                "state vocab_size in a sidecar, <model file>.mcd.json");
    return;
  }
  const VocabularySource& first = sources[0];
  facts.Set("vocab_size", first.tokens, first.from);
  for (const VocabularySource& other : sources) {
    if (other.tokens == first.tokens) continue;
    facts.Warn("gguf-odd-vocabulary", first.from + " says " + std::to_string(first.tokens) +
                                          " tokens, " + other.from + " " +
                                          std::to_string(other.tokens));
  }
  const std::string* tokenizer = facts.Text(kTokenizer);
  const bool none = tokenizer != nullptr && (*tokenizer == "none" || *tokenizer == "no_vocab");
  if (first.from != kTokens && !none) {
    facts.Warn("gguf-odd-vocabulary",
               "there is no token list: the vocabulary is counted by " + first.from);
  }
}

}  // namespace cmatch::internal
