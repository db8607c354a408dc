#include "support/fleet.h"

#include <algorithm>
#include <limits>

#include "cmatch/build_ecp.h"
#include "support/rules.h"

namespace cmatch::testing {
namespace {

bool Has(std::span<const std::uint64_t> bits, std::size_t at) {
  return bits[at / 64] >> (at % 64) & 1;
}

std::string Place(std::size_t model, std::size_t worker, std::string_view what) {
  return "model " + std::to_string(model) + ", worker " + std::to_string(worker) + ": " +
         std::string(what);
}

// Bits past the last worker, and each outcome, of one model of a block.
std::string RowDisagreement(const Fleet& fleet, const FleetBlock& block, std::size_t row) {
  const std::size_t model = block.first_model + row;
  const std::size_t rules = fleet.matcher().rules().tables().rules.size();
  for (std::size_t i = 0; i < block.workers; ++i) {
    const std::size_t worker = block.first_worker + i;
    const Verdict want = fleet.matcher().Check(fleet.models()[model], fleet.workers()[worker]);
    if (Has(block.Compatible(row), i) != want.compatible()) return Place(model, worker, "verdict");
    for (std::size_t rule = 0; rule < rules; ++rule) {
      const std::pair<FleetBlock::Bits, const Verdict::Bits*> maps[] = {
          {block.Failed(rule, row), &want.failed},
          {block.Warned(rule, row), &want.warned},
          {block.Skipped(rule, row), &want.skipped},
          {block.Waived(rule, row), &want.waived}};
      for (std::size_t m = 0; m < 4; ++m) {
        if (Has(maps[m].first, i) == Verdict::Has(*maps[m].second, rule)) continue;
        static constexpr const char* kNames[] = {"failed", "warned", "skipped", "waived"};
        return Place(model, worker,
                     std::string(kNames[m]) + " of rule " +
                         std::string(fleet.matcher().rules().tables().rules[rule].id));
      }
    }
  }
  for (std::size_t i = block.workers; i < 64 * block.Compatible(row).size(); ++i) {
    if (Has(block.Compatible(row), i)) return Place(model, i, "a bit past the last worker");
    for (std::size_t rule = 0; rule < rules; ++rule) {
      if (Has(block.Failed(rule, row), i) || Has(block.Warned(rule, row), i) ||
          Has(block.Skipped(rule, row), i) || Has(block.Waived(rule, row), i)) {
        return Place(model, i, "a bit past the last worker");
      }
    }
  }
  return {};
}

std::string QueryDisagreement(const Fleet& fleet, const std::vector<std::uint64_t>& compatible,
                              std::size_t words) {
  for (std::size_t model = 0; model < fleet.models().size(); ++model) {
    const std::vector<std::uint64_t> workers = fleet.WorkersFor(model);
    if (!std::ranges::equal(workers, std::span(compatible).subspan(model * words, words))) {
      return "WorkersFor(" + std::to_string(model) + ")";
    }
  }
  for (std::size_t worker = 0; worker < fleet.workers().size(); ++worker) {
    const std::vector<std::uint64_t> models = fleet.ModelsFor(worker);
    for (std::size_t model = 0; model < 64 * models.size(); ++model) {
      const bool want = model < fleet.models().size() &&
                        Has(std::span(compatible).subspan(model * words, words), worker);
      if (Has(models, model) != want) return Place(model, worker, "ModelsFor");
    }
  }
  return {};
}

}  // namespace

std::string FleetDisagreement(const Fleet& fleet) {
  const std::size_t words = (fleet.workers().size() + 63) / 64;
  std::vector<std::uint64_t> compatible(fleet.models().size() * words);
  std::size_t pairs = 0;
  std::string difference;
  fleet.ForEachBlock(0, fleet.models().size(), [&](const FleetBlock& block) {
    pairs += block.models * block.workers;
    for (std::size_t row = 0; row < block.models && difference.empty(); ++row) {
      difference = RowDisagreement(fleet, block, row);
      std::ranges::copy(
          block.Compatible(row),
          compatible.begin() + static_cast<std::ptrdiff_t>((block.first_model + row) * words +
                                                           block.first_worker / 64));
    }
  });
  if (!difference.empty()) return difference;
  if (pairs != fleet.models().size() * fleet.workers().size()) return "a number of pairs";
  return QueryDisagreement(fleet, compatible, words);
}

std::string RandomFleet::Pick(const Names& names) {
  return names[static_cast<std::size_t>(Below(static_cast<int>(names.size())))];
}

std::vector<std::string> RandomFleet::Some(const Names& names) {
  std::vector<std::string> some;
  for (const std::string& name : names) {
    if (Below(3) == 0) some.push_back(name);
  }
  return some;
}

std::string RandomFleet::KindTest() {
  const std::string a = Side();
  const std::string b = Side();
  switch (Below(9)) {
    case 0:
      return "{value: " + a + "one, in: " + b + "many}";
    case 1:
      return "{any_of: " + a + "many, in: " + b + "many}";
    case 2:
      return "{each_of: " + a + "many, in: " + b + "many}";
    case 3:
      return "{value: " + a + "one, eq: " + b + "one}";
    case 4:
      return "{any_of: " + a + "many, in: [fp16, q4_k_m]}";
    case 5:
      return "{each_of: " + a + "many, in: [fp16, fp8, int8]}";
    case 6:
      return "{value: " + a + "one, in: [fp8, int8]}";
    case 7:
      return "{" + Pick({"any_of", "each_of"}) + ": mcd.many, in: ecp.supports_quant}";
    default:
      return "{" + Pick({"any_of", "each_of"}) + ": ecp.supports_quant, in: mcd.many}";
  }
}

std::string RandomFleet::NumberTest() {
  const std::string relation = Pick({"lt", "le", "gt", "ge", "eq"});
  const std::string a = Side();
  const std::string b = Side();
  const std::string right = Coin() ? b + Pick({"n", "m", "size"}) : Pick({"1", "2", "3"});
  switch (Below(7)) {
    case 0:
      return "{value: " + a + Pick({"n", "size"}) + ", " + relation + ": " + right + "}";
    case 1:
      return "{least_of: [" + a + "n, " + (Below(4) == 0 ? b : a) + "m], " + relation + ": " +
             right + "}";
    case 2:
      return "{" + Pick({"any_of: ", "each_of: "}) + a + "list, " + relation + ": " + right + "}";
    case 3:
      return "{" + Pick({"any_of: ", "each_of: "}) + a + "list, multiple_of: " + right + "}";
    case 4:
      return "{" + Pick({"value: " + a + "n", "each_of: " + a + "list"}) + ", multiple_of: [" + b +
             "n, " + a + "m]}";
    case 5:
      return "{value: " + a + "n, in: [1, 3]}";
    default:
      return "{value: " + a + "n, " + relation + ": " + b + "m}";
  }
}

std::string RandomFleet::OtherTest() {
  const std::string relation = Pick({"lt", "le", "gt", "ge", "eq"});
  const std::string a = Side();
  const std::string b = Side();
  switch (Below(9)) {
    case 0:
      return "{value: " + a + "real, " + relation + ": " + b + "real}";
    case 1:
      return "{value: " + a + "flag, eq: " + (Coin() ? b + "flag" : "true") + "}";
    case 2:
      return "{value: " + a + "cc, " + relation + ": " + (Coin() ? b + "cc" : "\"8.0\"") + "}";
    case 3:
      return "{value: " + a + "ver, " + relation + ": " + (Coin() ? b + "ver" : "\"1.5\"") + "}";
    case 4:
      return "{value: " + a + "word, eq: " + b + "word}";
    case 5:
      return "{value: " + a + "word, in: [x, y]}";
    case 6:
      return "{value: ecp.compute, in: ecp.floor}";
    case 7:
      return "{some_path: ecp.paths}";
    default:
      return "{value: " + a + Pick({"one", "many", "n", "list", "word", "ver"}) +
             ", known: " + Pick({"true", "false"}) + "}";
  }
}

std::string RandomFleet::Test() {
  const int sort = Below(3);
  return sort == 0 ? KindTest() : sort == 1 ? NumberTest() : OtherTest();
}

std::string RandomFleet::Clause(int depth) {
  if (depth == 0 || Below(3) == 0) return Test();
  if (Below(4) == 0) return "{not: " + Clause(depth - 1) + "}";
  std::string text = Coin() ? "{all: [" : "{any: [";
  for (int i = Below(3) + 1; i > 0; --i) text += Clause(depth - 1) + (i > 1 ? ", " : "]}");
  return text;
}

std::string RandomFleet::Rules(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    std::string more = "severity: " + Pick({"error", "error", "error", "warning", "\"off\""});
    if (Below(3) == 0) more += ", unknown: " + Pick({"skip", "fail", "warn"});
    if (Below(3) == 0) more += ", when: " + Clause(2);
    text += RuleYaml("R-" + std::to_string(i), Clause(3), more);
  }
  return text;
}

std::int64_t RandomFleet::Number(int limit) {
  return Below(8) == 0 ? std::numeric_limits<std::int64_t>::max() : Below(limit);
}

template <typename Attributes>
void RandomFleet::Fill(Attributes& attributes) {
  const Names kinds = {"fp16", "fp8", "F16", "int8", "q4_k_m", "Brand-New", "other_one"};
  const auto stated = [&] { return Below(5) != 0; };
  if (stated()) attributes["one"] = S(Pick(kinds));
  if (stated()) attributes["many"] = Some(kinds);
  if (stated()) attributes["n"] = I(Number(4));
  if (stated()) attributes["m"] = I(Number(5));
  if (stated()) attributes["size"] = I(Below(4));
  if (stated()) attributes["real"] = Below(4) / 2.0 - 0.5;
  if (stated()) attributes["flag"] = Coin();
  if (stated()) attributes["word"] = S(Pick({"x", "y", "a longer word than eight", ""}) + "z");
  if (stated()) attributes["cc"] = S(Pick({"7.5", "8.0", "9.0"}));
  if (stated()) attributes["ver"] = S(Pick({"1.0", "1.5", "1.5.0", "2.0rc1"}));
  if (!stated()) return;
  std::vector<std::int64_t> list(static_cast<std::size_t>(Below(4)));
  for (std::int64_t& each : list) each = Below(5);
  if (Coin() && !list.empty()) {
    attributes["list"] = I(list[0]);
  } else {
    attributes["list"] = list;
  }
}

Mcd RandomFleet::NextMcd() {
  Mcd mcd = SeedMcd();
  mcd.model_id = Pick({"org/a", "org/b", "lab/a"});
  mcd.quant = {Pick({"fp16", "fp8", "int8", "brand_new"})};
  if (Coin()) mcd.attributes["head_dim"] = I(Pick({"64", "96", "200", "512"})[0] * 4);
  Fill(mcd.attributes);
  return mcd;
}

Ecp RandomFleet::NextEcp(const RuleSet& rules) {
  Ecp ecp = SeedEcp();
  if (Coin()) {
    GpuFacts gpu;
    gpu.compute = ParseCompute(Pick({"7.0", "7.5", "8.0", "8.6", "8.9", "10.0"}));
    if (Coin()) gpu.driver = Pick({"525.60.13", "580.1"});
    const auto built =
        BuildEcp(rules, {.engine = "toy", .version = Pick({"1.0", "2.0", "2.5"})}, gpu);
    if (built) ecp = *built;
  } else {
    ecp.supports_quant = Some({"fp16", "fp8", "int8", "brand_new"});
  }
  ecp.worker_id = Pick({"gpu-0", "gpu-1", "cpu-0"});
  Fill(ecp.attributes);
  return ecp;
}

}  // namespace cmatch::testing
