// Rules that are edited while they are in use: readers in many threads, one that reloads.

#include <doctest/doctest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "cmatch.h"
#include "support/files.h"

namespace {

constexpr int kReaders = 8;

// Enough to meet every generation many times; CMATCH_RELOAD_CHECKS asks for another number
// (.ci/check-threads: a million).
std::uint64_t ChecksWanted() {
  const char* asked = std::getenv("CMATCH_RELOAD_CHECKS");
  return asked == nullptr ? 20'000 : std::strtoull(asked, nullptr, 10);
}

constexpr const char* kMcd =
    R"({"model_id":"m","positional":"rope_neox","attention":"mla","quant":["q4_0"],)"
    R"("context_max":8192,"vocab_size":32000})";
constexpr const char* kEcp =
    R"({"worker_id":"w","supports_positional":["rope_llama"],"supports_attention":["gqa"],)"
    R"("supports_quant":["q4_0"],"max_context":8192,"vram_bytes":24000000000})";

// The rule that this overlay makes a warning; the other of the two stays a violation.
std::string Overlay(const char* rule) {
  return std::string("kind: cmatch.overlay/v1\nlayer: site\nreason: test\nowner: ops\nset:\n") +
         "  - target: rules/" + rule + "/severity\n    value: warning\n";
}

bool Equals(cmatch_str text, std::string_view want) {
  return std::string_view(text.ptr, text.len) == want;
}

// Odd generations make CMATCH-8030.1 a warning, even ones CMATCH-8030.2.
bool IsOfOneGeneration(const cmatch_rules* rules, const cmatch_report* report) {
  const std::uint64_t generation = cmatch_report_generation(report);
  const bool odd = generation % 2 == 1;
  if (cmatch_rules_generation(rules) != generation) return false;
  const cmatch_str digest = cmatch_rules_digest(rules);
  if (!Equals(cmatch_report_digest(report), {digest.ptr, digest.len})) return false;
  if (cmatch_report_count(report, CMATCH_VIOLATIONS) != 1) return false;
  cmatch_finding violation{};
  violation.struct_size = sizeof violation;
  cmatch_finding warning = violation;
  if (cmatch_report_at(report, CMATCH_VIOLATIONS, 0, &violation) != CMATCH_OK) return false;
  if (cmatch_report_at(report, CMATCH_WARNINGS, 0, &warning) != CMATCH_OK) return false;
  return Equals(violation.rule, odd ? "CMATCH-8030.2" : "CMATCH-8030.1") &&
         Equals(warning.rule, odd ? "CMATCH-8030.1" : "CMATCH-8030.2");
}

struct Shared {
  cmatch_store* store = nullptr;
  std::atomic<std::uint64_t> checks{0};
  std::atomic<std::uint64_t> wrong{0};
  std::uint64_t wanted = ChecksWanted();
  std::atomic<bool> reloaded{false};  // often enough

  bool done() const {
    return reloaded.load(std::memory_order_relaxed) &&
           checks.load(std::memory_order_relaxed) >= wanted;
  }
};

// A request handler: the current rules, the descriptors bound to them, a report.
void Read(Shared& shared) {
  cmatch_rules* rules = nullptr;
  cmatch_model* model = nullptr;
  cmatch_worker* worker = nullptr;
  while (!shared.done()) {
    cmatch_rules* now = cmatch_store_get(shared.store);
    if (now != rules) {
      cmatch_model_free(model);
      cmatch_worker_free(worker);
      cmatch_rules_free(rules);
      rules = cmatch_rules_ref(now);
      const cmatch_str mcd = cmatch_cstr(kMcd), ecp = cmatch_cstr(kEcp);
      const bool made = cmatch_model_from_json(now, mcd, nullptr, &model, nullptr) == CMATCH_OK &&
                        cmatch_worker_from_json(now, ecp, &worker, nullptr) == CMATCH_OK;
      if (!made) ++shared.wrong;
    }
    for (int i = 0; i < 16; ++i) {
      cmatch_report* report = nullptr;
      const cmatch_status status = cmatch_report_new(now, model, worker, 0, &report, nullptr);
      if (status != CMATCH_INCOMPATIBLE || !IsOfOneGeneration(now, report)) ++shared.wrong;
      cmatch_report_free(report);
    }
    shared.checks.fetch_add(16, std::memory_order_relaxed);
    cmatch_rules_free(now);
  }
  cmatch_model_free(model);
  cmatch_worker_free(worker);
  cmatch_rules_free(rules);
}

TEST_CASE("c: reload while eight threads check, each report is of one generation") {
  const cmatch::testing::TempDir directory;
  const std::string good[2] = {Overlay("CMATCH-8030.2"), Overlay("CMATCH-8030.1")};
  const std::string broken[2] = {"kind: cmatch.overlay/v1\nset: [", "kind: nonsense\n"};
  directory.Write("site.yaml", good[1]);
  const std::string path = directory.path().string();
  const cmatch_str paths[] = {{path.data(), path.size()}};
  Shared shared;
  REQUIRE(cmatch_store_new(paths, 1, nullptr, &shared.store, nullptr) == CMATCH_OK);
  std::vector<std::thread> readers;
  for (int i = 0; i < kReaders; ++i) readers.emplace_back([&shared] { Read(shared); });
  std::uint64_t generation = 1, refused = 0;
  for (std::size_t turn = 0; !shared.done(); ++turn) {
    const bool is_good = turn % 2 == 1;
    directory.Write("site.yaml", is_good ? good[(generation + 1) % 2] : broken[turn / 2 % 2]);
    cmatch_error* error = nullptr;
    const cmatch_status status = cmatch_store_reload(shared.store, nullptr, 0, &error);
    if (is_good) {
      CHECK(status == CMATCH_OK);
      ++generation;
    } else {
      CHECK(status == CMATCH_E_RULES);
      CHECK(cmatch_error_count(error) > 0);
      ++refused;
    }
    CHECK(cmatch_store_generation(shared.store) == generation);
    cmatch_error_free(error);
    shared.reloaded = generation > 20 && refused > 20;
  }
  for (std::thread& reader : readers) reader.join();
  CHECK(shared.wrong == 0);
  CHECK(shared.checks >= shared.wanted);
  std::printf("%llu checks, %llu reloads, %llu refused\n",
              static_cast<unsigned long long>(shared.checks.load()),
              static_cast<unsigned long long>(generation - 1),
              static_cast<unsigned long long>(refused));
  cmatch_store_free(shared.store);
}

}  // namespace
