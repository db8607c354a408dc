// What would do: each remedy is tried again here, by building and judging what it names.

#include "cmatch/remedy.h"

#include "toy.h"

namespace cmatch::testing {
namespace {

std::shared_ptr<const RuleSet> Rules(const std::string& more = "") {
  return MakeRules(ToyFiles(
      std::string(kTableRules) +
      RuleYaml("CTX", "{least_of: [mcd.requested_context, mcd.context_max], le: ecp.max_context}") +
      RuleYaml("TP", "{value: mcd.n, multiple_of: ecp.tensor_parallel}") + more));
}

RemedyRequest Ask(const Start& start, const Mcd& mcd) {
  RemedyRequest request;
  request.mcd = mcd;
  request.engine = {
      .engine = "toy", .version = start.version, .build = start.build, .launch = start.launch};
  request.gpu.compute = ParseCompute(start.compute);
  request.gpu.driver = start.driver;
  return request;
}

// "launch kv_cache=auto; gpu T4 [L4 +1] !QUANT ?TENSOR ~PATH": ! still fails, ? not checked, ~
// warns.
std::string Told(const std::vector<Remedy>& remedies) {
  std::string text;
  for (const Remedy& remedy : remedies) {
    if (!text.empty()) text += "; ";
    for (std::size_t i = 0; i < remedy.changes.size(); ++i) {
      const RemedyChange& change = remedy.changes[i];
      text += (i == 0 ? "" : " & ") + change.what + " " + change.to;
      for (const std::string& other : change.also) text += "|" + other;
      if (change.more != 0) text += "+" + std::to_string(change.more);
    }
    for (const std::string& id : remedy.remaining) text += " !" + id;
    for (const std::string& id : remedy.unchecked) text += " ?" + id;
    for (const std::string& id : remedy.warnings) text += " ~" + id;
    CHECK(remedy.compatible == remedy.remaining.empty());
  }
  return text;
}

Mcd As(const char* quant, Attributes attributes = {{"head_dim", I(128)}}) {
  Mcd mcd = Model(attributes);
  mcd.quant = {quant};
  return mcd;
}

TEST_CASE("remedies: the smallest change that passes, one rule failing") {
  const auto rules = Rules();
  const CapabilityMatcher matcher(rules);
  const struct {
    const char* name;
    Start start;
    Mcd mcd;
    const char* want;
  } cases[] = {
      {"nothing fails", {}, Model(), ""},
      {"launch value: the default first, then the others",
       {.compute = "8.6", .launch = {{"kv_cache", "fp8"}}},
       Model(),
       "launch kv_cache=auto|kv_cache=fp16; gpu L4|H100"},
      {"tensor parallel: the largest below, then down",
       {.launch = {{"tensor_parallel", "5"}}},
       Model({{"head_dim", I(128)}, {"n", I(12)}}),
       "launch tensor_parallel=4|tensor_parallel=3|tensor_parallel=2|tensor_parallel=1"},
      {"a backend that was forced: leave it to the engine",
       {.launch = {{"attention_backend", "FIRST"}}},
       Model({{"head_dim", I(256)}}),
       "launch no attention_backend|attention_backend=auto|attention_backend=SECOND ~PATH; "
       "release >=1.0 <2.0"},
      {"another build",
       {.compute = "7.0", .build = "new"},
       Model(),
       "build old; gpu A10|L4|A100|H100"},
      {"a newer driver",
       {.build = "new", .driver = "550.54"},
       Model(),
       "build old ~IMAGE; driver 580"},
      {"another release: the first that has it",
       {.version = "1.5", .build = "old"},
       [] {
         Mcd mcd = Model();
         mcd.positional = "alibi";
         return mcd;
       }(),
       "release >=2.0 <3.0 ~IMAGE"},
      {"another quantisation: the worker's order where sizes are not known",
       {},
       As("int8"),
       "quant fp16|fp8|q4_k_m"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    CHECK(Told(Remedies(matcher, Ask(c.start, c.mcd))) == c.want);
  }
}

TEST_CASE("remedies: the largest context that each limit allows") {
  const auto rules = Rules();
  const CapabilityMatcher matcher(rules);
  for (const std::int64_t limit : {1, 4096, 8191, 8192, 8193}) {
    CAPTURE(limit);
    RemedyRequest request = Ask({}, Model());
    request.engine.max_context = limit;
    const std::vector<Remedy> remedies = Remedies(matcher, request);
    if (limit >= 8192) {
      CHECK(remedies.empty());
      continue;
    }
    REQUIRE(remedies.size() == 1);
    CHECK(Told(remedies) == "context " + std::to_string(limit));
    CHECK(remedies[0].changes[0].from == "8192");
    CHECK(remedies[0].changes[0].option == "--context " + std::to_string(limit));
  }
}

TEST_CASE("remedies: a profile that was given whole changes on the model's side alone") {
  const auto rules = Rules();
  const CapabilityMatcher matcher(rules);
  RemedyRequest request;
  request.mcd = As("int8");
  request.ecp = Built(*rules, {});
  request.ecp->supports_quant = {"fp16"};
  CHECK(Told(Remedies(matcher, request)) == "quant fp16");
  request.ecp->supports_quant = {};
  CHECK(Told(Remedies(matcher, request)) == "");
}

TEST_CASE("remedies: a profile that the tables wrote changes like the request it came from") {
  const auto rules = Rules();
  const CapabilityMatcher matcher(rules);
  const Start starts[] = {{.compute = "8.6", .launch = {{"kv_cache", "fp8"}}},
                          {.compute = "7.0"},
                          {.driver = "550.54"},
                          {.version = "1.5", .launch = {{"tensor_parallel", "2"}}}};
  for (const Start& start : starts) {
    CAPTURE(std::string(start.compute));
    Mcd mcd = Model();
    if (std::string_view(start.version) == "1.5") mcd.positional = "alibi";
    RemedyRequest written;
    written.mcd = mcd;
    written.ecp = Built(*rules, start);
    const std::string told = Told(Remedies(matcher, Ask(start, mcd)));
    CHECK_FALSE(told.empty());
    CHECK(Told(Remedies(matcher, written)) == told);
    written.ecp->worker_id = "mine";
    CHECK(Told(Remedies(matcher, written)) == told);
    // A list that somebody edited is theirs.
    written.ecp->supports_quant.emplace_back("int8");
    CHECK(Told(Remedies(matcher, written)) == "");
  }
}

TEST_CASE("remedies: two changes where no single one is enough, else what still fails") {
  const auto rules = Rules();
  const CapabilityMatcher matcher(rules);
  RemedyRequest request =
      Ask({.launch = {{"tensor_parallel", "5"}}}, As("int8", {{"head_dim", I(128)}, {"n", I(12)}}));
  CHECK(Told(Remedies(matcher, request)) == "launch tensor_parallel=4 & quant fp16");

  const auto never = Rules(RuleYaml("NEVER", "{value: mcd.vocab_size, lt: 1}"));
  const CapabilityMatcher strict(never);
  CHECK(Told(Remedies(strict, request)) ==
        "launch tensor_parallel=4|tensor_parallel=3|tensor_parallel=2|tensor_parallel=1 !QUANT "
        "!NEVER; "
        "quant fp16|fp8|q4_k_m !TP !NEVER");
}

TEST_CASE("remedies: what fails and cannot be checked after the change is said") {
  const auto rules = Rules();
  const CapabilityMatcher matcher(rules);
  const RemedyRequest request =
      Ask({}, As("q2_k_s", {{"head_dim", I(128)}, {"tensor_types", K({"q2_k", "f32"})}}));
  CHECK(Told(Remedies(matcher, request)) == "quant q4_k_m|fp16|fp8 ?TENSOR");
}

TEST_CASE("remedies: GPUs of the caller instead of the table's products") {
  const auto rules = Rules();
  const CapabilityMatcher matcher(rules);
  std::vector<GpuFacts> fleet(3);
  const char* names[] = {"b", "a", "old"};
  const char* compute[] = {"9.0", "8.9", "7.5"};
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    fleet[i].name = names[i];
    fleet[i].compute = ParseCompute(compute[i]);
  }
  RemedyRequest request = Ask({.compute = "8.6"}, Model());
  request.engine.launch = {{"kv_cache", "fp8"}};
  request.gpus = fleet;
  CHECK(Told(Remedies(matcher, request)) == "launch kv_cache=auto|kv_cache=fp16; gpu a|b");
}

TEST_CASE("remedies: what a release range says holds at both of its ends") {
  const auto rules = Rules();
  const CapabilityMatcher matcher(rules);
  Mcd mcd = Model();
  mcd.positional = "alibi";
  const auto fails = [&](const char* version) {
    const auto report = Judged(rules, mcd, Built(*rules, {.version = version, .build = "old"}));
    return Ids(report.violations);
  };
  CHECK(fails("1.9.9") == "POS");
  CHECK(fails("2.0") == "");
  CHECK(fails("2.9.9") == "");
}

TEST_CASE("remedies: a release without an advisory goes before one with") {
  Mcd mcd = Model();
  mcd.positional = "alibi";  // from 2.0 on
  const struct {
    const char* versions;  // of the advisory
    const char* want;
  } cases[] = {
      {"<2.0", "release >=2.0 <3.0 ~IMAGE"},
      {">=2.0 <2.5", "release >=2.5 <3.0 ~IMAGE"},
      {">=2.0 <3.0", "release >=2.0 <3.0 ~IMAGE ~CVE-1"},
      {"<3.0", "release >=2.0 <3.0 ~IMAGE"},  // as asked too: nothing new
  };
  for (const auto& c : cases) {
    CAPTURE(c.versions);
    std::vector<RuleFile> files = ToyFiles(kTableRules);
    files.push_back({"advisories.yaml",
                     "kind: cmatch.advisories/v1\nadvisories:\n  - {id: CVE-1, engine: toy, "
                     "versions: \"" +
                         std::string(c.versions) +
                         "\", concerns: \"a file runs code\", source: \"the advisory\"}\n"});
    const auto rules = MakeRules(files);
    const CapabilityMatcher matcher(rules);
    CHECK(Told(Remedies(matcher, Ask({.version = "1.5", .build = "old"}, mcd))) == c.want);
  }
}

TEST_CASE("remedies: a quantisation that only GGUF files have says that the model is converted") {
  const auto rules = Rules(RuleYaml("NONE", "{not: {any_of: mcd.quant, in: [fp16, fp8]}}"));
  const CapabilityMatcher matcher(rules);
  for (const char* format : {"hf", "gguf"}) {
    const Mcd mcd = As("fp8", {{"head_dim", I(128)}, {"format", S(format)}});
    const Start start = {.compute = "7.5", .build = "old"};
    CHECK(Told(Remedies(matcher, Ask(start, mcd))) ==
          (std::string_view(format) == "hf" ? "format gguf & quant q4_k_m" : "quant q4_k_m"));
  }
}

TEST_CASE("remedies: options are words of a shell") {
  const auto rules = Rules();
  const CapabilityMatcher matcher(rules);
  std::vector<GpuFacts> fleet(1);
  fleet[0].name = "it's; rm";
  fleet[0].compute = ParseCompute("8.9");
  RemedyRequest request = Ask({.compute = "8.6", .launch = {{"kv_cache", "fp8"}}}, Model());
  request.gpus = fleet;
  const std::vector<Remedy> remedies = Remedies(matcher, request);
  REQUIRE(remedies.size() == 2);
  CHECK(remedies[0].changes[0].option == "--launch kv_cache=auto");
  CHECK(remedies[1].changes[0].option == "--gpu 'it'\\''s; rm'");
}

}  // namespace
}  // namespace cmatch::testing
