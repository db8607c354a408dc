#ifndef CMATCH_C_OBJECTS_H_
#define CMATCH_C_OBJECTS_H_

// What is behind the opaque types of cmatch.h. Each begins with a tag that tells its type and the
// ABI version of the library that made it, so that a wrong pointer is a status and not a crash. All
// but cmatch_store never change once made.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cmatch.h"
#include "cmatch/build_ecp.h"
#include "cmatch/check.h"
#include "cmatch/fleet.h"
#include "cmatch/gpu_facts.h"
#include "cmatch/rule_store.h"
#include "log.h"

namespace cmatch::c {

// "cmatch", the type, the ABI version.
constexpr std::uint64_t TagOf(char type) {
  return std::uint64_t{0x636d61746368} << 16 |
         std::uint64_t{static_cast<unsigned char>(type)} << 8 | CMATCH_ABI_VERSION;
}

template <char kType>
struct Tagged {
  static constexpr std::uint64_t kTag = TagOf(kType);

  Tagged() = default;
  Tagged(const Tagged&) = delete;
  Tagged& operator=(const Tagged&) = delete;
  // Through volatile, or the store to a dying object would be left out.
  ~Tagged() { *const_cast<volatile std::uint64_t*>(&tag) = 0; }

  std::uint64_t tag = kTag;
};

// What a worker was built from, kept so that it can be built from other tables.
struct WorkerSource {
  EngineChoice choice;
  std::string gpu;  // what ParseGpu() takes; else
  GpuFacts facts;   // one of an inventory
};

}  // namespace cmatch::c

struct cmatch_text : cmatch::c::Tagged<'T'> {
  explicit cmatch_text(std::string string) : text(std::move(string)) {}
  std::string text;
};

struct cmatch_error : cmatch::c::Tagged<'E'> {
  cmatch_error(cmatch_status code, cmatch::Error&& what) : status(code), error(std::move(what)) {}
  cmatch_status status;
  cmatch::Error error;
};

struct cmatch_rules : cmatch::c::Tagged<'R'> {
  cmatch_rules(std::shared_ptr<const cmatch::RuleSet> set, std::string_view today,
               std::shared_ptr<cmatch::c::Log> sink, std::uint64_t number)
      : matcher(set, {.today = today}),
        tracer(set, {.today = today, .trace = true}),
        rules(std::move(set)),
        log(std::move(sink)),
        generation(number) {}

  mutable std::atomic<std::uint64_t> references{1};
  cmatch::CapabilityMatcher matcher;
  cmatch::CapabilityMatcher tracer;  // the same, with a trace
  std::shared_ptr<const cmatch::RuleSet> rules;
  std::shared_ptr<cmatch::c::Log> log;  // null: none
  std::uint64_t generation;
};

struct cmatch_model : cmatch::c::Tagged<'M'> {
  cmatch_model(cmatch::Model bound, std::shared_ptr<const cmatch::RuleSet> set,
               std::vector<cmatch::Finding> found);

  cmatch::Model model;
  std::shared_ptr<const cmatch::RuleSet> rules;
  std::vector<cmatch::Finding> warnings;  // of its sources, for every report
  std::vector<cmatch_str> quant;          // views into model.mcd()
};

struct cmatch_worker : cmatch::c::Tagged<'W'> {
  cmatch_worker(cmatch::Worker bound, std::shared_ptr<const cmatch::RuleSet> set,
                std::vector<cmatch::Finding> found, std::optional<cmatch::c::WorkerSource> from);

  cmatch::Worker worker;
  std::shared_ptr<const cmatch::RuleSet> rules;
  std::vector<cmatch::Finding> warnings;
  std::vector<cmatch_str> positional, attention, quant;  // views into worker.ecp()
  std::optional<cmatch::c::WorkerSource> source;
};

struct cmatch_fleet : cmatch::c::Tagged<'F'> {
  explicit cmatch_fleet(cmatch::Fleet all) : fleet(std::move(all)) {}
  cmatch::Fleet fleet;
};

struct cmatch_report : cmatch::c::Tagged<'P'> {
  cmatch_report(cmatch::Report&& what, std::uint64_t number)
      : report(std::move(what)), generation(number) {}
  cmatch::Report report;
  std::uint64_t generation;
};

struct cmatch_store : cmatch::c::Tagged<'S'> {
  ~cmatch_store();

  cmatch::RuleStore store;
  std::shared_ptr<cmatch::c::Log> log;
  std::mutex writers;          // one reload or set_today at a time
  std::string today;           // guarded by writers
  mutable std::mutex pointer;  // guards `current`, held to copy it only
  cmatch_rules* current = nullptr;
};

#endif  // CMATCH_C_OBJECTS_H_
