// What the file is: a model, or something that no engine can load as one.

#include <string>

#include "files/text_check.h"
#include "gguf/gguf_facts.h"

namespace cmatch::internal {
namespace {

struct FileKind {
  std::string_view type;  // general.type
  std::string_view kind;
  std::string_view what;
};

// ggml-org/ggml@d99724f2 docs/gguf.md and gguf-py's GGUFType.
constexpr FileKind kFileKinds[] = {
    {"adapter", "adapter", "a LoRA adapter"},
    {"mmproj", "mmproj", "a multimodal projector"},
    {"imatrix", "imatrix", "an importance matrix, made by llama-imatrix"},
    {"vocab", "vocab_only", "a vocabulary"},
};

// Projectors of before general.type have this architecture (llama.cpp, LLM_ARCH_CLIP).
constexpr std::string_view kProjector = "clip";

void SayNotAModel(GgufFacts& facts, std::string_view kind, std::string_view what,
                  std::string_view from) {
  facts.Set("kind", std::string(kind), from);
  facts.Block("", "gguf-not-a-model",
              "this is " + std::string(what) + " (" + std::string(kind) + "), not a model");
}

}  // namespace

bool StateGgufKind(GgufFacts& facts) {
  const std::string* type = facts.Text("general.type");
  for (const FileKind& kind : kFileKinds) {
    if (type == nullptr || *type != kind.type) continue;
    SayNotAModel(facts, kind.kind, kind.what, "general.type");
    return kind.kind == "vocab_only";
  }
  if (facts.header().Find("adapter.type") != nullptr) {
    SayNotAModel(facts, "adapter", kFileKinds[0].what, "adapter.type");
    return false;
  }
  if (facts.header().architecture == kProjector) {
    SayNotAModel(facts, "mmproj", kFileKinds[1].what, "general.architecture");
    return false;
  }
  if (type != nullptr && *type != "model") {
    facts.Block("", "gguf-not-a-model",
                "general.type is " + Quoted(*type) + ", which is not known to be a model");
    return false;
  }
  if (facts.header().tensors.count == 0 && facts.tensors_known()) {
    SayNotAModel(facts, "vocab_only", "a vocabulary without tensors", "there are no tensors");
    return true;
  }
  facts.Set("kind", std::string("model"), type != nullptr ? "general.type" : "it has tensors");
  return true;
}

}  // namespace cmatch::internal
