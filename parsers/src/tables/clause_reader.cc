#include <algorithm>

#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

constexpr int kMostDepth = 3;  // of `all`, `any`, `not` in each other

constexpr std::array<std::pair<Clause::Form, Text>, 3> kForms = {
    {{Clause::Form::kAll, "all"}, {Clause::Form::kAny, "any"}, {Clause::Form::kNot, "not"}}};

constexpr std::array<std::pair<Clause::Subject, Text>, 4> kSubjects = {
    {{Clause::Subject::kValue, "value"},
     {Clause::Subject::kLeastOf, "least_of"},
     {Clause::Subject::kAnyOf, "any_of"},
     {Clause::Subject::kEachOf, "each_of"}}};

constexpr Text kSomePath = "some_path";

template <typename T, std::size_t N>
const std::pair<T, Text>* FindWord(const std::array<std::pair<T, Text>, N>& words, Text word) {
  const auto it =
      std::find_if(words.begin(), words.end(), [&](const auto& row) { return row.second == word; });
  return it == words.end() ? nullptr : &*it;
}

bool IsField(std::string_view text) { return text.starts_with("mcd.") || text.starts_with("ecp."); }

class ClauseReader {
 public:
  explicit ClauseReader(YamlInput& in) : in_(in) {}

  Clause Read(const YamlNode& node, int depth) {
    Clause clause;
    clause.origin = in_.At(node);
    const std::size_t refusals = in_.refusals();
    const YamlNode* subject = nullptr;
    const YamlNode* relation = nullptr;
    const YamlNode* form = nullptr;
    bool misspelt = false;
    for (const auto& [key, value] : in_.Members(node, "clause")) {
      if (const auto* word = FindWord(kForms, key->text)) {
        clause.form = word->first;
        ReadCombined(*value, depth, clause);
        SetOnce(form, *key);
      } else if (key->text == kSomePath) {
        clause.form = Clause::Form::kSomePath;
        clause.fields = {in_.ReadText(*value, kSomePath)};
        SetOnce(form, *key);
      } else if (const auto* named = FindWord(kSubjects, key->text)) {
        clause.subject = named->first;
        ReadSubject(*value, clause);
        SetOnce(subject, *key);
      } else if (const auto* row = FindWord(kRelations, key->text)) {
        clause.relation = row->first;
        ReadRight(*value, *row, clause);
        SetOnce(relation, *key);
      } else {
        RefuseKey(*key);
        misspelt = true;
      }
    }
    if (node.kind == YamlKind::kMapping && !misspelt) CheckParts(node, form, subject, relation);
    if (form == nullptr && relation != nullptr) CheckComputeLiteral(node, clause);
    if (in_.refusals() != refusals) {
      in_.MarkBroken(node, "clause");
      if (clause.form == Clause::Form::kTest) KeepFields(clause);
    }
    return clause;
  }

 private:
  // Of a test that is wrong only its fields are looked at further.
  static void KeepFields(Clause& clause) {
    clause.relation = Relation::kKnown;
    clause.right = {Text("true")};
    clause.right_is_field = clause.right_is_list = false;
    std::erase(clause.fields, "ecp.images");  // goes with one relation only
  }

  void SetOnce(const YamlNode*& slot, const YamlNode& key) {
    if (slot != nullptr) {
      in_.Refuse(key, "yaml-bad-clause",
                 "a clause cannot have both " + Quoted(slot->text) + " and " + Quoted(key.text),
                 "join two clauses with {all: [..., ...]}");
    }
    slot = &key;
  }

  void RefuseKey(const YamlNode& key) {
    std::vector<std::string_view> names;
    for (const auto& row : kForms) names.push_back(row.second);
    for (const auto& row : kSubjects) names.push_back(row.second);
    for (const auto& row : kRelations) names.push_back(row.second);
    names.push_back(kSomePath);
    std::string help = DidYouMean(key.text, names);
    if (help.empty()) {
      help =
          "a clause is a subject (value, least_of, any_of, each_of) and a relation (in, eq, lt, "
          "le, "
          "gt, ge, multiple_of, known, runs_on), or all, any, not, some_path";
    }
    in_.Refuse(key, "yaml-unknown-relation", "unknown relation or subject " + Quoted(key.text),
               std::move(help));
  }

  void CheckParts(const YamlNode& node, const YamlNode* form, const YamlNode* subject,
                  const YamlNode* relation) {
    if (form != nullptr) {
      const YamlNode* extra = subject != nullptr ? subject : relation;
      if (extra != nullptr) {
        in_.Refuse(
            *extra, "yaml-bad-clause",
            Quoted(form->text) + " stands alone in its clause, without " + Quoted(extra->text));
      }
      return;
    }
    if (subject == nullptr) {
      in_.Refuse(node, "yaml-missing-key",
                 "a clause needs a subject: value, least_of, any_of or each_of");
    }
    if (relation == nullptr) {
      in_.Refuse(
          node, "yaml-missing-key",
          "a clause needs a relation: in, eq, lt, le, gt, ge, multiple_of, known or runs_on");
    }
  }

  void ReadCombined(const YamlNode& value, int depth, Clause& clause) {
    if (depth >= kMostDepth) {
      in_.Refuse(value, "yaml-clause-too-deep",
                 "all, any and not may be nested " + std::to_string(kMostDepth) + " deep",
                 "split the rule in two");
      return;
    }
    if (clause.form == Clause::Form::kNot) {
      clause.children.push_back(Read(value, depth + 1));
      return;
    }
    const Text what = clause.form == Clause::Form::kAll ? "all" : "any";
    const std::vector<const YamlNode*> items = in_.Items(value, what);
    if (items.empty() && value.kind == YamlKind::kSequence) {
      in_.Refuse(value, "yaml-empty-list", Quoted(what) + " lists no clause");
    }
    clause.children.reserve(items.size());
    for (const YamlNode* item : items) clause.children.push_back(Read(*item, depth + 1));
  }

  void ReadSubject(const YamlNode& value, Clause& clause) {
    if (clause.subject != Clause::Subject::kLeastOf) {
      const Text field = in_.ReadText(value, "subject");
      if (!field.empty()) clause.fields = {field};
      return;
    }
    clause.fields = in_.ReadTexts(value, "least_of");
    if (clause.fields.empty() && value.kind == YamlKind::kSequence) {
      in_.Refuse(value, "yaml-empty-list", "\"least_of\" lists no field");
    }
  }

  void ReadRight(const YamlNode& value, const std::pair<Relation, Text>& row, Clause& clause) {
    clause.right_origin = in_.At(value);
    right_ = &value;
    if (row.first == Relation::kKnown) {
      if (const std::optional<bool> known = in_.ReadFlag(value, row.second)) {
        clause.right = {*known ? Text("true") : Text("false")};
      }
      return;
    }
    if (value.kind == YamlKind::kSequence) {
      clause.right_is_list = true;
      clause.right = in_.ReadTexts(value, row.second);
      clause.right_is_field = !clause.right.empty() && IsField(clause.right[0]);
      for (const Text item : clause.right) {
        if (IsField(item) == clause.right_is_field) continue;
        in_.Refuse(value, "yaml-bad-clause",
                   Quoted(row.second) + " lists fields and values together",
                   "list one or the other");
        break;
      }
      if (value.count == 0) {
        in_.Refuse(value, "yaml-empty-list", Quoted(row.second) + " lists nothing");
      }
      return;
    }
    const Text right = in_.ReadText(value, row.second);
    if (right.empty()) return;
    clause.right = {right};
    clause.right_is_field = IsField(right);
  }

  // Types are known only when all files are read, but a capability must be quoted here.
  void CheckComputeLiteral(const YamlNode& node, const Clause& clause) {
    if (clause.right_is_field || right_ == nullptr || clause.relation == Relation::kKnown) return;
    if (clause.fields.size() != 1 || clause.fields[0] != "ecp.compute") return;
    if (node.kind != YamlKind::kMapping) return;
    if (!clause.right_is_list) {
      in_.ReadCompute(*right_, "compute");
      return;
    }
    for (const YamlNode* item : in_.Items(*right_, "compute")) in_.ReadCompute(*item, "compute");
  }

  YamlInput& in_;
  const YamlNode* right_ = nullptr;  // of the clause being read
};

}  // namespace

Clause ReadClause(YamlInput& in, const YamlNode& node) { return ClauseReader(in).Read(node, 0); }

}  // namespace cmatch::internal
