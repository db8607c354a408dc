#include "gguf/gguf_facts.h"

#include <algorithm>
#include <utility>

namespace cmatch::internal {

GgufFacts::GgufFacts(const GgufModel& model, const RuleSet& rules) : model_(model), rules_(rules) {
  facts_.name = model.name;
  if (!header().architecture.empty()) {
    row_ = rules.FindArchitecture(header().architecture, false);
  }
}

std::string GgufFacts::Name(std::string_view k) const {
  return header().architecture + "." + std::string(k);
}

const GgufValue* GgufFacts::Find(std::string_view k) const {
  return header().architecture.empty() ? nullptr : header().Find(Name(k));
}

std::optional<std::int64_t> GgufFacts::Integer(std::string_view k) const {
  const GgufValue* value = Find(k);
  if (value == nullptr || value->array || !IsGgufInteger(value->type)) return std::nullopt;
  const std::int64_t* number = std::get_if<std::int64_t>(&value->kept);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<double> GgufFacts::Number(std::string_view k) const {
  const GgufValue* value = Find(k);
  if (value == nullptr) return std::nullopt;
  if (const double* number = std::get_if<double>(&value->kept)) return *number;
  if (const std::int64_t* integer = std::get_if<std::int64_t>(&value->kept)) {
    return static_cast<double>(*integer);
  }
  return std::nullopt;
}

std::optional<bool> GgufFacts::Bool(std::string_view k) const {
  const GgufValue* value = Find(k);
  const bool* truth = value == nullptr ? nullptr : std::get_if<bool>(&value->kept);
  return truth == nullptr ? std::nullopt : std::optional(*truth);
}

const std::string* GgufFacts::Text(std::string_view key) const {
  const GgufValue* value = header().Find(key);
  const std::string* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->kept);
  return text == nullptr || text->empty() ? nullptr : text;
}

void GgufFacts::Set(std::string_view member, Value value, std::string_view from) {
  facts_.members.insert_or_assign(
      std::string(member),
      McdFacts::Member{std::move(value), "gguf: " + std::string(from), Location{}});
}

void GgufFacts::Warn(std::string_view code, std::string message, std::string help) {
  Finding finding;
  finding.rule = "CMATCH-8011";
  finding.error = "SourceWarning";
  finding.severity = Severity::kWarning;
  finding.message = std::move(message) + " [" + std::string(code) + "]";
  finding.hint = std::move(help);
  const auto same = [&](const Finding& said) { return said.message == finding.message; };
  if (std::ranges::any_of(facts_.warnings, same)) return;
  facts_.warnings.push_back(std::move(finding));
}

void GgufFacts::Block(std::string_view member, std::string_view code, std::string message,
                      std::string help) {
  Warn(code, message, help);
  Problem problem;
  problem.code = code;
  if (!member.empty()) problem.path = "/" + std::string(member);
  problem.message = std::move(message);
  problem.where.file = model_.name;
  problem.help = std::move(help);
  facts_.blocking.push_back(std::move(problem));
}

}  // namespace cmatch::internal
