// What a report says where something is not known or does not run, word for word.

#include <doctest/doctest.h>

#include <functional>
#include <limits>

#include "cmatch/matrix.h"
#include "cmatch/remedy.h"
#include "engine/toy.h"

namespace cmatch {
namespace {

using testing::Built;
using testing::Find;
using testing::I;
using testing::Judged;
using testing::K;
using testing::kTableRules;
using testing::kToyYaml;
using testing::L;
using testing::MakeRules;
using testing::Model;
using testing::OutcomeOf;
using testing::RuleYaml;
using testing::S;
using testing::SeedEcp;
using testing::Start;
using testing::Toy;
using testing::ToyFiles;

// The toy's tables with something taken out that files have to state.
std::shared_ptr<const RuleSet> Made(const std::function<void(Engine&)>& change) {
  auto tables = ReadTables(ToyFiles(kTableRules));
  REQUIRE(tables.has_value());
  change(tables->engines[0]);
  auto rules = RuleSet::Create(std::move(*tables));
  REQUIRE(rules.has_value());
  return *rules;
}

std::shared_ptr<const RuleSet> With(std::string_view from, std::string_view to) {
  std::string engine(kToyYaml);
  REQUIRE(engine.find(from) != std::string::npos);
  engine.replace(engine.find(from), from.size(), to);
  return MakeRules(ToyFiles(kTableRules, engine));
}

std::string Because(const Report& report, std::string_view rule) {
  for (const Skipped& skipped : report.skipped) {
    if (skipped.rule == rule) return skipped.because;
  }
  return "not skipped";
}

TEST_CASE("skipped: what the tables do not say is named") {
  const struct {
    const char* name;
    std::function<void(Engine&)> change;
    std::function<void(Ecp&)> worker;
    const char* rule;
    const char* want;
  } cases[] = {
      {"no floor", [](Engine& e) { e.floor.clear(); }, [](Ecp&) {}, "FLOOR",
       "the tables state no floor of toy 2.0"},
      {"no images", [](Engine& e) { e.builds[0].images.clear(); }, [](Ecp&) {}, "IMAGE",
       "the images of the build are not known"},
      {"no driver floor", [](Engine& e) { e.builds[0].min_driver.clear(); }, [](Ecp&) {}, "DRIVER",
       "no driver floor of the build is known"},
      {"no builds", [](Engine& e) { e.builds.clear(); },
       [](Ecp& ecp) { ecp.attributes.erase("build"); }, "IMAGE", "the build is not known"},
      {"no build that would run",
       [](Engine& e) {
         for (Build& build : e.builds) build.images = {*ParseImage("12.0")};
       },
       [](Ecp& ecp) { ecp.attributes.erase("build"); }, "IMAGE",
       "the build is not known; none of the tables' builds would run here"},
      {"the build is not named", [](Engine&) {}, [](Ecp& ecp) { ecp.attributes.erase("build"); },
       "DRIVER", "the build is not known; would run here: new, old"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    const auto whole = Toy();
    Ecp ecp = Built(*whole, {.driver = "600"});
    c.worker(ecp);
    const auto rules = Made([&](Engine& engine) {
      c.change(engine);
      if (engine.builds.empty()) engine.default_build.clear();
    });
    const CapabilityMatcher matcher(rules);
    const auto worker = matcher.Bind(ecp);
    REQUIRE(worker.has_value());
    const Report report = matcher.Explain(*matcher.Bind(Model()), *worker);
    CHECK(Because(report, c.rule) == c.want);
  }
}

TEST_CASE("skipped: a profile without an engine, a model without what a path asks for") {
  const auto rules = Toy();
  CHECK(Because(Judged(rules, Model(), SeedEcp()), "FLOOR") ==
        "the profile names no engine release and compute capability that the tables know");
  CHECK(Because(Judged(rules, Model({}), Built(*rules, {})), "PATH") ==
        "FIRST: mcd.head_dim is not known");
}

TEST_CASE("failed: a driver floor that a profile states of its own rests on no row") {
  Ecp ecp = SeedEcp();
  ecp.attributes["min_driver"] = S("580");
  ecp.attributes["driver"] = S("550.54");
  const Report report = Judged(Toy(), Model(), ecp);
  const Finding* finding = Find(report.violations, "DRIVER");
  REQUIRE(finding != nullptr);
  CHECK(finding->required == S("550.54"));
  REQUIRE(finding->source.has_value());
  CHECK(finding->source->text == "s");  // the rule's
}

// Rows, "versions level" each, as YAML.
std::string Rows(const std::vector<std::string>& rows) {
  std::string yaml;
  for (const std::string& row : rows) {
    const std::size_t space = row.rfind(' ');
    yaml += (yaml.empty() ? "" : ", ") + ("{versions: \"" + row.substr(0, space)) +
            "\", level: " + row.substr(space + 1) + ", because: \"b\", source: \"s\"}";
  }
  return "[" + yaml + "]";
}

TEST_CASE("failed: the hint names the releases that would run it, adjoining ranges in one") {
  const struct {
    std::vector<std::string> rows;
    const char* want;  // 2.0 is asked for
  } cases[] = {
      {{"<1.5 native", ">=2.5 native"}, "toy <1.5, >=2.5 runs alibi on 8.9"},
      {{">=2.5 native", "<1.5 native"}, "toy <1.5, >=2.5 runs alibi on 8.9"},
      {{">=2.1 <2.5 native", ">=2.5 degraded"}, "toy >=2.1 runs alibi on 8.9"},
      {{">=2.5 degraded", ">=2.1 <2.5 native"}, "toy >=2.1 runs alibi on 8.9"},
      {{">=2.1 <=2.5 native", ">2.5 degraded"}, "toy >=2.1 runs alibi on 8.9"},
      {{">=2.1 <2.3 native", ">=2.3 <2.4 degraded", ">=2.4 <2.6 native"},
       "toy >=2.1 <2.6 runs alibi on 8.9"},
      // one release lies between
      {{">=2.1 <2.5 native", ">2.5 native"}, "toy >=2.1 <2.5, >2.5 runs alibi on 8.9"},
      {{">=2.1 <2.5 native", ">=2.5.post1 native"},
       "toy >=2.1 <2.5, >=2.5.post1 runs alibi on 8.9"},
      {{">=2.1 <2.5 native", ">=2.5 <2.6 unsupported", ">=2.6 native"},
       "toy >=2.1 <2.5, >=2.6 runs alibi on 8.9"},
      {{"==2.2 native"}, "toy ==2.2 runs alibi on 8.9"},
      {{">=2.1 unsupported"}, ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.rows);
    const auto rules = With("alibi: [{versions: \">=2.0\", level: native, source: \"s\"}]",
                            "alibi: " + Rows(c.rows));
    Mcd mcd = Model();
    mcd.positional = "alibi";
    const Report report = Judged(rules, mcd, Built(*rules, {}));
    const Finding* finding = Find(report.violations, "POS");
    REQUIRE(finding != nullptr);
    CHECK(finding->hint == c.want);
  }
}

TEST_CASE("failed: the hint of the floor names the releases that start, adjoining ranges in one") {
  const struct {
    std::vector<std::string> rows;
    const char* want;
  } cases[] = {
      {{">=2.1 <2.5 native", ">=2.5 degraded"}, "releases >=2.1 run on 8.9"},
      {{">=2.1 <2.5 native", ">2.5 degraded"}, "releases >=2.1 <2.5, >2.5 run on 8.9"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.rows);
    std::string rows = Rows(c.rows);
    for (std::size_t at = 0; (at = rows.find("{v", at)) != std::string::npos; ++at) {
      rows.insert(at + 1, "compute: [\"8.9\"], ");
    }
    std::string engine(kToyYaml);
    const std::size_t begin = engine.find("floor:\n");
    const std::size_t end = engine.find("max_context:");
    REQUIRE(end != std::string::npos);
    engine.replace(begin, end - begin, "floor: " + rows + "\n");
    const auto rules = MakeRules(ToyFiles(kTableRules, engine));
    const Report report = Judged(rules, Model(), Built(*rules, {}));
    const Finding* finding = Find(report.violations, "FLOOR");
    REQUIRE(finding != nullptr);
    CHECK(finding->hint.ends_with(c.want));
  }
}

TEST_CASE("failed: a backend that is not there, asked for by name or not") {
  const auto rules = Toy();
  const struct {
    const char* backend;
    const char* compute;
    const char* want;
  } cases[] = {{"auto", "12.0", "none is there on 12.0"},
               {"", "12.0", "none is there on 12.0"},
               {"FIRST", "7.5", "FIRST is not there on 7.5"}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.backend));
    Start start{.compute = c.compute};
    if (*c.backend != '\0') start.launch["attention_backend"] = c.backend;
    const Report report = Judged(rules, Model(), Built(*rules, start));
    const Finding* finding = Find(report.violations, "PATH");
    REQUIRE(finding != nullptr);
    CHECK(finding->message.find(c.want) != std::string::npos);
  }
}

TEST_CASE("an empty list has no type, a number that is none is no number") {
  const auto rules = MakeRules(ToyFiles(RuleYaml("R", "{value: mcd.context_max, ge: 1}")));
  const struct {
    const char* name;
    Value value;
    bool good;
  } cases[] = {{"many", L({}), true},
               {"many", L({1}), false},
               {"list", K({}), true},
               {"list", K({"a"}), false},
               {"real", 0.5, true},
               {"real", std::numeric_limits<double>::quiet_NaN(), false},
               {"real", std::numeric_limits<double>::infinity(), false},
               {"real", Value(), true}};
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    CHECK((OutcomeOf(rules, "R", {{c.name, c.value}}, {}) == "pass") == c.good);
  }
}

TEST_CASE("matrix: what is asked for, and what is not there") {
  const auto rules = Toy();
  for (const auto& [engine, version] : {std::pair{"tyo", ""}, {"toy", "9.0"}, {"toy", "latest"}}) {
    CAPTURE(std::string(version));
    const auto matrix = BuildMatrix(*rules, engine, version);
    REQUIRE_FALSE(matrix.has_value());
    CHECK(matrix.error().kind == ErrorKind::kInvalidEcp);
    CHECK(matrix.error().problems.size() == 1);
  }
  // quant is what its own rows say where there are no tensor types
  const auto kinds = [](const RuleSet& set) {
    const auto matrix = BuildMatrix(set, "toy", "");
    REQUIRE(matrix.has_value());
    std::string text;
    for (const SupportMatrix::Row& row : matrix->rows) {
      if (row.dimension == "quant") text += (text.empty() ? "" : " ") + std::string(row.kind);
    }
    return text;
  };
  CHECK(kinds(*Made([](Engine& engine) {
          std::erase_if(engine.supports,
                        [](const Dimension& d) { return d.name == "tensor_type"; });
        })) == "fp16 fp8");
  CHECK(kinds(*rules).find("q4_k_m") != std::string::npos);
  CHECK(EngineNames(*rules) == std::vector<std::string_view>{"toy"});
}

TEST_CASE("remedies: another format, and the format that goes with another quantisation") {
  std::vector<RuleFile> files = ToyFiles(
      std::string(kTableRules) + RuleYaml("FMT", "{value: mcd.format, in: ecp.supports_format}"));
  const auto put = [](std::string& text, const std::string& after, const std::string& more) {
    text.insert(text.find(after) + after.size(), more);
  };
  put(files[0].text, "\nfields:\n",
      "  mcd.format: {type: kind, of: format}\n  ecp.supports_format: {type: kinds, of: format}\n");
  put(files[1].text, "\nkinds:\n", "  format: {gguf: \"one file\", hf: \"a directory\"}\n");
  const auto rules = MakeRules(files);
  const CapabilityMatcher matcher(rules);
  const struct {
    const char* format;
    const char* quant;
    Value takes_format;
    std::vector<std::string> takes_quant;
    const char* want;
  } cases[] = {
      {"hf", "fp16", K({"gguf"}), {"fp16"}, "format gguf"},
      {"hf", "fp16", K({"hf"}), {"fp16"}, ""},
      {"hf", "fp16", Value(), {"fp8"}, "quant fp8"},
      // a quantised file type of GGUF comes as GGUF
      {"hf", "fp16", K({"gguf"}), {"q4_k_m"}, "format gguf; quant q4_k_m"},
      // of one that is of no container nobody knows in which it comes
      {"gguf", "q4_k_m", K({"hf"}), {"fp8"}, "quant fp8 ?FMT"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.format) + " " + c.quant);
    RemedyRequest request;
    request.mcd = Model({{"format", S(c.format)}, {"head_dim", I(128)}});
    request.mcd.quant = {c.quant};
    Ecp ecp = SeedEcp();
    ecp.supports_quant = c.takes_quant;
    if (IsKnown(c.takes_format)) ecp.attributes["supports_format"] = c.takes_format;
    request.ecp = ecp;
    std::string told;
    for (const Remedy& remedy : Remedies(matcher, request)) {
      for (const auto& change : remedy.changes) {
        told += (told.empty() ? "" : "; ") + change.what + " " + change.to;
      }
      for (const std::string& id : remedy.remaining) told += " !" + id;
      for (const std::string& id : remedy.unchecked) told += " ?" + id;
    }
    CHECK(told == c.want);
  }
}

}  // namespace
}  // namespace cmatch
