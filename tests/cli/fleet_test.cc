// cmatch fleet: two NDJSON files, every pair.

#include "cli/cmatch.h"
#include "support/four_rules.h"

namespace cmatch {
namespace {

using testing::Desk;
using testing::Golden;
using testing::Has;
using testing::Json;
using testing::JsonLines;
using testing::JsonOf;
using testing::Members;
using testing::Outcome;

std::string Model(const char* id, const char* positional, const char* quant, int context) {
  return std::string(R"({"model_id": ")") + id + R"(", "positional": ")" + positional +
         R"(", "attention": "gqa", "quant": [")" + quant + R"("], "context_max": )" +
         std::to_string(context) + ", \"vocab_size\": 1000}\n";
}

std::string Worker(const char* id, const char* positional, const char* quant, int context) {
  return std::string(R"({"worker_id": ")") + id + R"(", "supports_positional": [")" + positional +
         R"("], "supports_attention": ["gqa"], "supports_quant": [")" + quant +
         R"("], "max_context": )" + std::to_string(context) + ", \"vram_bytes\": 1}\n";
}

// org/a fits w1; org/b, org/c and org/d lack one thing each on w1; nothing fits w2.
const std::string kModels =
    Model("org/a", "rope_llama", "q4_0", 4096) + "\n" + Model("org/b", "rope_llama", "q8_0", 4096) +
    Model("org/c", "rope_llama", "q4_0", 32768) + Model("org/d", "rope_llama", "q4_0", 65536);
const std::string kWorkers =
    Worker("w1", "rope_llama", "q4_0", 8192) + Worker("w2", "learned", "nvfp4", 1024);

struct FleetDesk : Desk {
  FleetDesk() {
    Write("four/validation.yaml", testing::kFourRules);
    Write("models.ndjson", kModels);
    Write("workers.ndjson", kWorkers);
  }
};

TEST_CASE("fleet: counts, who has nobody, and what would help most") {
  const FleetDesk desk;
  const Outcome run = desk.Run(
      {"fleet", "--models", "models.ndjson", "--workers", "workers.ndjson", "--rules", "four"});
  CHECK(run.exit_code == 1);
  CHECK(run.err == "");
  CHECK(Golden("fleet.txt", run.out) == "");
  const Outcome quiet =
      desk.Run({"fleet", "--models", "models.ndjson", "--workers", "workers.ndjson", "--quiet"});
  CHECK(quiet.out == "1 of 8 pairs compatible: 4 models, 2 workers\n");
  CHECK(quiet.exit_code == 1);
}

TEST_CASE("fleet: 0 where each model has a worker, whatever the other pairs say") {
  const FleetDesk desk;
  desk.Write("one.ndjson", Model("org/a", "rope_llama", "q4_0", 4096));
  CHECK(desk.Run({"fleet", "--models", "one.ndjson", "--workers", "workers.ndjson"}).exit_code ==
        0);
}

TEST_CASE("fleet: the summary as JSON") {
  const FleetDesk desk;
  const Json summary = JsonOf(
      desk.Run({"fleet", "--models", "models.ndjson", "--workers", "workers.ndjson", "--json"}));
  CHECK(Members(summary) ==
        "schema kind models workers compatible ruleset rules models_without_worker "
        "workers_without_model unlocks");
  CHECK(summary["schema"] == "cmatch.fleet/1");
  CHECK(summary["kind"] == "summary");
  CHECK(summary["compatible"] == 1);
  CHECK(summary["models_without_worker"] == Json({"org/b", "org/c", "org/d"}));
  CHECK(summary["workers_without_model"] == Json({"w2"}));
  CHECK(summary["rules"][2]["rule"] == "CMATCH-8030.3");
  CHECK(summary["rules"][2]["failed"] == 5);
  CHECK(summary["rules"][2]["alone"] == 1);
  CHECK(summary["rules"][3]["alone"] == 2);
  // the limit that two models meet stands before the kind that one needs
  REQUIRE(summary["unlocks"].size() == 2);
  CHECK(summary["unlocks"][0]["rule"] == "CMATCH-8030.4");
  CHECK(summary["unlocks"][0]["needed"] == "65536");
  CHECK(summary["unlocks"][0]["models"] == Json({"org/c", "org/d"}));
  CHECK(summary["unlocks"][0]["worker"] == "w1");
  CHECK(summary["unlocks"][1]["needed"] == "q8_0");
}

TEST_CASE("fleet --pairs: every pair with its rules, then the summary") {
  const FleetDesk desk;
  const Outcome run = desk.Run(
      {"fleet", "--models", "models.ndjson", "--workers", "workers.ndjson", "--pairs", "--json"});
  const std::vector<Json> lines = JsonLines(run.out);
  REQUIRE(lines.size() == 9);
  CHECK(Members(lines[0]) ==
        "schema kind compatible model_id worker_id failed warned skipped waived");
  CHECK(lines[0]["compatible"] == true);
  CHECK(lines[1]["model_id"] == "org/a");
  CHECK(lines[1]["worker_id"] == "w2");
  CHECK(lines[1]["failed"] == Json({"CMATCH-8030.1", "CMATCH-8030.3", "CMATCH-8030.4"}));
  CHECK(lines[2]["failed"] == Json({"CMATCH-8030.3"}));
  CHECK(lines[8]["kind"] == "summary");
  const Outcome text =
      desk.Run({"fleet", "--models", "models.ndjson", "--workers", "workers.ndjson", "--pairs"});
  CHECK(Has(text.out, "ok    org/a on w1\n"));
  CHECK(Has(text.out, "FAIL  org/b on w1  failed CMATCH-8030.3\n"));
}

TEST_CASE("fleet: each pair as cmatch check has it") {
  const FleetDesk desk;
  desk.Write("b.mcd.json", Model("org/b", "rope_llama", "q8_0", 4096));
  desk.Write("w1.json", Worker("w1", "rope_llama", "q4_0", 8192));
  const Json report = JsonOf(desk.Run({"check", "b.mcd.json", "--ecp", "w1.json", "--json"}));
  const std::vector<Json> lines = JsonLines(
      desk.Run({"fleet", "--models", "b.mcd.json", "--workers", "w1.json", "--pairs", "--json"})
          .out);
  REQUIRE(lines.size() == 2);
  REQUIRE(report["violations"].size() == 1);
  CHECK(lines[0]["failed"] == Json::array({report["violations"][0]["rule"]}));
  CHECK(lines[0]["skipped"].size() == report["skipped"].size());
}

TEST_CASE("fleet: every bad line of both files, with its place; no verdict") {
  const FleetDesk desk;
  desk.Write("bad.ndjson", Model("org/a", "rope_llama", "q4_0", 4096) +
                               "{\"model_id\": \n\n{\"model_id\": \"org/b\"}\n");
  desk.Write("worse.ndjson", "[]\n" + Worker("w1", "rope_llama", "q4_0", 8192) +
                                 "{\"worker_id\": \"\", \"supports_quant\": 1}\n");
  const Outcome run = desk.Run({"fleet", "--models", "bad.ndjson", "--workers", "worse.ndjson"});
  CHECK(run.exit_code == 2);
  CHECK(run.out == "");
  CHECK(Has(run.err, "InvalidMcd"));
  for (const char* place : {"bad.ndjson:2:", "bad.ndjson:4", "worse.ndjson:1", "worse.ndjson:3"}) {
    CAPTURE(place);
    CHECK(Has(run.err, place));
  }
  CHECK_FALSE(Has(run.err, "bad.ndjson:1:"));
  CHECK_FALSE(Has(run.err, "worse.ndjson:2:"));
  const Json error = JsonOf(
      desk.Run({"fleet", "--models", "models.ndjson", "--workers", "worse.ndjson", "--json"}));
  CHECK(error["error"] == "InvalidEcp");
  CHECK(error["problems"][0]["line"] == 1);
}

TEST_CASE("fleet: stdin for one of the two; nothing in a file is no fleet") {
  const FleetDesk desk;
  CHECK(desk.Run({"fleet", "--models", "-", "--workers", "workers.ndjson", "-q"}, kModels).out ==
        "1 of 8 pairs compatible: 4 models, 2 workers\n");
  CHECK(desk.Run({"fleet", "--models", "models.ndjson", "--workers", "-", "-q"}, kWorkers).out ==
        "1 of 8 pairs compatible: 4 models, 2 workers\n");
  CHECK(desk.Run({"fleet", "--models", "-", "--workers", "-"}, kModels).exit_code == 2);
  desk.Write("blank.ndjson", "\n \r\n");
  const Outcome blank =
      desk.Run({"fleet", "--models", "blank.ndjson", "--workers", "workers.ndjson"});
  CHECK(blank.exit_code == 2);
  CHECK(Has(blank.err, "file-no-line"));
  CHECK(desk.Run({"fleet", "--models", "models.ndjson", "--workers", "none"}).exit_code == 2);
  CHECK(desk.Run({"fleet", "--models", "models.ndjson"}).exit_code == 2);
}

}  // namespace
}  // namespace cmatch
