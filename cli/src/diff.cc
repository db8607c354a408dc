// cmatch diff: which verdicts change between two rule sets. Exit 1 where one gets worse.

#include "cmatch/diff.h"

#include <CLI/CLI.hpp>
#include <unordered_set>

#include "cmatch/case_runner.h"
#include "cmatch/render_diff.h"
#include "cmatch/rules_io.h"
#include "context.h"
#include "dates.h"

namespace cmatch::cli {
namespace {

constexpr std::string_view kBuiltin = "builtin";

struct DiffVerb {
  std::string before, after, today;
  std::vector<std::string> allow;

  Exit Run(Context& run) const;
};

// One of the two sets: its rules, and the cases that come with it.
struct RulesAndCases {
  std::shared_ptr<const RuleSet> rules;
  Cases cases;
};

// "builtin", or directories joined by commas, on top of those beneath.
std::vector<std::string> DirectoriesOf(std::string_view text, std::vector<std::string> beneath) {
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    if (!item.empty() && item != kBuiltin) beneath.emplace_back(item);
  }
  return beneath;
}

std::expected<RulesAndCases, Error> Load(const std::string& text,
                                         const std::vector<std::string>& beneath) {
  const std::vector<std::string> directories = DirectoriesOf(text, beneath);
  RulesAndCases loaded;
  auto rules = directories.empty() ? LoadBuiltinRules() : LoadRules(directories);
  if (!rules) return std::unexpected(std::move(rules.error()));
  auto cases = LoadCases(directories);
  if (!cases) return std::unexpected(std::move(cases.error()));
  loaded.rules = *std::move(rules);
  loaded.cases = *std::move(cases);
  return loaded;
}

// Those that `cases` has and `known` has not, by id.
Cases Without(Cases cases, const Cases& known) {
  std::unordered_set<std::string_view> ids;
  for (const Case& one : known.cases) ids.insert(one.id);
  std::erase_if(cases.cases, [&](const Case& one) { return ids.contains(one.id); });
  return cases;
}

Exit DiffVerb::Run(Context& run) const {
  const std::vector<std::string>& beneath = run.globals().rules_given;
  const auto old_set = Load(before, beneath);
  const auto new_set = Load(after, beneath);
  if (!old_set || !new_set) {
    // Both may be bad: every problem is said once.
    std::vector<Problem> problems;
    for (const auto* set : {&old_set, &new_set}) {
      if (*set) continue;
      for (const Problem& problem : set->error().problems) {
        const auto same = [&](const Problem& other) {
          return other.where == problem.where && other.message == problem.message;
        };
        if (std::none_of(problems.begin(), problems.end(), same)) problems.push_back(problem);
      }
    }
    return run.Fail(MakeError(ErrorKind::kInvalidRules, std::move(problems)));
  }
  const DiffOptions options{.allow = allow, .today = today.empty() ? Today() : today};
  RuleSetDiff diff = Compare(*old_set->rules, *new_set->rules, options);
  // A case is judged as the new set words it; those that went, as the old one did.
  for (const Cases& cases : {new_set->cases, Without(old_set->cases, new_set->cases)}) {
    const auto old_verdicts = JudgeCases(old_set->rules, cases, options.today);
    const auto new_verdicts = JudgeCases(new_set->rules, cases, options.today);
    diff.case_count += cases.cases.size();
    for (CaseChange& change : CompareCases(old_verdicts, new_verdicts, options)) {
      diff.cases.push_back(std::move(change));
    }
  }
  if (run.json()) {
    Print(RenderJson(diff) + '\n');
  } else if (run.globals().format == "markdown") {
    Print(RenderMarkdown(diff));
  } else {
    const std::string text = RenderText(diff, run.out_text());
    Print(run.globals().quiet ? text.substr(0, text.find('\n') + 1) : text);
  }
  return diff.GetsWorse() ? Exit::kBad : Exit::kGood;
}

}  // namespace

Verb AddDiff(CLI::App& app) {
  auto verb = std::make_shared<DiffVerb>();
  const char* what = "Rule directory, several joined by commas, or \"builtin\"";
  app.add_option("OLD", verb->before, what)->required();
  app.add_option("NEW", verb->after, what)->required();
  app.add_option("--allow", verb->allow,
                 "Changes that may be worse, by target, with * (repeatable): "
                 "engines/vllm/supports/quant/bf16, rules/CMATCH-8131/*, cases/ID")
      ->allow_extra_args(false);
  app.add_option("--today", verb->today, "Day for waivers that expire, YYYY-MM-DD (today)")
      ->check(ValidateDate);
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
