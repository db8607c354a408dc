// What a check allocates: nothing.

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "engine/generated_pairs.h"

// Every allocation of this program passes here, so that a test can count those of a call.
namespace {
std::atomic<std::size_t> g_allocations{0};

void* AllocateOrNull(std::size_t size) noexcept {
  ++g_allocations;
  return std::malloc(size == 0 ? 1 : size);
}

void* Allocate(std::size_t size) {
  if (void* memory = AllocateOrNull(size)) return memory;
  throw std::bad_alloc();
}
}  // namespace

void* operator new(std::size_t size) { return Allocate(size); }
void* operator new[](std::size_t size) { return Allocate(size); }
// std::stable_sort asks for its buffer so.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return AllocateOrNull(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return AllocateOrNull(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace cmatch {
namespace {

using testing::Pairs;
using testing::Shipped;

TEST_CASE("law: Check() allocates nothing") {
  const CapabilityMatcher matcher(Shipped(), {.today = "2026-01-01"});
  Pairs pairs;
  std::size_t allocations = 0;
  int compatible = 0;
  for (int i = 0; i < 200; ++i) {
    const auto model = matcher.Bind(pairs.NextMcd());
    const auto worker = matcher.Bind(pairs.NextEcp());
    const std::size_t before = g_allocations;
    const Verdict verdict = matcher.Check(*model, *worker);
    allocations += g_allocations - before;
    compatible += verdict.compatible() ? 1 : 0;
  }
  CHECK(allocations == 0);
  CHECK(compatible > 0);
  // the counter counts
  const std::size_t before = g_allocations;
  CHECK(matcher.Explain(*matcher.Bind(pairs.NextMcd()), *matcher.Bind(pairs.NextEcp())).worker_id !=
        "");
  CHECK(g_allocations > before);
}

TEST_CASE("law: Check() allocates nothing over tables, paths and waivers either") {
  std::vector<RuleFile> files = testing::ToyFiles(testing::kTableRules);
  files.push_back(
      {"o.yaml",
       "kind: cmatch.overlay/v1\nlayer: l\nreason: \"r\"\nowner: o\nwaive:\n  - {rule: "
       "QUANT, model: \"*\", worker: \"*\", reason: \"r\", expires: \"2099-01-01\"}\n"});
  const CapabilityMatcher matcher(testing::MakeRules(files), {.today = "2026-01-01"});
  Ecp ecp = testing::SeedEcp();
  ecp.attributes = {{"engine", testing::S("toy")},
                    {"engine_version", testing::S("2.0")},
                    {"build", testing::S("new")},
                    {"compute", testing::S("8.9")},
                    {"driver", testing::S("570.1")}};
  Mcd mcd = testing::SeedMcd();
  mcd.quant = {"brand_new", "other"};
  mcd.attributes = {{"head_dim", testing::I(80)}};
  const auto model = matcher.Bind(mcd);
  const auto worker = matcher.Bind(ecp);
  REQUIRE(model.has_value());
  REQUIRE(worker.has_value());
  const std::size_t before = g_allocations;
  const Verdict verdict = matcher.Check(*model, *worker);
  const std::size_t after = g_allocations;
  CHECK(after == before);
  CHECK(verdict.waived != Verdict::Bits{});
}

TEST_CASE("law: Check() of a descriptor that is not bound allocates nothing for a member each") {
  const char* const checks[] = {
      "{value: mcd.positional, in: ecp.supports_positional}",
      "{value: mcd.attention, in: ecp.supports_attention}",
      "{any_of: mcd.quant, in: ecp.supports_quant}",
      "{each_of: mcd.quant, in: ecp.supports_quant}",
      "{value: mcd.context_max, lt: ecp.max_context}",
      "{value: mcd.context_max, le: ecp.max_context}",
      "{value: mcd.vocab_size, gt: ecp.max_context}",
      "{value: mcd.vocab_size, ge: ecp.max_context}",
  };
  Mcd mcd = testing::SeedMcd();
  mcd.quant = {"fp16"};
  for (const std::string check : checks) {
    CAPTURE(check);
    const CapabilityMatcher matcher(testing::MakeRules(
        {{"kinds.yaml", std::string(testing::kKindsYaml)},
         {"rules.yaml",
          "kind: cmatch.rules/v1\nname: r\nversion: \"1\"\nfields:\n"
          "  mcd.model_id: {type: text}\n"
          "  mcd.positional: {type: kind, of: positional}\n"
          "  mcd.attention: {type: kind, of: attention}\n"
          "  mcd.quant: {type: kinds, of: quant}\n"
          "  mcd.context_max: {type: integer}\n  mcd.vocab_size: {type: integer}\n"
          "  ecp.supports_positional: {type: kinds, of: positional}\n"
          "  ecp.supports_attention: {type: kinds, of: attention}\n"
          "  ecp.supports_quant: {type: kinds, of: quant}\n"
          "  ecp.max_context: {type: integer}\n"
          "rules:\n  - {id: ONE, name: a, severity: error, check: " +
              check + ", error: RuleFailed, message: m, source: s}\n"}}));
    const auto worker = matcher.Bind(testing::SeedEcp());
    REQUIRE(worker.has_value());
    const std::size_t before = g_allocations;
    const auto verdict = matcher.Check(mcd, *worker);
    const std::size_t after = g_allocations;
    CHECK(after == before);
    REQUIRE(verdict.has_value());
    CHECK(*verdict == matcher.Check(*matcher.Bind(mcd), *worker));
  }
}

}  // namespace
}  // namespace cmatch
