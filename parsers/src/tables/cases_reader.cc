// kind: cmatch.cases/v1

#include <algorithm>
#include <charconv>
#include <memory>
#include <unordered_map>
#include <utility>

#include "cmatch/cases_io.h"
#include "tables/rule_directory.h"
#include "tables/table_files.h"

namespace cmatch {
namespace internal {
namespace {

std::vector<std::string> Strings(const std::vector<Text>& texts) {
  return {texts.begin(), texts.end()};
}

template <typename T>
std::optional<T> ParseWhole(std::string_view text) {
  T value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

// A scalar as JSON would have it: unquoted numbers, true and false are values, all else is text.
Value ReadScalar(const YamlNode& node) {
  if (node.quoted) return std::string(node.text);
  if (node.text == "true") return true;
  if (node.text == "false") return false;
  const bool numeric =
      !node.text.empty() && node.text.find_first_not_of("-.0123456789") == std::string_view::npos;
  if (numeric) {
    if (const auto integer = ParseWhole<std::int64_t>(node.text)) return *integer;
    if (const auto number = ParseWhole<double>(node.text)) return *number;
  }
  return std::string(node.text);
}

Value ReadValue(YamlInput& in, const YamlNode& node, std::string_view what) {
  if (node.kind == YamlKind::kScalar) return ReadScalar(node);
  if (node.kind != YamlKind::kSequence) return Opaque{};
  std::vector<std::int64_t> integers;
  std::vector<std::string> texts;
  for (const YamlNode* item : in.Items(node, what)) {
    if (item->kind != YamlKind::kScalar) return Opaque{};
    const Value value = ReadScalar(*item);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) integers.push_back(*integer);
    texts.emplace_back(item->text);
  }
  if (!integers.empty() && integers.size() == texts.size()) return integers;
  return texts;
}

// Any integer: whether it may stand in a descriptor is what a case is about.
std::int64_t ReadAnyInteger(YamlInput& in, const YamlNode& node, std::string_view what) {
  return in
      .ReadInteger(node, what, std::numeric_limits<std::int64_t>::min(),
                   std::numeric_limits<std::int64_t>::max())
      .value_or(0);
}

Mcd ReadMcd(YamlInput& in, const YamlNode& node) {
  Mcd mcd;
  for (const auto& [key, value] : in.Members(node, "mcds")) {
    const std::string_view name = key->text;
    if (name == "model_id") {
      mcd.model_id = value->text;
    } else if (name == "positional") {
      mcd.positional = in.ReadText(*value, name);
    } else if (name == "attention") {
      mcd.attention = in.ReadText(*value, name);
    } else if (name == "quant") {
      mcd.quant = Strings(in.ReadTexts(*value, name));
    } else if (name == "context_max") {
      mcd.context_max = ReadAnyInteger(in, *value, name);
    } else if (name == "vocab_size") {
      mcd.vocab_size = ReadAnyInteger(in, *value, name);
    } else {
      mcd.attributes.insert_or_assign(std::string(name), ReadValue(in, *value, name));
    }
  }
  return mcd;
}

Ecp ReadWholeEcp(YamlInput& in, const YamlNode& node) {
  Ecp ecp;
  for (const auto& [key, value] : in.Members(node, "ecps")) {
    const std::string_view name = key->text;
    if (name == "worker_id") {
      ecp.worker_id = value->text;
    } else if (name == "supports_positional") {
      ecp.supports_positional = Strings(in.ReadTexts(*value, name));
    } else if (name == "supports_attention") {
      ecp.supports_attention = Strings(in.ReadTexts(*value, name));
    } else if (name == "supports_quant") {
      ecp.supports_quant = Strings(in.ReadTexts(*value, name));
    } else if (name == "max_context") {
      ecp.max_context = ReadAnyInteger(in, *value, name);
    } else if (name == "vram_bytes") {
      ecp.vram_bytes = ReadAnyInteger(in, *value, name);
    } else {
      ecp.attributes.insert_or_assign(std::string(name), ReadValue(in, *value, name));
    }
  }
  return ecp;
}

bool IsWholeEcp(YamlInput& in, const YamlNode& node) {
  if (node.kind != YamlKind::kMapping) return false;
  const auto members = in.Members(node, "ecps");
  return std::any_of(members.begin(), members.end(), [](const YamlInput::Member& member) {
    return member.first->text.starts_with("supports_");
  });
}

void ReadEngineChoice(YamlInput& in, const YamlNode& node, CaseEcp& ecp) {
  YamlMap row(in, node, "worker of a case");
  ecp.choice = ParseEngine(row.RequiredText("engine"));
  ecp.gpu = row.RequiredText("gpu");
  ecp.choice.build = row.OptionalText("build");
  if (const YamlNode* launch = row.Optional("launch")) {
    for (const auto& [key, value] : in.Members(*launch, "launch")) {
      ecp.choice.launch.insert_or_assign(std::string(key->text),
                                         std::string(in.ReadText(*value, key->text)));
    }
  }
  if (const YamlNode* context = row.Optional("max_context")) {
    ecp.choice.max_context = in.ReadSize(*context, "max_context");
  }
  ecp.choice.worker_id = row.OptionalText("worker_id");
  row.Done();
}

// Names of one file: they are not seen from another.
using Names = std::unordered_map<std::string_view, std::size_t>;

class CaseReader {
 public:
  CaseReader(YamlInput& in, YamlProblems& problems, Cases& cases)
      : in_(in), problems_(problems), cases_(cases) {}

  void Read(YamlMap& root) {
    if (const YamlNode* mcds = root.Optional("mcds")) ReadMcds(*mcds);
    if (const YamlNode* ecps = root.Optional("ecps")) ReadEcps(*ecps);
    if (const YamlNode* cases = root.Required("cases")) {
      for (const YamlNode* item : in_.Items(*cases, "cases")) ReadCase(*item);
    }
  }

 private:
  void ReadMcds(const YamlNode& node) {
    for (const auto& [key, value] : in_.Members(node, "mcds")) {
      mcds_.emplace(key->text, cases_.mcds.size());
      cases_.mcds.push_back({.name = std::string(key->text),
                             .mcd = ReadMcd(in_, *value),
                             .where = problems_.At(key->place())});
    }
  }

  void ReadEcps(const YamlNode& node) {
    for (const auto& [key, value] : in_.Members(node, "ecps")) {
      ecps_.emplace(key->text, cases_.ecps.size());
      CaseEcp ecp;
      ecp.name = key->text;
      ecp.where = problems_.At(key->place());
      ecp.whole = IsWholeEcp(in_, *value);
      if (ecp.whole) {
        ecp.ecp = ReadWholeEcp(in_, *value);
      } else {
        ReadEngineChoice(in_, *value, ecp);
      }
      cases_.ecps.push_back(std::move(ecp));
    }
  }

  void ReadCase(const YamlNode& node) {
    constexpr std::array<std::pair<Text, Text>, 2> kErrors = {
        {{"InvalidMcd", "InvalidMcd"}, {"InvalidEcp", "InvalidEcp"}}};
    YamlMap row(in_, node, "case");
    Case item;
    item.where = problems_.At(node.place());
    item.id = row.RequiredName("id");
    item.mcd = Find(row, "mcd", mcds_);
    item.ecp = Find(row, "ecp", ecps_);
    const YamlNode* fails = row.Optional("fails");
    if (fails != nullptr) item.fails = Strings(in_.ReadTexts(*fails, "fails"));
    item.warns = OptionalIds(row, "warns");
    item.skipped = OptionalIds(row, "skipped");
    item.advisories = OptionalIds(row, "advisories");
    const YamlNode* error = row.Optional("error");
    if (error != nullptr) item.error = row.Word(*error, "error", Words<Text>(kErrors), Text());
    item.source = row.OptionalText("source");
    if (fails == nullptr && error == nullptr) row.Missing("fails", "(or \"error\")");
    if (!item.fails.empty() && !item.error.empty()) {
      in_.Refuse(*fails, "yaml-unknown-key", "a case with an \"error\" has no failing rules");
    }
    row.Done();
    cases_.cases.push_back(std::move(item));
  }

  std::optional<std::vector<std::string>> OptionalIds(YamlMap& row, std::string_view key) {
    const YamlNode* node = row.Optional(key);
    if (node == nullptr) return std::nullopt;
    return Strings(in_.ReadTexts(*node, key));
  }

  std::size_t Find(YamlMap& row, std::string_view key, const Names& names) {
    const YamlNode* node = row.Required(key);
    if (node == nullptr) return 0;
    if (!in_.IsScalar(*node, key, "a name of this file")) return 0;
    const auto it = names.find(node->text);
    if (it != names.end()) return it->second;
    std::vector<std::string_view> candidates;
    for (const auto& [name, index] : names) candidates.push_back(name);
    std::sort(candidates.begin(), candidates.end());
    in_.Refuse(*node, "rules-unknown-name",
               "no " + std::string(key) + " " + Quoted(node->text) + " in this file",
               DidYouMean(node->text, candidates));
    return 0;
  }

  YamlInput& in_;
  YamlProblems& problems_;
  Cases& cases_;
  Names mcds_, ecps_;
};

void CheckIds(const Cases& cases, std::vector<Problem>& problems) {
  std::unordered_map<std::string_view, const Case*> seen;
  for (const Case& item : cases.cases) {
    const auto [it, added] = seen.try_emplace(item.id, &item);
    if (added || item.id.empty()) continue;
    Problem problem;
    problem.code = "rules-duplicate";
    problem.message = "case " + Quoted(item.id) + " is stated twice";
    problem.where = item.where;
    problem.notes.push_back({"first here", it->second->where});
    problems.push_back(std::move(problem));
  }
}

}  // namespace
}  // namespace internal

std::expected<Cases, Error> ReadCases(const std::vector<RuleFile>& files) {
  Cases cases;
  std::vector<Problem> list;
  for (const RuleFile& file : files) {
    internal::YamlProblems problems(file.name, &list);
    const internal::YamlDocument document = internal::ParseYaml(file.text, problems);
    if (document.root() == nullptr) continue;
    TextPool pool;
    internal::YamlInput in(document, file.text, 0, pool, problems);
    internal::YamlMap root(in, *document.root(), "file");
    if (!internal::ReadFileKind(root, internal::FileKind::kCases)) continue;
    internal::CaseReader(in, problems, cases).Read(root);
    root.Done();
  }
  internal::CheckIds(cases, list);
  if (!list.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidRules, std::move(list)));
  }
  return cases;
}

std::expected<Cases, Error> LoadCases(const std::vector<std::string>& directories) {
  std::vector<Problem> problems;
  std::vector<RuleFile> files;
  for (const std::string& directory : directories) {
    for (RuleFile& file :
         internal::ReadDirectory(directory, internal::DirectoryPart::kCases, problems)) {
      files.push_back(std::move(file));
    }
  }
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidRules, std::move(problems)));
  }
  return ReadCases(files);
}

}  // namespace cmatch
