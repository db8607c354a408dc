// A reload is all or nothing, the regression cases of the directories included.

#include <doctest/doctest.h>

#include <string>

#include "cmatch/check.h"
#include "cmatch/rule_store.h"
#include "support/files.h"

namespace cmatch {
namespace {

std::string CaseThatFails(const std::string& rules) {
  return "kind: cmatch.cases/v1\n"
         "mcds:\n"
         "  m: {model_id: m, positional: rope_neox, attention: gqa, quant: [q4_0],"
         " context_max: 8192, vocab_size: 32000}\n"
         "ecps:\n"
         "  w: {worker_id: w, supports_positional: [rope_llama], supports_attention: [gqa],"
         " supports_quant: [q4_0], max_context: 8192, vram_bytes: 24000000000}\n"
         "cases:\n"
         "  - {id: one, mcd: m, ecp: w, fails: " +
         rules + ", source: \"test\"}\n";
}

TEST_CASE("c: a case that fails keeps the rules in use, and is named with its place") {
  const testing::TempDir directory;
  const std::string path = directory.path().string();
  RuleStore store;
  directory.Write("cases/site.yaml", CaseThatFails("[CMATCH-8030.1]"));
  const auto first = store.Load({path});
  REQUIRE(first.has_value());
  CHECK(first->generation == 1);

  const std::string file = directory.Write("cases/site.yaml", CaseThatFails("[]"));
  const auto refused = store.Reload();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::kInvalidRules);
  REQUIRE(refused.error().problems.size() == 1);
  CHECK(refused.error().problems[0].code == "rules-case-failed");
  CHECK(refused.error().problems[0].where.file == file);
  CHECK(refused.error().problems[0].where.line == 7);
  CHECK(store.current().rules == first->rules);
  CHECK(store.current().generation == 1);

  // The rule becomes a warning: the case is right again, the earlier one would be wrong.
  directory.Write("site.yaml",
                  "kind: cmatch.overlay/v1\nlayer: site\nreason: test\nowner: ops\nset:\n"
                  "  - target: rules/CMATCH-8030.1/severity\n    value: warning\n");
  const auto second = store.Reload();
  REQUIRE(second.has_value());
  CHECK(second->generation == 2);
  CHECK(second->rules->digest() != first->rules->digest());
}

TEST_CASE("c: what throws before the swap leaves the rules in use") {
  RuleStore store;
  REQUIRE(store.Load({}).has_value());
  const auto before = store.current();
  CHECK_THROWS(store.Reload([](const RuleStore::Snapshot& next) {
    CHECK(next.generation == 2);
    throw 1;
  }));
  CHECK(store.current().rules == before.rules);
  CHECK(store.current().generation == 1);
  CHECK(store.Reload().has_value());  // no lock is left behind
}

TEST_CASE("c: a directory that is not there is an error, not the built-in set") {
  RuleStore store;
  CHECK_FALSE(store.Load({"/nonexistent/rules"}).has_value());
  CHECK(store.current().rules == nullptr);
}

}  // namespace
}  // namespace cmatch
