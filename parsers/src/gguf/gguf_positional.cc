// Architecture and positional encoding. No key of a GGUF file names the encoding: it follows from
// the architecture, by the rows and conditions of rules/architectures.yaml.

#include <charconv>
#include <string>

#include "files/text_check.h"
#include "gguf/gguf_facts.h"
#include "models/architecture_name.h"

namespace cmatch::internal {
namespace {

constexpr std::string_view kPrefix = "gguf.";

Value Element(const GgufValue& value, std::string_view index) {
  const auto* numbers = std::get_if<std::vector<std::int64_t>>(&value.kept);
  std::size_t at = 0;
  const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), at);
  if (numbers == nullptr || error != std::errc() || end != index.data() + index.size()) return {};
  return at < numbers->size() ? Value((*numbers)[at]) : Value();
}

Value Whole(const GgufValue& value) {
  if (const bool* truth = std::get_if<bool>(&value.kept)) return *truth;
  if (const auto* integer = std::get_if<std::int64_t>(&value.kept)) return *integer;
  if (const double* number = std::get_if<double>(&value.kept)) return *number;
  if (const auto* text = std::get_if<std::string>(&value.kept)) return *text;
  if (const auto* list = std::get_if<std::vector<std::int64_t>>(&value.kept)) return *list;
  return {};
}

// `gguf.K` or `gguf.K[1]`.
Value Lookup(const GgufFacts& facts, std::string_view field) {
  if (!field.starts_with(kPrefix)) return {};
  std::string_view k = field.substr(kPrefix.size());
  std::string_view index;
  if (const std::size_t open = k.find('['); open != std::string_view::npos && k.ends_with(']')) {
    index = k.substr(open + 1, k.size() - open - 2);
    k = k.substr(0, open);
  }
  const GgufValue* value = facts.Find(k);
  if (value == nullptr) return {};
  return index.empty() ? Whole(*value) : Element(*value, index);
}

void BlockArchitecture(GgufFacts& facts, std::string_view code, const std::string& message,
                       std::string help = {}) {
  help +=
      "add a row for it to rules/architectures.yaml (or to a directory given with --rules), or "
      "state positional and attention in a sidecar, <model file>.mcd.json";
  // One sentence for both members, so that it is said once.
  const std::string sentence = message + ": its positional encoding and attention are not known";
  facts.Block("positional", code, sentence, help);
  facts.Block("attention", code, sentence, help);
}

}  // namespace

void StateGgufPositional(GgufFacts& facts) {
  const std::string& architecture = facts.header().architecture;
  if (architecture.empty()) {
    BlockArchitecture(facts, "gguf-no-architecture",
                      "general.architecture is missing or not a usable text");
    return;
  }
  facts.Set("architecture", architecture, "general.architecture");
  const Architecture* row = facts.row();
  if (row == nullptr) {
    BlockArchitecture(
        facts, "gguf-unknown-architecture",
        "the architecture " + Quoted(architecture) + " is not in rules/architectures.yaml",
        DidYouMean(architecture, facts.rules(), false));
    return;
  }
  if (!row->unsupported.empty()) {
    facts.Block("", "gguf-unsupported-architecture",
                "the architecture " + Quoted(architecture) +
                    " cannot be judged: " + std::string(row->unsupported));
  }
  for (const ConditionalKind& kind : row->positional) {
    const auto lookup = [&facts](std::string_view field) { return Lookup(facts, field); };
    if (kind.when.has_value() && Evaluate(*kind.when, lookup) != Truth::kTrue) continue;
    facts.Set("positional", facts.rules().Canonical("positional", kind.is),
              "general.architecture " + architecture);
    return;
  }
}

}  // namespace cmatch::internal
