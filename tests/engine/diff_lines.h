#ifndef CMATCH_TESTS_ENGINE_DIFF_LINES_H_
#define CMATCH_TESTS_ENGINE_DIFF_LINES_H_

// Rule sets that differ from the toy's in one thing, and what changed as text.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/diff.h"
#include "engine/toy.h"

namespace cmatch::testing {

// The toy engine with one part written otherwise.
inline std::shared_ptr<const RuleSet> Changed(std::string_view from, std::string_view to) {
  std::string engine(kToyYaml);
  const std::size_t at = engine.find(from);
  REQUIRE(at != std::string::npos);
  engine.replace(at, from.size(), to);
  return MakeRules(ToyFiles(kTableRules, engine));
}

inline std::shared_ptr<const RuleSet> WithOverlay(const std::string& body,
                                                  std::string_view rules = kTableRules) {
  std::vector<RuleFile> files = ToyFiles(rules);
  files.push_back(
      {"o.yaml", "kind: cmatch.overlay/v1\nlayer: site\nreason: \"OPS-1\"\nowner: ops\n" + body});
  return MakeRules(files);
}

// "effect cells subject names on compute, versions: from -> to", a line each.
inline std::string Lines(const std::vector<GridChange>& grid) {
  std::string text;
  for (const GridChange& c : grid) {
    if (!text.empty()) text += '\n';
    text += std::string(ToString(c.effect)) + (c.allowed ? " allowed " : " ") +
            std::to_string(c.cells) + " " + c.subject;
    for (const std::string& name : c.names) text += " " + name;
    text += " [" + c.compute + "] [" + c.versions + "] " + c.from + " -> " + c.to;
  }
  return text;
}

inline std::string Lines(const std::vector<TableChange>& tables) {
  std::string text;
  for (const TableChange& c : tables) {
    if (!text.empty()) text += '\n';
    text += std::string(ToString(c.effect)) + " " + c.target + ": " + c.from + " -> " + c.to;
  }
  return text;
}

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_ENGINE_DIFF_LINES_H_
