// GGUF as a source of MCDs: the file and its shards, then fact by fact (gguf_facts.h).

#include <string>
#include <utility>

#include "cmatch/mcd_source.h"
#include "files/byte_source.h"
#include "gguf/gguf_facts.h"
#include "gguf/gguf_header.h"
#include "gguf/gguf_split.h"
#include "models/model_source.h"

namespace cmatch {
namespace {

using internal::FileSource;
using internal::GgufFacts;
using internal::GgufHeader;
using internal::GgufModel;
using internal::GgufRequest;
using internal::MemorySource;

// The keys K of `gguf.K` and `gguf.K[1]` that a condition of the tables reads.
void AddKeys(const Clause& clause, GgufRequest& request) {
  constexpr std::string_view kPrefix = "gguf.";
  for (const Text field : clause.fields) {
    if (!field.starts_with(kPrefix)) continue;
    const std::string_view k = field.substr(kPrefix.size());
    request.of_architecture.emplace(k.substr(0, k.find('[')));
  }
  for (const Clause& child : clause.children) AddKeys(child, request);
}

GgufRequest RequestFor(const RuleSet& rules) {
  GgufRequest request;
  request.general = {"general.type",
                     "general.name",
                     "general.organization",
                     "general.basename",
                     "general.size_label",
                     "general.finetune",
                     "general.version",
                     "general.repo_url",
                     "general.source.repo_url",
                     "general.source.huggingface.repository",
                     "general.base_model.0.repo_url",
                     "general.file_type",
                     "adapter.type",
                     "split.count",
                     "split.no",
                     "split.tensors.count",
                     "tokenizer.ggml.model",
                     "tokenizer.ggml.tokens"};
  request.of_architecture = {"block_count",
                             "context_length",
                             "embedding_length",
                             "feed_forward_length",
                             "vocab_size",
                             "attention.head_count",
                             "attention.head_count_kv",
                             "attention.key_length",
                             "attention.value_length",
                             "attention.key_length_mla",
                             "attention.value_length_mla",
                             "attention.kv_lora_rank",
                             "attention.sliding_window",
                             "attention.sliding_window_pattern",
                             "attention.max_alibi_bias",
                             "attention.causal",
                             "attn_logit_softcapping",
                             "expert_count",
                             "expert_used_count",
                             "expert_shared_count",
                             "expert_feed_forward_length",
                             "leading_dense_block_count",
                             "rope.dimension_count",
                             "rope.freq_base",
                             "rope.scaling.type",
                             "rope.scaling.factor",
                             "rope.scaling.original_context_length"};
  request.prefixes_of_architecture = {"attention.indexer."};
  for (const Architecture& row : rules.tables().architectures) {
    for (const ConditionalKind& kind : row.positional) {
      if (kind.when.has_value()) AddKeys(*kind.when, request);
    }
  }
  // enum ggml_type has some tens of numbers; a table with a huge one does not grow this.
  constexpr std::int64_t kMostTypes = 1024;
  for (const TensorType& type : rules.tables().tensor_types) {
    if (type.id < 0 || type.id >= kMostTypes) continue;
    const auto id = static_cast<std::size_t>(type.id);
    if (id >= request.tensor_types.size()) request.tensor_types.resize(id + 1);
    if (type.removed || type.block_size <= 0 || type.type_size <= 0) continue;
    request.tensor_types[id] = {static_cast<std::uint64_t>(type.block_size),
                                static_cast<std::uint64_t>(type.type_size)};
  }
  return request;
}

// llama.cpp reads whole numbers as u32 and nothing else (llama-model-loader.cpp, GKV::get_kv).
void WarnOfIntegers(const GgufHeader& header, GgufFacts& facts) {
  const std::string prefix = header.architecture + ".";
  for (const auto& [key, value] : header.values) {
    const bool of_model = key == "general.file_type" || key.starts_with(prefix);
    if (!of_model || value.array || value.type == internal::GgufType::kU32 ||
        !IsGgufInteger(value.type)) {
      continue;
    }
    facts.Warn("gguf-odd-integer", key + " is a " + std::string(GgufTypeName(value.type)) +
                                       "; llama.cpp reads only a u32 here and refuses the file");
  }
}

// `path` is empty where the bytes are in memory: then nothing is beside them.
McdFacts FactsOf(GgufModel& model, const std::string& path, const GgufRequest& request,
                 const RuleSet& rules) {
  GgufFacts facts(model, rules);
  for (const Problem& warning : model.header.warnings) {
    facts.Warn(warning.code, warning.message, warning.help);
  }
  facts.Set("format", std::string("gguf"), "magic");
  CheckGgufData(model.header, "", facts);
  const bool first = FollowGgufSplit(path, request, model, facts);
  if (!model.header.streamed) {
    facts.Set("file_bytes", static_cast<std::int64_t>(model.header.file_bytes), "size of the file");
  }
  StateGgufModelId(facts, model.name);
  if (!first || !StateGgufKind(facts)) return facts.Take();
  StateGgufPositional(facts);
  if (model.header.architecture.empty()) {  // no ARCH.* key can be named
    StateGgufQuant(facts);
    StateGgufVocabulary(facts);
    return facts.Take();
  }
  WarnOfIntegers(model.header, facts);
  const internal::GgufLayers layers = StateGgufLayers(facts);
  StateGgufAttention(facts, layers);
  StateGgufQuant(facts);
  StateGgufContext(facts);
  StateGgufVocabulary(facts);
  StateGgufRope(facts);
  StateGgufExperts(facts);
  StateGgufWindow(facts, layers);
  return facts.Take();
}

using Header = std::expected<GgufHeader, Problem>;

std::expected<McdFacts, Error> FactsOf(Header header, std::string_view name,
                                       const std::string& path, const GgufRequest& request,
                                       const RuleSet& rules) {
  if (!header.has_value()) {
    header.error().where.file = name;
    return std::unexpected(MakeError(ErrorKind::kInvalidMcd, {std::move(header.error())}));
  }
  GgufModel model{std::string(name), *std::move(header), true};
  return FactsOf(model, path, request, rules);
}

}  // namespace

std::expected<McdFacts, Error> ReadGguf(const std::string& path, const RuleSet& rules) {
  auto source = FileSource::Open(path);
  if (!source.has_value()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidMcd, {std::move(source.error())}));
  }
  const GgufRequest request = RequestFor(rules);
  Header header = ReadGgufHeader(**source, request);
  source->reset();  // its block, before other shards are read
  return FactsOf(std::move(header), path, path, request, rules);
}

std::expected<McdFacts, Error> internal::ReadGgufFrom(ByteSource& source, std::string_view name,
                                                      const RuleSet& rules) {
  const GgufRequest request = RequestFor(rules);
  return FactsOf(ReadGgufHeader(source, request), name, "", request, rules);
}

std::expected<McdFacts, Error> ReadGgufBytes(std::string_view bytes, std::string_view name,
                                             const RuleSet& rules) {
  MemorySource source(bytes);
  return internal::ReadGgufFrom(source, name, rules);
}

}  // namespace cmatch
