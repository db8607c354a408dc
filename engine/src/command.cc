#include "cmatch/command.h"

#include <algorithm>
#include <limits>

#include "profile.h"
#include "record.h"

namespace cmatch {
namespace {

std::string Replace(std::string_view word, std::string_view mark, std::string_view with) {
  std::string text(word);
  const std::size_t at = text.find(mark);
  if (at != std::string::npos) text.replace(at, mark.size(), with);
  return text;
}

// A path that begins with a dash would be read as an option.
std::string AsArgument(std::string_view model) {
  return (model.starts_with('-') ? "./" : "") + std::string(model);
}

std::string Context(const Mcd& mcd, const Ecp& ecp) {
  std::int64_t tokens = std::min(mcd.context_max, ecp.max_context);
  const Value requested = internal::MemberOf(mcd, "requested_context");
  if (const auto* number = std::get_if<std::int64_t>(&requested))
    tokens = std::min(tokens, *number);
  return std::to_string(tokens);
}

class Writer {
 public:
  Writer(const internal::EngineProfile& profile, const Mcd& mcd, const Ecp& ecp)
      : profile_(profile), mcd_(mcd), ecp_(ecp) {}

  std::optional<EngineCommand> Write(std::string_view model) {
    const Command& rows = profile_.engine->command;
    const auto start = std::find_if(rows.start.begin(), rows.start.end(), [&](const auto& row) {
      return internal::Applies(row, profile_);
    });
    if (start == rows.start.end()) return std::nullopt;
    for (const Text word : start->words) {
      command_.words.push_back(Replace(word, "{model}", AsArgument(model)));
    }
    std::vector<Text> settings;
    for (const CommandOption& row : rows.options) AddOnce(settings, row.setting);
    for (const LaunchKey* key : internal::LaunchKeysOf(profile_)) {
      AddOnce(settings, key->name);
    }
    for (const Text setting : settings) WriteSetting(setting);
    return std::move(command_);
  }

 private:
  static void AddOnce(std::vector<Text>& list, Text name) {
    if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
  }

  // The first row that applies decides.
  const CommandOption* FindRow(Text setting, const std::string& value) const {
    for (const CommandOption& row : profile_.engine->command.options) {
      if (row.setting == setting && internal::Applies(row, profile_) &&
          (row.is.empty() || row.is == value)) {
        return &row;
      }
    }
    return nullptr;
  }

  void WriteSetting(Text setting) {
    const std::string value =
        setting == "context" ? Context(mcd_, ecp_) : ToString(internal::MemberOf(ecp_, setting));
    if (value.empty()) return;
    const CommandOption* row = FindRow(setting, value);
    if (row == nullptr) {
      command_.unsaid.push_back(std::string(setting) + "=" + value);
      return;
    }
    std::string written = value;
    for (const auto& [judged, spelled] : row->values) {
      if (judged == value) written = spelled;
    }
    if (!row->env.empty()) command_.env.emplace_back(row->env, written);
    for (const Text word : row->words) command_.words.push_back(Replace(word, "{value}", written));
  }

  const internal::EngineProfile& profile_;
  const Mcd& mcd_;
  const Ecp& ecp_;
  EngineCommand command_;
};

}  // namespace

std::optional<EngineCommand> CommandFor(const RuleSet& rules, const Mcd& mcd, const Ecp& ecp,
                                        std::string_view model) {
  const auto text = [&](std::string_view name) { return ToString(internal::MemberOf(ecp, name)); };
  if (text("engine_version").empty()) return std::nullopt;
  const auto profile = internal::FindRelease(rules, text("engine"), text("engine_version"));
  if (!profile) return std::nullopt;
  return Writer(*profile, mcd, ecp).Write(model);
}

std::string ShellWord(const std::string& text) {
  static constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/+@=,:%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

std::string ToString(const EngineCommand& command) {
  std::string line;
  for (const auto& [name, value] : command.env) line += name + "=" + ShellWord(value) + " ";
  for (std::size_t i = 0; i < command.words.size(); ++i) {
    line += (i == 0 ? "" : " ") + ShellWord(command.words[i]);
  }
  return line;
}

}  // namespace cmatch
