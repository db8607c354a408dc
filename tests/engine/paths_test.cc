// Kernel paths: the engine's order of choice.

#include <doctest/doctest.h>

#include "engine/toy.h"

namespace cmatch {
namespace {

using testing::Attributes;
using testing::Built;
using testing::Find;
using testing::I;
using testing::Ids;
using testing::Judged;
using testing::kTableRules;
using testing::kToyYaml;
using testing::MakeRules;
using testing::Model;
using testing::Start;
using testing::Toy;
using testing::ToyFiles;

TEST_CASE("CMATCH-8136 paths: the first that accepts decides") {
  const struct {
    Attributes mcd;
    Start worker;
    const char* want;  // of PATH
    const char* says;  // in the message or reason
  } cases[] = {
      {{{"head_dim", I(128)}}, {}, "pass", ""},
      {{{"head_dim", I(64)}}, {}, "pass", ""},
      // the first does not accept: the second, degraded
      {{{"head_dim", I(80)}}, {}, "degraded", "SECOND: no tensor cores"},
      {{{"head_dim", I(256)}}, {}, "degraded", "SECOND"},
      {{{"head_dim", I(257)}}, {}, "fail", "FIRST"},
      // an unsupported path that accepts is the engine's choice, and it crashes
      {{{"head_dim", I(96)}}, {}, "fail", "head size 96 crashes"},
      // not known: each might be the one
      {{}, {}, "skipped", "mcd.head_dim"},
      // the first is not there on this capability
      {{{"head_dim", I(128)}}, {.compute = "7.5", .build = "old"}, "degraded", "SECOND"},
      // no path is there on this capability
      {{{"head_dim", I(128)}}, {.compute = "12.0"}, "fail", "none is there on 12.0"},
      // forced
      {{{"head_dim", I(128)}}, {.launch = {{"attention_backend", "SECOND"}}}, "degraded", "SECOND"},
      {{{"head_dim", I(80)}}, {.launch = {{"attention_backend", "FIRST"}}}, "fail", "FIRST"},
      {{{"head_dim", I(80)}}, {.launch = {{"attention_backend", "auto"}}}, "degraded", "SECOND"},
      {{{"head_dim", I(128)}},
       {.compute = "7.5", .build = "old", .launch = {{"attention_backend", "first"}}},
       "fail",
       "FIRST is not there on 7.5"},
      // forced past the path that would crash
      {{{"head_dim", I(96)}}, {.launch = {{"attention_backend", "second"}}}, "degraded", "SECOND"},
      {{}, {.launch = {{"attention_backend", "SECOND"}}}, "skipped", "mcd.head_dim"}};
  const auto rules = Toy();
  for (const auto& c : cases) {
    CAPTURE(c.want);
    CAPTURE(c.says);
    const Report report = Judged(rules, Model(c.mcd), Built(*rules, c.worker));
    std::string got = "pass";
    std::string text;
    if (const Finding* failed = Find(report.violations, "PATH")) {
      got = "fail";
      text = failed->message;
    } else if (const Finding* warned = Find(report.warnings, "PATH")) {
      got = "degraded";
      text = warned->message;
    }
    for (const Skipped& skip : report.skipped) {
      if (skip.rule != "PATH") continue;
      got = "skipped";
      text = skip.because;
    }
    CHECK(got == c.want);
    CAPTURE(text);
    CHECK(text.find(c.says) != std::string::npos);
  }
}

TEST_CASE("CMATCH-8136 an unknown path leaves the answer open only where it would change it") {
  // A may take the model (its input is not known); what follows decides whether that matters.
  const auto outcome = [](const char* first_level, const char* second_level, const char* second) {
    std::string engine(kToyYaml);
    engine.resize(engine.find("paths:"));
    engine += "paths:\n  attention:\n    - {id: A, level: " + std::string(first_level) +
              ", because: \"a\", accepts: [{value: mcd.n, ge: 1}], source: \"s\"}\n    - {id: B, "
              "level: " +
              second_level + ", because: \"b\", accepts: [" + second + "], source: \"s\"}\n";
    const auto rules = MakeRules(ToyFiles(kTableRules, engine));
    const Report report = Judged(rules, Model(), Built(*rules, {}));
    return Find(report.violations, "PATH") != nullptr              ? "fail"
           : Ids(report.skipped).find("PATH") != std::string::npos ? "skipped"
                                                                   : "pass";
  };
  const char* yes = "{value: mcd.context_max, ge: 1}";
  const char* no = "{value: mcd.context_max, lt: 1}";
  CHECK(outcome("native", "native", yes) == "pass");
  CHECK(outcome("native", "unsupported", yes) == "skipped");
  CHECK(outcome("unsupported", "native", yes) == "skipped");
  CHECK(outcome("unsupported", "unsupported", yes) == "fail");
  CHECK(outcome("native", "native", no) == "skipped");
  CHECK(outcome("unsupported", "native", no) == "fail");
}

TEST_CASE("CMATCH-8136 every group of paths must accept, one of other releases is not asked") {
  std::string engine(kToyYaml);
  engine +=
      "  second:\n    - {id: X, versions: \">=2.5\", level: native, accepts: [{value: "
      "mcd.head_dim, eq: 64}], source: \"s\"}\n";
  const auto rules = MakeRules(ToyFiles(kTableRules, engine));
  const auto fails = [&](const char* version, std::int64_t head_dim) {
    return Ids(
        Judged(rules, Model({{"head_dim", I(head_dim)}}), Built(*rules, {.version = version}))
            .violations);
  };
  CHECK(fails("2.4", 128) == "");
  CHECK(fails("2.5", 128) == "PATH");
  CHECK(fails("2.5", 64) == "");
  // before 2.0 no group is stated: nothing is refused
  CHECK(fails("1.9", 300) == "");
}

TEST_CASE("an engine without paths takes any model") {
  std::string engine(kToyYaml);
  engine.resize(engine.find("paths:"));
  const auto rules = MakeRules(ToyFiles(kTableRules, engine));
  const Report report = Judged(rules, Model({}), Built(*rules, {}));
  CHECK(Ids(report.violations) == "");
  CHECK(Ids(report.skipped).find("PATH") == std::string::npos);
}

}  // namespace
}  // namespace cmatch
