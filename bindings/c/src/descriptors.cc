#include "descriptors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "cmatch/ecp_source.h"
#include "cmatch/mcd_source.h"

namespace cmatch::c {
namespace {

constexpr std::array<std::string_view, 6> kMcdMembers = {"model_id", "positional",  "attention",
                                                         "quant",    "context_max", "vocab_size"};

// A struct's texts one by one; the first misuse stops it, every text that is not UTF-8 is a
// problem.
class Texts {
 public:
  explicit Texts(std::string_view side) : side_(side) {}

  std::string Take(std::string_view member, cmatch_str text) {
    const auto view = View(text, member);
    if (!view) {
      misuse_ = view.error();
      return {};
    }
    if (!IsUtf8(*view)) AddProblem(member);
    return std::string(*view);
  }

  std::vector<std::string> Take(std::string_view member, const cmatch_str* texts,
                                std::size_t count) {
    std::vector<std::string> result;
    if (texts == nullptr && count != 0) {
      misuse_ = BadObject(nullptr, member).error();
      return result;
    }
    for (std::size_t i = 0; i < count && !misuse_; ++i) result.push_back(Take(member, texts[i]));
    return result;
  }

  // The failure, if there is one.
  std::optional<Failure> Finish(ErrorKind kind) {
    if (misuse_) return std::move(misuse_);
    if (problems_.empty()) return std::nullopt;
    return Fail(MakeError(kind, std::move(problems_))).error();
  }

 private:
  // RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
  static bool IsUtf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
      const auto at = [&](std::size_t k) {
        return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U;
      };
      const unsigned first = at(0);
      const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      if ((first >= 0x80 && first < 0xc2) || first > 0xf4) return false;
      for (std::size_t k = 1; k < length; ++k) {
        if ((at(k) & 0xc0) != 0x80) return false;
      }
      if ((first == 0xe0 && at(1) < 0xa0) || (first == 0xed && at(1) > 0x9f)) return false;
      if ((first == 0xf0 && at(1) < 0x90) || (first == 0xf4 && at(1) > 0x8f)) return false;
      i += length;
    }
    return true;
  }

  void AddProblem(std::string_view member) {
    problems_.push_back({.code = std::string(side_) + "-wrong-type",
                         .path = "/" + std::string(member),
                         .message = std::string(member) + " is not UTF-8",
                         .where = {},
                         .notes = {},
                         .help = {}});
  }

  std::string_view side_;
  std::vector<Problem> problems_;
  std::optional<Failure> misuse_;
};

std::expected<void, Error> AddAttributes(std::string_view json, const RuleSet& rules, Mcd& mcd) {
  auto facts = ReadMcdJson(json, "attributes", rules);
  if (!facts) return std::unexpected(std::move(facts.error()));
  for (auto& [name, member] : facts->members) {
    if (std::find(kMcdMembers.begin(), kMcdMembers.end(), name) != kMcdMembers.end()) {
      return std::unexpected(MakeError(ErrorKind::kInvalidMcd, "mcd-wrong-type",
                                       "attributes: " + name + " is a member of the struct",
                                       member.where));
    }
    mcd.attributes.insert_or_assign(name, std::move(member.value));
  }
  return {};
}

// ReadEcp() wants a whole profile: it gets one whose required members are of no account, on the
// line the attributes begin on.
std::expected<void, Error> AddAttributes(std::string_view json, const RuleSet& rules, Ecp& ecp) {
  static constexpr std::string_view kFront =
      R"({"worker_id":"-","supports_positional":[],"supports_attention":[],"supports_quant":[],)"
      R"("max_context":1,"vram_bytes":1)";
  const std::size_t open = json.find_first_not_of(" \t\r\n");
  const std::size_t inside =
      open == std::string_view::npos ? open : json.find_first_not_of(" \t\r\n", open + 1);
  if (inside == std::string_view::npos || json[open] != '{') {
    return std::unexpected(MakeError(ErrorKind::kInvalidEcp, "ecp-wrong-type",
                                     "attributes is not a JSON object", {"attributes", 1, 1}));
  }
  const bool empty = json[inside] == '}';
  const std::string whole = std::string(json.substr(0, open)) + std::string(kFront) +
                            (empty ? "" : ",") + std::string(json.substr(open + 1));
  auto read = ReadEcp(whole, "attributes", rules);
  if (read) {
    ecp.attributes = std::move(read->attributes);
    return {};
  }
  const std::size_t added = kFront.size() - 1 + (empty ? 0 : 1);
  for (Problem& problem : read.error().problems) {
    const bool shifted = problem.where.line == 1 && problem.where.column > added;
    if (shifted) problem.where.column -= static_cast<std::uint32_t>(added);
  }
  return std::unexpected(std::move(read.error()));
}

}  // namespace

std::expected<Mcd, Failure> ReadMcd(const cmatch_mcd* mcd, const RuleSet& rules) {
  const auto c = ReadStruct(mcd, "mcd");
  if (!c) return std::unexpected(c.error());
  Texts texts("mcd");
  Mcd result;
  result.model_id = texts.Take("model_id", c->model_id);
  result.positional = texts.Take("positional", c->positional);
  result.attention = texts.Take("attention", c->attention);
  result.quant = texts.Take("quant", c->quant, c->quant_count);
  result.context_max = c->context_max;
  result.vocab_size = c->vocab_size;
  const std::string attributes = texts.Take("attributes", c->attributes);
  if (auto failure = texts.Finish(ErrorKind::kInvalidMcd)) {
    return std::unexpected(*std::move(failure));
  }
  if (!attributes.empty()) {
    auto added = AddAttributes(attributes, rules, result);
    if (!added) return Fail(std::move(added.error()));
  }
  if (c->requested_context != 0) {
    result.attributes.insert_or_assign("requested_context", c->requested_context);
  }
  return result;
}

std::expected<Ecp, Failure> ReadEcpStruct(const cmatch_ecp* ecp, const RuleSet& rules) {
  const auto c = ReadStruct(ecp, "ecp");
  if (!c) return std::unexpected(c.error());
  Texts texts("ecp");
  Ecp result;
  result.worker_id = texts.Take("worker_id", c->worker_id);
  result.supports_positional =
      texts.Take("supports_positional", c->supports_positional, c->supports_positional_count);
  result.supports_attention =
      texts.Take("supports_attention", c->supports_attention, c->supports_attention_count);
  result.supports_quant = texts.Take("supports_quant", c->supports_quant, c->supports_quant_count);
  result.max_context = c->max_context;
  if (c->vram_bytes != CMATCH_NOT_KNOWN) result.vram_bytes = c->vram_bytes;
  const std::string attributes = texts.Take("attributes", c->attributes);
  if (auto failure = texts.Finish(ErrorKind::kInvalidEcp)) {
    return std::unexpected(*std::move(failure));
  }
  if (!attributes.empty()) {
    auto added = AddAttributes(attributes, rules, result);
    if (!added) return Fail(std::move(added.error()));
  }
  return result;
}

}  // namespace cmatch::c
