// Several things wrong in one set of files: each is said, in one run, and nothing that only follows
// from another is.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/rules.h"
#include "tables/table_files.h"

namespace cmatch {
namespace {

using testing::kTableRules;
using testing::kToyYaml;
using testing::ToyFiles;

struct Change {
  const char* file;  // the end of its name
  const char* from;
  const char* to;
};

std::string Codes(const std::vector<Change>& changes) {
  std::vector<RuleFile> files = ToyFiles(kTableRules);
  for (const Change& change : changes) {
    bool found = false;
    for (RuleFile& file : files) {
      if (!file.name.ends_with(change.file)) continue;
      const std::size_t at = file.text.find(change.from);
      REQUIRE(at != std::string::npos);
      file.text.replace(at, std::string_view(change.from).size(), change.to);
      found = true;
    }
    REQUIRE(found);
  }
  Tables tables;
  std::vector<Problem> problems;
  const internal::Damage damage = internal::AddFiles(files, tables, problems);
  const auto rules = internal::FinishRules(std::move(tables), damage, problems);
  CHECK((rules == nullptr) == !problems.empty());
  std::string codes;
  for (const Problem& problem : problems) codes += (codes.empty() ? "" : " ") + problem.code;
  return codes;
}

TEST_CASE("yaml: what is wrong in files that are wrong already") {
  const Change wrong_word = {"toy.yaml", "level: native, source: \"floor 1\"",
                             "level: nativ, source: \"floor 1\""};
  const Change unknown_field = {"validation.yaml", "value: mcd.positional, in",
                                "value: mcd.positonal, in"};
  const Change overlap = {"toy.yaml", "compute: [\"8.0..8.7\"], versions: \">=2.0\"",
                          "compute: [\"8.0..8.9\"], versions: \">=2.0\""};
  const struct {
    const char* name;
    std::vector<Change> changes;
    const char* want;
  } cases[] = {
      {"nothing", {}, ""},
      {"one that the reader sees", {wrong_word}, "yaml-unknown-word"},
      {"one that the whole set shows", {unknown_field}, "rules-unknown-field"},
      {"both, in two files", {wrong_word, unknown_field}, "yaml-unknown-word rules-unknown-field"},
      {"both, in one file", {wrong_word, overlap}, "yaml-unknown-word rules-overlap"},
      {"a word and a field of one rule",
       {{"validation.yaml", "id: POS, name: p, severity: error",
         "id: POS, name: p, severity: eror"},
        unknown_field},
       "yaml-unknown-word rules-unknown-field"},
      {"a relation and the field beside it",
       {{"validation.yaml", "value: mcd.positional, in: ecp", "value: mcd.positonal, inn: ecp"}},
       "rules-unknown-field yaml-unknown-relation"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(Codes(c.changes) == c.want);
  }
}

TEST_CASE("yaml: what follows from something wrong is not said again") {
  const struct {
    const char* name;
    std::vector<Change> changes;
    const char* want;
  } cases[] = {
      {"a row without its capabilities would overlap the next",
       {{"toy.yaml", "compute: [\"8.9..9.0\"], level: native, source: \"fp8 rows\"",
         "compute: 8, level: native, source: \"fp8 rows\""}},
       "yaml-wrong-type"},
      {"a window that is not read leaves the default release outside",
       {{"toy.yaml", "versions: \">=1.0 <3.0\"", "versions: \"1.0 to 3.0\""}},
       "yaml-bad-versions"},
      {"a build that is not read is no default",
       {{"toy.yaml", "  new: {versions: \">=2.0\", cuda: \"13.0\"",
         "  new: {versions: \">=2.0\", cuda: 13"}},
       "yaml-wrong-type"},
      {"a field of an unknown type, and the rules that read it",
       {{"validation.yaml", "mcd.positional: {type: kind,", "mcd.positional: {type: kynd,"}},
       "yaml-unknown-word yaml-unknown-key"},
      {"a field of an unknown dimension, and the rules that read it",
       {{"validation.yaml", "of: positional", "of: positionel"}},
       "rules-unknown-dimension"},
      {"a file that cannot be read, and all that it states",
       {{"kinds.yaml", "kind: cmatch.kinds/v1", "kind: cmatch.kindz/v1"}},
       "yaml-unknown-word"},
      {"a relation that is none has no type to be wrong",
       {{"validation.yaml", "value: ecp.compute, in: ecp.floor",
         "value: ecp.compute, inn: ecp.floor"}},
       "yaml-unknown-relation"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(Codes(c.changes) == c.want);
  }
}

TEST_CASE("yaml: problems stand in the order of the lines") {
  std::vector<RuleFile> files = ToyFiles(kTableRules);
  files.push_back({"o.yaml",
                   "kind: cmatch.overlay/v1\nlayer: s\nreason: r\nowner: o\nset:\n"
                   "  - {target: rules/NONE/severity, value: off}\n"
                   "  - {targt: rules/QUANT/severity, value: off}\n"
                   "  - {target: rules/QUANT/severity, value: of}\n"});
  Tables tables;
  std::vector<Problem> problems;
  const internal::Damage damage = internal::AddFiles(files, tables, problems);
  CHECK(internal::FinishRules(std::move(tables), damage, problems) == nullptr);
  std::string lines;
  for (const Problem& problem : problems) lines += " " + std::to_string(problem.where.line);
  CHECK(lines == " 6 7 7 8");
}

}  // namespace
}  // namespace cmatch
