// Other formats and quantisations of the same model.

#include <algorithm>
#include <cmath>
#include <optional>

#include "program.h"
#include "record.h"
#include "remedy_options.h"

namespace cmatch::internal {
namespace {

const TensorType* MainTensorType(const RuleSet& rules, std::string_view kind) {
  const auto& program = rules.program();
  if (const auto type = program.file_types_by_name.find(kind);
      type != program.file_types_by_name.end()) {
    kind = type->second->main;
  }
  for (const TensorType& type : rules.tables().tensor_types) {
    if (type.name == kind) return &type;
  }
  return nullptr;
}

// Bits a weight, of kinds that are GGUF file or tensor types; other formats have no one figure.
std::optional<double> BitsOf(const RuleSet& rules, std::string_view kind) {
  const TensorType* type = MainTensorType(rules, kind);
  if (type == nullptr || type->block_size == 0) return std::nullopt;
  return 8.0 * static_cast<double>(type->type_size) / static_cast<double>(type->block_size);
}

// Formats that the model can be had in first, then those of about its size, then those whose size
// the tables do not say, then the others; each as the worker lists them.
int Rank(const std::vector<std::string>& own, const std::string& kind, std::optional<double> bits,
         std::optional<double> asked) {
  constexpr double kNear = 2.0;  // bits a weight
  if (std::find(own.begin(), own.end(), kind) != own.end()) return 0;
  if (!bits) return 2;
  return asked && std::fabs(*bits - *asked) <= kNear ? 1 : 3;
}

// What only the file that was judged says, and another quantisation of the model need not share.
void ForgetFile(Mcd& mcd) {
  for (const char* member :
       {"tensor_types", "weight_block_size", "group_size", "file_bytes", "split_count", "dtype"}) {
    mcd.attributes.erase(member);
  }
}

}  // namespace

std::vector<RemedyOption> QuantOptions(const RuleSet& rules, const RemedyRequest& request,
                                       const Ecp& worker) {
  const std::vector<std::string>& own = request.mcd.quant;
  const auto asked = own.empty() ? std::nullopt : BitsOf(rules, rules.Canonical("quant", own[0]));
  struct Ranked {
    std::string kind;
    std::optional<double> bits;
    int rank;
  };
  std::vector<Ranked> kinds;
  for (const std::string& kind : worker.supports_quant) {
    if (own.size() == 1 && rules.Canonical("quant", kind) == rules.Canonical("quant", own[0]))
      continue;
    // A tensor type that is no file type (q4_k) is not something a model can be had as.
    const bool file = rules.program().file_types_by_name.contains(kind);
    const auto bits = BitsOf(rules, kind);
    if (!file && bits) continue;
    kinds.push_back({kind, bits, Rank(own, kind, bits, asked)});
  }
  const auto distance = [&](const Ranked& k) {
    return k.bits && asked ? std::fabs(*k.bits - *asked) : 0.0;
  };
  std::stable_sort(kinds.begin(), kinds.end(), [&](const Ranked& a, const Ranked& b) {
    return a.rank != b.rank ? a.rank < b.rank : distance(a) < distance(b);
  });
  std::vector<RemedyOption> options;
  for (const Ranked& kind : kinds) {
    // GGUF is the only container of its quantised file types; others come in no one container.
    const TensorType* main = MainTensorType(rules, kind.kind);
    const bool gguf = main != nullptr && main->block_size > 1;
    RemedyOption option;
    option.change = {.what = "quant", .from = ToString(Value(own)), .to = kind.kind, .option = ""};
    const Value format = MemberOf(request.mcd, "format");
    if (gguf && IsKnown(format) && ToString(format) != "gguf") {
      option.first = {.what = "format", .from = ToString(format), .to = "gguf", .option = ""};
    }
    option.apply = [name = kind.kind, gguf, plain = main != nullptr](RemedyRequest& changed) {
      changed.mcd.quant = {name};
      ForgetFile(changed.mcd);
      auto& attributes = changed.mcd.attributes;
      if (!attributes.contains("format") || (plain && !gguf)) return;
      if (gguf) {
        attributes["format"] = std::string("gguf");
      } else {
        attributes.erase("format");
      }
    };
    options.push_back(std::move(option));
  }
  return options;
}

std::vector<RemedyOption> FormatOptions(const RemedyRequest& request, const Ecp& worker) {
  const Value format = MemberOf(request.mcd, "format");
  const Value offered = MemberOf(worker, "supports_format");
  const auto* formats = std::get_if<std::vector<std::string>>(&offered);
  if (!IsKnown(format) || formats == nullptr) return {};
  std::vector<RemedyOption> options;
  for (const std::string& to : *formats) {
    if (to == ToString(format)) continue;
    RemedyOption option;
    option.change = {.what = "format", .from = ToString(format), .to = to, .option = ""};
    option.apply = [to](RemedyRequest& changed) {
      ForgetFile(changed.mcd);
      changed.mcd.attributes["format"] = to;
    };
    options.push_back(std::move(option));
  }
  return options;
}

}  // namespace cmatch::internal
