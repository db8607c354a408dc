// Out of memory at every allocation in turn: a status comes back, nothing leaks, and what was there
// before still answers. Each allocation fails once alone, and once with all that follow it.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>

#include "cmatch.h"
#include "failing_malloc.h"
#include "support/files.h"
#include "support/gguf_writer.h"

namespace {

using cmatch::testing::FailingMalloc;

constexpr const char* kMcd =
    R"({"model_id":"m","positional":"rope_neox","attention":"gqa","quant":["q4_0"],)"
    R"("context_max":32768,"vocab_size":32000,"head_dim":128})";
constexpr const char* kEcp =
    R"({"worker_id":"w","supports_positional":["rope_llama"],"supports_attention":["gqa"],)"
    R"("supports_quant":["q8_0"],"max_context":8192,"vram_bytes":24000000000})";

int failures = 0;
std::int64_t first_allocation = 0;  // to look at one of many

void Expect(bool condition, const char* what, const std::string& where) {
  if (condition) return;
  std::fprintf(stderr, "%s: %s\n", where.c_str(), what);
  ++failures;
}

cmatch_str ToC(const std::string& text) { return {text.data(), text.size()}; }

// What a call has done; its error object is looked at and freed.
cmatch_status Finish(cmatch_status status, cmatch_error* error) {
  if (status != CMATCH_OK && status != CMATCH_INCOMPATIBLE) {
    Expect(error != nullptr, "a failure without an error object", "Finish");
    Expect(cmatch_error_status(error) == status, "an error of another status", "Finish");
    Expect(cmatch_error_message(error).len > 0, "an error without a message", "Finish");
  }
  cmatch_error_free(error);
  return status;
}

// Runs `call` with each of its allocations failing in turn until none is left to fail. `call` frees
// what it makes and returns its status; `want` is that of success.
// `step` leaves some out: `alone` where one fails alone, `for_good` where all that follow fail too,
// which are many, and stop at the first.
struct Steps {
  std::int64_t alone = 1;
  std::int64_t for_good = 1;
};

void FailEach(const std::string& name, cmatch_status want,
              const std::function<cmatch_status()>& call, Steps steps = {}) {
  Expect(call() == want, "fails without any allocation failing", name);
  std::int64_t no_memory = 0, absorbed = 0;
  std::int64_t allocations = 0;
  for (const bool for_good : {false, true}) {
    for (std::int64_t n = first_allocation;; n += for_good ? steps.for_good : steps.alone) {
      const std::int64_t live = FailingMalloc::Live();
      FailingMalloc::Arm(n, for_good);
      const cmatch_status status = call();
      const bool failed = FailingMalloc::Disarm();
      const std::int64_t lost = FailingMalloc::Live() - live;
      const std::string where = name + ", allocation " + std::to_string(n);
      Expect(lost == 0, "leaks", where);
      if (!failed) {
        Expect(status == want, "another answer", where);
        allocations = n;
        break;
      }
      // An allocation that is not needed may fail without a trace (a log record, a buffer).
      ++(status == CMATCH_E_NOMEM ? no_memory : absorbed);
      Expect(status == CMATCH_E_NOMEM || status == want, cmatch_status_name(status), where);
    }
  }
  std::printf("%-24s %6lld allocations: %lld out of memory, %lld done without\n", name.c_str(),
              static_cast<long long>(allocations), static_cast<long long>(no_memory),
              static_cast<long long>(absorbed));
}

void TestChecks(const cmatch_rules* rules) {
  FailEach("check_json", CMATCH_INCOMPATIBLE, [&] {
    cmatch_report* report = nullptr;
    cmatch_error* error = nullptr;
    cmatch_text* text = nullptr;
    cmatch_status status = cmatch_check_json(rules, cmatch_cstr(kMcd), cmatch_cstr(kEcp),
                                             CMATCH_FLAG_TRACE, &report, &error);
    if (report != nullptr && cmatch_report_json(report, &text) == CMATCH_E_NOMEM) {
      status = CMATCH_E_NOMEM;
      error = nullptr;
      cmatch_report_free(report);
      return status;
    }
    cmatch_text_free(text);
    cmatch_report_free(report);
    return Finish(status, error);
  });
  FailEach("model, worker, verdict", CMATCH_OK, [&] {
    cmatch_model* model = nullptr;
    cmatch_worker* worker = nullptr;
    cmatch_error* error = nullptr;
    cmatch_worker_choice choice{};
    choice.struct_size = sizeof choice;
    choice.engine = cmatch_cstr("vllm@0.9.0");
    choice.gpu = cmatch_cstr("RTX 4090");
    cmatch_status status =
        cmatch_model_from_json(rules, cmatch_cstr(kMcd), nullptr, &model, &error);
    if (status == CMATCH_OK) status = cmatch_worker_from_tables(rules, &choice, &worker, &error);
    if (status == CMATCH_OK) status = cmatch_check(rules, model, worker, nullptr);
    cmatch_model_free(model);
    cmatch_worker_free(worker);
    return Finish(status, error);
  });
  cmatch_model* model = nullptr;
  cmatch_worker* worker = nullptr;
  cmatch_model_from_json(rules, cmatch_cstr(kMcd), nullptr, &model, nullptr);
  cmatch_worker_from_json(rules, cmatch_cstr(kEcp), &worker, nullptr);
  FailEach("fleet", CMATCH_OK, [&] {
    cmatch_fleet* fleet = nullptr;
    cmatch_error* error = nullptr;
    cmatch_fleet_options options{};
    options.struct_size = sizeof options;
    options.models_for_worker = 1;
    std::uint64_t bits = 0;
    cmatch_fleet_counts counts{};
    counts.struct_size = sizeof counts;
    cmatch_status status = cmatch_fleet_new(rules, &model, 1, &worker, 1, &options, &fleet, &error);
    if (status != CMATCH_OK) return Finish(status, error);
    status = cmatch_fleet_workers_for(fleet, 0, 1, &bits, 1);  // these have no error object
    if (status == CMATCH_OK) status = cmatch_fleet_models_for(fleet, 0, &bits, 1);
    if (status == CMATCH_OK) status = cmatch_fleet_count(fleet, 0, 1, &counts);
    cmatch_fleet_free(fleet);
    return status;
  });
  cmatch_worker_free(worker);
  cmatch_model_free(model);
  FailEach("errors", CMATCH_INVALID_MCD, [&] {
    cmatch_error* error = nullptr;
    const cmatch_status status =
        cmatch_check_json(rules, cmatch_cstr(R"({"model_id": "", "quant": [7)"), cmatch_cstr("[]"),
                          0, nullptr, &error);
    return Finish(status, error);
  });
}

void TestGguf(const cmatch_rules* rules, const std::string& path, const std::string& bytes) {
  FailEach("GGUF from memory", CMATCH_OK, [&] {
    cmatch_model* model = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_status status = cmatch_model_from_bytes(rules, cmatch_cstr("m.gguf"), bytes.data(),
                                                         bytes.size(), nullptr, &model, &error);
    cmatch_model_free(model);
    return Finish(status, error);
  });
  FailEach("GGUF from a file", CMATCH_OK, [&] {
    cmatch_model* model = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_status status = cmatch_model_from_path(rules, ToC(path), nullptr, &model, &error);
    cmatch_model_free(model);
    return Finish(status, error);
  });
}

void TestReload(const cmatch::testing::TempDir& directory) {
  const std::string path = directory.path().string();
  const cmatch_str paths[] = {ToC(path)};
  directory.Write("rules/ignored.txt", "");
  directory.Write("site.yaml",
                  "kind: cmatch.overlay/v1\nlayer: site\nreason: test\nowner: ops\nset:\n"
                  "  - target: rules/CMATCH-8030.4/severity\n    value: warning\n");
  cmatch_store* store = nullptr;
  Expect(cmatch_store_new(paths, 1, nullptr, &store, nullptr) == CMATCH_OK, "no store", "reload");
  FailEach("reload", CMATCH_OK,
           [&] {
             cmatch_error* error = nullptr;
             const std::uint64_t before = cmatch_store_generation(store);
             const cmatch_status status = cmatch_store_reload(store, nullptr, 0, &error);
             Finish(status, error);
             cmatch_rules* rules = cmatch_store_get(store);
             const std::uint64_t now = before + (status == CMATCH_OK ? 1 : 0);
             Expect(cmatch_rules_generation(rules) == now, "swapped, or not", "reload");
             Expect(cmatch_rules_digest(rules).len > 0, "no set", "reload");
             cmatch_rules_free(rules);
             return status;
           },
           {.for_good = 8});
  cmatch_store_free(store);
}

void Keep(void*, std::int32_t, cmatch_str) {}

void TestRules() {
  FailEach("built-in rules, logged", CMATCH_OK,
           [] {
             cmatch_rules* rules = nullptr;
             cmatch_error* error = nullptr;
             cmatch_options options{};
             options.struct_size = sizeof options;
             options.log = Keep;
             const cmatch_status status = cmatch_rules_builtin(&options, &rules, &error);
             cmatch_rules_free(rules);
             return Finish(status, error);
           },
           {.alone = 29, .for_good = 64});  // the reload below makes these too, each of them
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  const cmatch::testing::TempDir directory;
  const std::string bytes = cmatch::testing::SmallModel().Bytes();
  const std::string gguf = directory.Write("models/small.gguf", bytes);
  cmatch_rules* rules = nullptr;
  Expect(cmatch_rules_builtin(nullptr, &rules, nullptr) == CMATCH_OK, "no rules", "main");
  if (argc > 1) {
    first_allocation = std::atoll(argv[1]);
  } else {
    TestChecks(rules);
    TestGguf(rules, gguf, bytes);
    TestRules();
  }
  TestReload(directory);
  cmatch_rules_free(rules);
  return failures == 0 ? 0 : 1;
}
