#include "tables/table_files.h"

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_map>

#include "cmatch/kinds.h"
#include "tables/overlay.h"
#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

// An overlay file kept until everything below it is resolved.
struct PendingOverlay {
  std::string_view text;
  std::uint32_t file;
  std::unique_ptr<YamlProblems> problems;
  YamlDocument document;
  Overlay overlay;
};

void ReadRows(FileKind kind, YamlMap& root, Tables& tables, Overlay& overlay) {
  switch (kind) {
    case FileKind::kRules:
      return ReadRulesFile(root, tables);
    case FileKind::kKinds:
      return ReadKindsFile(root, tables);
    case FileKind::kArchitectures:
      return ReadArchitecturesFile(root, tables);
    case FileKind::kGpus:
      return ReadGpusFile(root, tables);
    case FileKind::kEngine:
      return ReadEngineFile(root, tables);
    case FileKind::kAdvisories:
      return ReadAdvisoriesFile(root, tables);
    case FileKind::kOverlay:
      overlay = ReadOverlayFile(root, tables);
      return;
    case FileKind::kCases:
    case FileKind::kConfig:
      return;
  }
}

void Add(FileKind kind, const YamlProblems& problems, Damage& damage) {
  if (problems.count() == 0) return;
  damage.lost = damage.lost || problems.full();
  damage.kinds.push_back(kind);
  damage.rows.insert(damage.rows.end(), problems.broken().begin(), problems.broken().end());
}

void AddFile(const RuleFile& file, Tables& tables, std::vector<Problem>& list,
             std::vector<PendingOverlay>& overlays, Damage& damage) {
  auto problems = std::make_unique<YamlProblems>(file.name, &list);
  if (file.text.size() > kYamlLimits.bytes) {
    ParseYaml(file.text, *problems);  // refuses it; nothing of it need be kept
    damage.lost = true;
    return;
  }
  // Texts of the tables are views into the file's own text.
  const std::string_view text = tables.pool.Intern(file.text);
  YamlDocument document = ParseYaml(text, *problems);
  damage.lost = damage.lost || (document.root() == nullptr && problems->count() != 0);
  if (document.root() == nullptr) return;

  const auto index = static_cast<std::uint32_t>(tables.files.size());
  tables.files.push_back(tables.pool.Intern(file.name));
  YamlInput in(document, text, index, tables.pool, *problems);
  YamlMap root(in, *document.root(), "file");
  const std::optional<FileKind> kind = ReadFileKind(root);
  damage.lost = damage.lost || !kind;
  if (!kind || *kind == FileKind::kCases || *kind == FileKind::kConfig) return;
  Overlay overlay;
  ReadRows(*kind, root, tables, overlay);
  root.Done();
  if (*kind == FileKind::kOverlay) {
    overlays.push_back({text, index, std::move(problems), std::move(document), overlay});
  } else {
    Add(*kind, *problems, damage);
  }
}

// Finds the second of two equal names. Keys are views or joined texts; `what` is for the message.
class Once {
 public:
  Once(const Tables& tables, std::vector<Problem>& problems)
      : tables_(tables), problems_(problems) {}

  void Add(std::string key, Text name, std::string_view what, Origin origin) {
    if (name.empty()) return;
    const auto [it, added] = seen_.try_emplace(std::move(key), origin);
    if (added) return;
    Problem problem;
    problem.code = "rules-duplicate";
    problem.message = std::string(what) + " " + Quoted(name) + " is stated twice";
    problem.where = tables_.Locate(origin);
    problem.notes.push_back({"first here", tables_.Locate(it->second)});
    problem.help = "remove one of the two; a change to a lower layer is an overlay";
    problems_.push_back(std::move(problem));
  }

 private:
  const Tables& tables_;
  std::vector<Problem>& problems_;
  std::unordered_map<std::string, Origin> seen_;
};

// A key of parts that cannot run into each other: no name has a control character.
std::string Key(char group, std::string_view a, std::string_view b = {}) {
  std::string key(1, group);
  key += a;
  key += '\x1F';
  key += b;
  return key;
}

}  // namespace

std::optional<FileKind> ReadFileKind(YamlMap& root) {
  const YamlNode* value = root.Required("kind");
  if (value == nullptr) return std::nullopt;
  YamlInput& in = root.in();
  const YamlNode* first = in.document().First(root.node());
  if (first != nullptr && first->text != "kind") {
    in.Refuse(*first, "yaml-kind-not-first",
              "the first key must be \"kind\", is " + Quoted(first->text));
  }
  std::vector<std::string_view> names;
  for (const auto& row : kFileKinds) names.push_back(row.second);
  const std::optional<std::size_t> found = in.ReadWord(*value, "kind", names);
  if (!found) return std::nullopt;
  return kFileKinds[*found].first;
}

bool ReadFileKind(YamlMap& root, FileKind wanted) {
  const std::optional<FileKind> kind = ReadFileKind(root);
  if (!kind) return false;
  if (*kind == wanted) return true;
  const auto row = std::find_if(kFileKinds.begin(), kFileKinds.end(),
                                [&](const auto& candidate) { return candidate.first == wanted; });
  root.in().Refuse(root.node(), "yaml-wrong-kind",
                   "a file of another kind; here it must be " + std::string(row->second));
  return false;
}

void CheckStatedOnce(const Tables& tables, std::vector<Problem>& problems) {
  Once once(tables, problems);
  for (const Field& row : tables.fields)
    once.Add(Key('f', row.name), row.name, "field", row.origin);
  for (const Rule& row : tables.rules) once.Add(Key('r', row.id), row.id, "rule", row.origin);
  for (const KindName& row : tables.kinds) {
    once.Add(Key('k', row.dimension, row.name), row.name, "kind", row.origin);
  }
  for (const KindAlias& row : tables.aliases) {
    once.Add(Key('a', row.dimension, row.alias), row.alias, "alias", row.origin);
  }
  for (const FileType& row : tables.file_types) {
    once.Add(Key('t', row.name), row.name, "file type", row.origin);
    once.Add(Key('u', std::to_string(row.id)), row.name, "the id of file type", row.origin);
  }
  for (const TensorType& row : tables.tensor_types) {
    once.Add(Key('v', row.name), row.name, "tensor type", row.origin);
    once.Add(Key('w', std::to_string(row.id)), row.name, "the id of tensor type", row.origin);
  }
  for (const Architecture& row : tables.architectures) {
    once.Add(Key('c', row.name, row.hf ? "hf" : ""), row.name,
             row.hf ? "model type" : "architecture", row.origin);
  }
  for (const Gpu& row : tables.gpus) {
    once.Add(Key('g', FoldKind(row.name)), row.name, "GPU", row.origin);
  }
}

namespace {

// A waiver for a rule that is not there waives nothing, and nobody would notice.
void CheckWaivers(const Tables& tables, std::vector<Problem>& problems) {
  std::vector<std::string_view> ids;
  for (const Rule& rule : tables.rules) ids.push_back(rule.id);
  for (const Advisory& advisory : tables.advisories) ids.push_back(advisory.id);
  for (const Waiver& waiver : tables.waivers) {
    if (std::find(ids.begin(), ids.end(), waiver.rule) != ids.end()) continue;
    if (waiver.rule.empty()) continue;  // said already
    Problem problem;
    problem.code = "rules-unknown-target";
    problem.message = "no rule or advisory " + Quoted(waiver.rule) + " to waive";
    problem.where = tables.Locate(waiver.origin);
    problem.help = DidYouMean(waiver.rule, ids);
    problems.push_back(std::move(problem));
  }
}

}  // namespace

Damage AddFiles(const std::vector<RuleFile>& files, Tables& tables,
                std::vector<Problem>& problems) {
  Damage damage;
  damage.lost = !problems.empty();
  std::vector<PendingOverlay> overlays;
  for (const RuleFile& file : files) AddFile(file, tables, problems, overlays, damage);
  CheckStatedOnce(tables, problems);
  for (PendingOverlay& pending : overlays) {
    YamlInput in(pending.document, pending.text, pending.file, tables.pool, *pending.problems);
    ApplyOverlay(in, pending.overlay, tables);
    Add(FileKind::kOverlay, *pending.problems, damage);
  }
  CheckWaivers(tables, problems);
  // What is to be changed or waived may be in a file that could not be read.
  if (damage.lost) {
    std::erase_if(problems, [](const Problem& p) { return p.code == "rules-unknown-target"; });
  }
  return damage;
}

}  // namespace cmatch::internal

namespace cmatch {

std::expected<Tables, Error> ReadTables(const std::vector<RuleFile>& files) {
  Tables tables;
  std::vector<Problem> problems;
  internal::AddFiles(files, tables, problems);
  if (!problems.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidRules, std::move(problems)));
  }
  return tables;
}

}  // namespace cmatch
