#include "hf/hf_config.h"

#include <algorithm>
#include <charconv>

#include "json/json_value.h"
#include "models/mcd_members.h"

namespace cmatch::internal {
namespace {

const JsonNode* FindIn(const JsonDocument& document, const JsonNode& object,
                       std::string_view path) {
  const std::size_t dot = path.find('.');
  const JsonNode* node = document.Find(object, path.substr(0, dot));
  if (node == nullptr || dot == std::string_view::npos) return node;
  return FindIn(document, *node, path.substr(dot + 1));
}

const JsonNode* Known(const JsonNode* node) {
  return node == nullptr || node->type == JsonType::kNull ? nullptr : node;
}

constexpr Field kIntegersField{.name = {}, .type = FieldType::kIntegers, .of = {}, .origin = {}};
constexpr Field kIntegerField{.name = {}, .type = FieldType::kInteger, .of = {}, .origin = {}};
constexpr Field kNumberField{.name = {}, .type = FieldType::kNumber, .of = {}, .origin = {}};

}  // namespace

Finding SourceWarning(std::string_view code, std::string message, std::string help) {
  Finding finding;
  finding.rule = "CMATCH-8011";
  finding.error = "SourceWarning";
  finding.severity = Severity::kWarning;
  finding.message = std::move(message) + " [" + std::string(code) + "]";
  finding.hint = std::move(help);
  return finding;
}

HfConfig::HfConfig(const JsonDocument& document)
    : document_(document),
      root_(*document.root()),
      text_(document.Find(*document.root(), "text_config")) {
  if (text_ != nullptr && text_->type != JsonType::kObject) text_ = nullptr;
}

const JsonNode* HfConfig::Find(std::string_view path) const {
  if (text_ != nullptr) {
    const JsonNode* node = Known(FindIn(document_, *text_, path));
    if (node != nullptr) return node;
  }
  return Known(FindIn(document_, root_, path));
}

const JsonNode* HfConfig::Find(HfKeys paths) const {
  for (const std::string_view path : paths) {
    const JsonNode* node = Find(path);
    if (node != nullptr) return node;
  }
  return nullptr;
}

bool HfConfig::IsNull(std::string_view key) const {
  const JsonNode* node = text_ == nullptr ? nullptr : document_.Find(*text_, key);
  if (node == nullptr) node = document_.Find(root_, key);
  return node != nullptr && node->type == JsonType::kNull;
}

const JsonNode* HfConfig::FindOutside(std::string_view key) const {
  return Known(document_.Find(root_, key));
}

Value HfConfig::Lookup(std::string_view name) const {
  if (!name.starts_with("hf.")) return {};
  name.remove_prefix(3);
  const std::size_t bracket = name.find('[');
  const JsonNode* node = Find(name.substr(0, bracket));
  if (node == nullptr) return {};
  if (bracket == std::string_view::npos) return ToValue(document_, *node);
  std::uint32_t index = 0;
  const char* digits = name.data() + bracket + 1;
  const auto [end, error] = std::from_chars(digits, name.data() + name.size(), index);
  if (error != std::errc() || node->type != JsonType::kList) return {};
  for (const JsonNode* at = document_.First(*node); at != nullptr; at = document_.Next(*at)) {
    if (at->index == index) return ToValue(document_, *at);
  }
  return {};
}

std::string HfConfig::Origin(const JsonNode& node) const {
  return "config.json: " + document_.Pointer(node).substr(1);
}

void HfWriter::Set(std::string_view member, Value value, const JsonNode& from) {
  facts_->members.insert_or_assign(
      std::string(member),
      McdFacts::Member{std::move(value), config_.Origin(from), config_.document().Where(from)});
}

void HfWriter::Set(std::string_view member, Value value, std::string origin) {
  facts_->members.insert_or_assign(std::string(member),
                                   McdFacts::Member{std::move(value), std::move(origin), {}});
}

void HfWriter::Refuse(std::string_view member, const JsonNode& node, std::string_view what) {
  const JsonDocument& document = config_.document();
  std::string message = "config.json: " + std::string(what);
  if (FindRequired(kMcdRequired, member) == nullptr) {
    return Warn("hf-wrong-type", std::move(message) + ": " + std::string(member) + " is left out");
  }
  Problem problem = document.MakeProblem(node, "hf-wrong-type", std::move(message));
  problem.path = "/" + std::string(member);
  Warn(problem.code, problem.message);
  facts_->blocking.push_back(std::move(problem));
}

void HfWriter::Take(std::string_view member, HfKeys keys, const Field& field) {
  const JsonNode* node = config_.Find(keys);
  if (node == nullptr) return;
  std::vector<Problem> problems;
  Value value = ReadValue(config_.document(), *node, field, "", &problems);
  if (!problems.empty()) return Refuse(member, *node, problems[0].message);
  Set(member, std::move(value), *node);
}

void HfWriter::TakeInteger(std::string_view member, HfKeys keys) {
  Take(member, keys, kIntegerField);
}

void HfWriter::TakeIntegers(std::string_view member, HfKeys keys) {
  Take(member, keys, kIntegersField);
}

void HfWriter::TakeNumber(std::string_view member, HfKeys keys) {
  Take(member, keys, kNumberField);
}

Value HfWriter::Get(std::string_view member) const {
  const auto at = facts_->members.find(member);
  return at == facts_->members.end() ? Value() : at->second.value;
}

std::optional<std::int64_t> HfWriter::Integer(std::string_view member) const {
  const Value value = Get(member);
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer == nullptr ? std::nullopt : std::optional(*integer);
}

void HfWriter::Block(std::string_view member, std::string code, std::string message,
                     std::string help, Location where) {
  Warn(code, message, help);
  Problem problem;
  problem.code = std::move(code);
  if (!member.empty()) problem.path = "/" + std::string(member);
  problem.message = std::move(message);
  problem.where = std::move(where);
  if (problem.where.file.empty()) problem.where.file = config_.document().name();
  problem.help = std::move(help);
  facts_->blocking.push_back(std::move(problem));
}

void HfWriter::Warn(std::string_view code, std::string message, std::string help) {
  Finding finding = SourceWarning(code, std::move(message), std::move(help));
  const auto same = [&](const Finding& said) { return said.message == finding.message; };
  if (std::ranges::any_of(facts_->warnings, same)) return;
  facts_->warnings.push_back(std::move(finding));
}

}  // namespace cmatch::internal
