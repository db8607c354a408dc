#include "yaml/yaml_reader.h"

#include <algorithm>
#include <charconv>

#include "cmatch/kinds.h"
#include "tables/one_edit.h"

namespace cmatch::internal {
namespace {

// The whole of `text` as a decimal integer; no sign "+", no octal, no blanks.
std::optional<std::int64_t> ParseDecimal(std::string_view text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  // 012 is 10 to other readers of YAML.
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  if (text.size() > sign + 1 && text[sign] == '0') return std::nullopt;
  return value;
}

std::optional<std::int64_t> ParseSize(std::string_view text) {
  constexpr std::string_view kUnits = "KMGT";
  int shift = 0;
  const bool bytes = text.ends_with("iB");
  if (bytes || text.ends_with('i')) {
    std::string_view number = text.substr(0, text.size() - (bytes ? 2 : 1));
    if (number.empty()) return std::nullopt;
    const std::size_t unit = kUnits.find(number.back());
    if (unit == std::string_view::npos) return std::nullopt;
    shift = 10 * (static_cast<int>(unit) + 1);
    text = number.substr(0, number.size() - 1);
  }
  const std::optional<std::int64_t> value = ParseDecimal(text);
  if (!value || *value < 0) return std::nullopt;
  if (*value > (std::numeric_limits<std::int64_t>::max() >> shift)) return std::nullopt;
  return *value << shift;
}

}  // namespace

std::string_view ShapeOf(const YamlNode& node) {
  switch (node.kind) {
    case YamlKind::kScalar:
      return node.text.empty() ? "empty" : "a single value";
    case YamlKind::kSequence:
      return "a list";
    case YamlKind::kMapping:
      return "a mapping";
    case YamlKind::kNull:
    case YamlKind::kRefused:
      break;
  }
  return "empty";
}

std::string Joined(const std::vector<std::string_view>& names) {
  std::string out;
  for (const std::string_view name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

std::string DidYouMean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string_view near = Nearest(word, candidates);
  if (near.empty()) return {};
  // Where another is as near, it is named too: only the user knows.
  for (const std::string_view other : candidates) {
    if (other == near || !OneEdit(word, near) || !OneEdit(word, other)) continue;
    return "did you mean " + Quoted(near) + " or " + Quoted(other) + "?";
  }
  return "did you mean " + Quoted(near) + "?";
}

Problem* YamlInput::Refuse(const YamlNode& node, std::string_view code, std::string message,
                           std::string help) {
  ++refusals_;
  if (node.kind == YamlKind::kRefused) return nullptr;
  return problems_.Add(node.place(), code, std::move(message), std::move(help));
}

Text YamlInput::Keep(std::string_view text) {
  return YamlDocument::Inside(text_, text) ? text : pool_.Intern(text);
}

Text YamlInput::KeepKind(std::string_view text) {
  const bool canonical = std::none_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
  return canonical ? Keep(text) : pool_.Intern(FoldKind(text));
}

Text YamlInput::ReadName(const YamlNode& node, std::string_view what) {
  if (!IsScalar(node, what, "a name")) return {};
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '+';
  };
  if (std::all_of(node.text.begin(), node.text.end(), is_part) && node.text[0] != '-') {
    return Keep(node.text);
  }
  Refuse(node, "yaml-bad-name", Quoted(node.text) + " cannot be a name",
         "names are letters, digits, '_', '-', '.' and '+'");
  return {};
}

Text YamlInput::ReadKind(const YamlNode& node, std::string_view what) {
  return KeepKind(ReadName(node, what));
}

bool YamlInput::IsScalar(const YamlNode& node, std::string_view what, std::string_view expected) {
  if (node.kind == YamlKind::kScalar && !node.text.empty()) return true;
  Refuse(node, "yaml-wrong-type",
         Quoted(what) + " must be " + std::string(expected) + ", is " + std::string(ShapeOf(node)));
  return false;
}

Text YamlInput::ReadText(const YamlNode& node, std::string_view what) {
  return IsScalar(node, what, "a text") ? Keep(node.text) : Text();
}

std::optional<std::int64_t> YamlInput::ReadInteger(const YamlNode& node, std::string_view what,
                                                   std::int64_t least, std::int64_t most) {
  if (!IsScalar(node, what, "an integer")) return std::nullopt;
  const std::optional<std::int64_t> value = ParseDecimal(node.text);
  if (!value || node.quoted) {
    Refuse(node, "yaml-wrong-type", Quoted(what) + " must be an integer, is " + Quoted(node.text),
           "write decimal digits, without quotes, '_' or a leading zero");
    return std::nullopt;
  }
  if (*value >= least && *value <= most) return value;
  std::string range = "at least " + std::to_string(least);
  if (most != std::numeric_limits<std::int64_t>::max()) {
    range = "from " + std::to_string(least) + " to " + std::to_string(most);
  }
  Refuse(node, "yaml-out-of-range",
         Quoted(what) + " must be " + range + ", is " + std::string(node.text));
  return std::nullopt;
}

std::optional<std::int64_t> YamlInput::ReadSize(const YamlNode& node, std::string_view what) {
  if (!IsScalar(node, what, "a size")) return std::nullopt;
  const std::optional<std::int64_t> value = ParseSize(node.text);
  if (value && *value > 0) return value;
  Refuse(node, "yaml-wrong-type", Quoted(what) + " must be a size > 0, is " + Quoted(node.text),
         "write 131072, 16Ki or 24GiB (units Ki, Mi, Gi, Ti, with or without B)");
  return std::nullopt;
}

std::optional<bool> YamlInput::ReadFlag(const YamlNode& node, std::string_view what) {
  if (!IsScalar(node, what, "true or false")) return std::nullopt;
  if (!node.quoted && node.text == "true") return true;
  if (!node.quoted && node.text == "false") return false;
  Refuse(node, "yaml-wrong-type", Quoted(what) + " must be true or false, is " + Quoted(node.text));
  return std::nullopt;
}

std::optional<ComputeRange> YamlInput::ReadCompute(const YamlNode& node, std::string_view what) {
  if (!IsScalar(node, what, "a compute capability")) return std::nullopt;
  if (!node.quoted) {
    Refuse(node, "yaml-unquoted-compute",
           "a compute capability needs quotes: " + std::string(node.text) +
               " reads as a number, and 8.10 as a number is 8.1",
           "write \"" + std::string(node.text) + "\"");
    return std::nullopt;
  }
  std::optional<ComputeRange> range = ParseComputeRange(node.text);
  if (!range) {
    Refuse(node, "yaml-bad-compute", Quoted(node.text) + " is not a compute capability",
           "write \"8.9\", or \"8.0..9.0\" for a range with both ends, the lower one first");
  }
  return range;
}

VersionRange YamlInput::ReadVersions(const YamlNode& node, Versioning versioning) {
  if (!IsScalar(node, "versions", "a range of releases")) return {};
  std::optional<VersionRange> range = ParseVersionRange(versioning, Keep(node.text));
  if (range) return *std::move(range);
  const bool build = versioning == Versioning::kBuild;
  Refuse(node, "yaml-bad-versions", Quoted(node.text) + " is not a range of releases",
         std::string("write comparators (>= > <= < ==) joined by spaces, as \"") +
             (build ? ">=b4747 <b5000" : ">=0.8.0 <0.11.0") + "\"");
  return {};
}

std::optional<std::size_t> YamlInput::ReadWord(const YamlNode& node, std::string_view what,
                                               const std::vector<std::string_view>& names) {
  if (!IsScalar(node, what, "one of " + Joined(names))) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), node.text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  Refuse(node, "yaml-unknown-word",
         Quoted(what) + " must be one of " + Joined(names) + "; is " + Quoted(node.text),
         DidYouMean(node.text, names));
  return std::nullopt;
}

std::vector<const YamlNode*> YamlInput::Items(const YamlNode& node, std::string_view what) {
  std::vector<const YamlNode*> items;
  if (node.kind != YamlKind::kSequence) {
    Refuse(node, "yaml-wrong-type",
           Quoted(what) + " must be a list, is " + std::string(ShapeOf(node)),
           node.kind == YamlKind::kScalar
               ? "write it in brackets: [" + std::string(node.text.substr(0, 40)) + "]"
               : "");
    return items;
  }
  items.reserve(node.count);
  for (const YamlNode* item = document_.First(node); item != nullptr;
       item = document_.Next(*item)) {
    items.push_back(item);
  }
  return items;
}

std::vector<YamlInput::Member> YamlInput::Members(const YamlNode& node, std::string_view what) {
  std::vector<Member> members;
  if (node.kind != YamlKind::kMapping) {
    Refuse(node, "yaml-wrong-type",
           Quoted(what) + " must be a mapping of names, is " + std::string(ShapeOf(node)));
    return members;
  }
  members.reserve(node.count / 2);
  const YamlNode* key = document_.First(node);
  while (key != nullptr) {
    const YamlNode* value = document_.Next(*key);
    if (value == nullptr) break;
    if (IsScalar(*key, what, "a mapping of names")) members.emplace_back(key, value);
    key = document_.Next(*value);
  }
  return members;
}

std::vector<Text> YamlInput::ReadTexts(const YamlNode& node, std::string_view what) {
  std::vector<Text> texts;
  for (const YamlNode* item : Items(node, what)) {
    const Text text = ReadText(*item, what);
    if (!text.empty()) texts.push_back(text);
  }
  return texts;
}

std::vector<ComputeRange> YamlInput::ReadComputes(const YamlNode& node) {
  std::vector<ComputeRange> ranges;
  const std::vector<const YamlNode*> items = Items(node, "compute");
  if (items.empty() && node.kind == YamlKind::kSequence) {
    Refuse(node, "yaml-empty-list", "\"compute\" lists no capability",
           "leave the key out where the row holds for every capability");
  }
  ranges.reserve(items.size());
  for (const YamlNode* item : items) {
    if (const std::optional<ComputeRange> range = ReadCompute(*item, "compute")) {
      ranges.push_back(*range);
    }
  }
  return ranges;
}

}  // namespace cmatch::internal
