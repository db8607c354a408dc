// The C ABI as a row of calls: each byte of the input picks a call, what follows its arguments.
// Objects go to slots and are used again, freed, handed in as another type, or left out.

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "cmatch.h"
#include "fuzz/feed.h"
#include "fuzz/fuzz.h"
#include "support/gguf_writer.h"

namespace cmatch::fuzz {
namespace {

constexpr std::size_t kSlots = 3;
constexpr int kMostCalls = 24;

cmatch_str ToC(std::string_view text) { return {text.data(), text.size()}; }
std::string_view View(cmatch_str text) { return {text.ptr == nullptr ? "" : text.ptr, text.len}; }

// Documents that are good, so that a short input gets far.
constexpr std::string_view kModel =
    R"({"model_id":"m","positional":"rope_neox","attention":"gqa","quant":["q4_0"],)"
    R"("context_max":32768,"vocab_size":32000,"head_dim":128})";
constexpr std::string_view kProfile =
    R"({"worker_id":"w","supports_positional":["rope_llama"],"supports_attention":["gqa"],)"
    R"("supports_quant":["q8_0"],"max_context":8192,"vram_bytes":24000000000})";
constexpr std::string_view kCatalog =
    R"({"m":{"capabilities":{"positional":"alibi","attention":"mha","quant":["fp16"],)"
    R"("context_max":2048,"vocab_size":50257}}})";
constexpr std::string_view kInventory =
    R"({"gpus":[{"index":0,"name":"L4","vram_gb":24,"compute_capability":"8.9"}]})";

// A struct of the C ABI with bytes after it, as a caller of another version would hand it in.
template <typename T>
struct Sized {
  explicit Sized(Feed& feed) : in{} {
    static constexpr int kChoices[] = {0, 0, 0, 0, 0, 0, 8, 16, -8, -16};
    const std::size_t choice = feed.Below(12);
    in.value.struct_size = sizeof(T);
    if (choice < std::size(kChoices)) {
      in.value.struct_size = sizeof(T) + static_cast<std::size_t>(kChoices[choice]);
    } else {
      in.value.struct_size = choice == 10 ? 0 : 4;
    }
    in.after[7] = static_cast<unsigned char>(feed.Below(4) == 3 ? 1 : 0);
  }
  struct {
    T value;
    unsigned char after[32];
  } in;
};

class Caller {
 public:
  explicit Caller(std::string_view input) : feed_(input) {
    static cmatch_rules* const builtin = [] {
      cmatch_rules* rules = nullptr;
      Expect(cmatch_rules_builtin(nullptr, &rules, nullptr) == CMATCH_OK, "built-in rules load");
      return rules;
    }();
    static cmatch_rules* const dated = [] {
      cmatch_options options{};
      options.struct_size = sizeof options;
      options.today = cmatch_cstr("2026-01-01");
      cmatch_rules* rules = nullptr;
      cmatch_rules_with(builtin, &options, &rules, nullptr);
      return rules;
    }();
    rules_ = {cmatch_rules_ref(builtin), cmatch_rules_ref(dated), nullptr};
  }

  ~Caller() {
    for (std::size_t i = 0; i < kSlots; ++i) {
      cmatch_rules_free(rules_[i]);
      cmatch_model_free(models_[i]);
      cmatch_worker_free(workers_[i]);
      cmatch_report_free(reports_[i]);
    }
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  void Run() {
    for (int calls = 0; calls < kMostCalls && !feed_.empty(); ++calls) {
      switch (feed_.Below(20)) {
        case 0:
          RulesWith();
          break;
        case 1:
          ModelFromJson();
          break;
        case 2:
          ModelFromBytes();
          break;
        case 3:
          ModelFromStruct();
          break;
        case 4:
          ModelFromCatalog();
          break;
        case 5:
          WorkerFromJson();
          break;
        case 6:
          WorkerFromTables();
          break;
        case 7:
          WorkerFromStruct();
          break;
        case 8:
          Rebind();
          break;
        case 9:
          Free();
          break;
        case 10:
          CheckJson();
          break;
        case 11:
          CheckMany();
          break;
        case 12:
          WrongTypes();
          break;
        case 13:
          Describe();
          break;
        case 14:
          Fleet();
          break;
        default:
          Check();
          break;
      }
    }
  }

 private:
  cmatch_rules* AnyRules() { return rules_[feed_.Below(kSlots)]; }
  cmatch_model*& AnyModel() { return models_[feed_.Below(kSlots)]; }
  cmatch_worker*& AnyWorker() { return workers_[feed_.Below(kSlots)]; }
  // What the input says, or a good one where that is nothing.
  std::string_view TextOr(std::string_view good) {
    const std::string_view text = feed_.View();
    return text.empty() ? good : text;
  }

  // What a call owes its caller; frees the error.
  template <typename T>
  void Finish(cmatch_status status, T* out, cmatch_error* error, bool gives = true) {
    const bool done = status == CMATCH_OK || status == CMATCH_INCOMPATIBLE;
    Expect(done || out == nullptr, "a call that fails gives no object");
    Expect(!done || !gives || out != nullptr, "a call that is done gives its object");
    Expect(done == (error == nullptr), "a call that fails says why");
    Expect(std::string_view(cmatch_status_name(status)) != "CMATCH_UNKNOWN", "a status has a name");
    Expect(status != CMATCH_E_INTERNAL && status != CMATCH_E_NOMEM, "no fault of the library");
    if (error == nullptr) return;
    Expect(cmatch_error_status(error) == status, "an error has the status of its call");
    Expect(!View(cmatch_error_message(error)).empty(), "an error has a message");
    for (std::size_t i = 0; i <= cmatch_error_count(error); ++i) {
      Sized<cmatch_problem> problem(feed_);
      cmatch_error_at(error, i, &problem.in.value);
    }
    cmatch_text* text = nullptr;
    Expect(cmatch_error_json(error, &text) == CMATCH_OK, "an error can be written");
    ExpectJson(View(cmatch_text_str(text)));
    cmatch_text_free(text);
    cmatch_error_free(error);
  }

  void Keep(cmatch_model* model, cmatch_status status, cmatch_error* error) {
    Finish(status, model, error);
    cmatch_model*& slot = AnyModel();
    cmatch_model_free(slot);
    slot = model;
  }
  void Keep(cmatch_worker* worker, cmatch_status status, cmatch_error* error) {
    Finish(status, worker, error);
    cmatch_worker*& slot = AnyWorker();
    cmatch_worker_free(slot);
    slot = worker;
  }

  void RulesWith() {
    Sized<cmatch_options> options(feed_);
    options.in.value.today = ToC(feed_.View());
    options.in.value.log_level = static_cast<std::int32_t>(feed_.Below(8)) - 1;
    options.in.value.reserved = static_cast<std::int32_t>(feed_.Below(8) == 7);
    cmatch_rules* made = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_status status = cmatch_rules_with(AnyRules(), &options.in.value, &made, &error);
    Finish(status, made, error);
    cmatch_rules*& slot = rules_[feed_.Below(kSlots)];
    cmatch_rules_free(slot);
    slot = made;
  }

  // A null pointer where the input wants none.
  template <typename T>
  T* OrNull(T* pointer) {
    return feed_.Below(8) == 7 ? nullptr : pointer;
  }

  void ModelFromJson() {
    Sized<cmatch_model_options> options(feed_);
    options.in.value.requested_context = feed_.Number();
    cmatch_model* model = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_str json = ToC(TextOr(kModel));
    const cmatch_status status =
        cmatch_model_from_json(AnyRules(), json, OrNull(&options.in.value), &model, &error);
    Keep(model, status, error);
  }

  void ModelFromBytes() {
    static const std::string gguf = testing::SmallModel().Bytes();
    Sized<cmatch_model_options> options(feed_);
    options.in.value.header_only = static_cast<std::int32_t>(feed_.Below(3));
    cmatch_model* model = nullptr;
    cmatch_error* error = nullptr;
    const std::string_view bytes = TextOr(gguf);
    const std::size_t size = std::min(bytes.size(), feed_.Byte() * 8);
    const cmatch_status status =
        cmatch_model_from_bytes(AnyRules(), ToC(feed_.View()), bytes.data(), size,
                                OrNull(&options.in.value), &model, &error);
    Keep(model, status, error);
  }

  void ModelFromStruct() {
    Sized<cmatch_mcd> mcd(feed_);
    cmatch_mcd& value = mcd.in.value;
    const std::array<cmatch_str, 2> quant = {ToC(TextOr("q4_0")), ToC(TextOr("fp16"))};
    value.model_id = ToC(TextOr("m"));
    value.positional = ToC(TextOr("rope_llama"));
    value.attention = ToC(TextOr("gqa"));
    value.quant = quant.data();
    value.quant_count = feed_.Below(3);
    value.context_max = feed_.Number();
    value.vocab_size = feed_.Number();
    value.requested_context = feed_.Number();
    value.attributes = ToC(TextOr(R"({"head_dim":128})"));
    cmatch_model* model = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_status status = cmatch_model_from_mcd(AnyRules(), &value, &model, &error);
    Keep(model, status, error);
  }

  void ModelFromCatalog() {
    cmatch_model* model = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_str json = ToC(TextOr(kCatalog));
    const cmatch_status status =
        cmatch_model_from_catalog_json(AnyRules(), json, ToC(TextOr("m")), nullptr, &model, &error);
    Keep(model, status, error);
  }

  void WorkerFromJson() {
    cmatch_worker* worker = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_status status =
        cmatch_worker_from_json(AnyRules(), ToC(TextOr(kProfile)), &worker, &error);
    Keep(worker, status, error);
  }

  void WorkerFromTables() {
    Sized<cmatch_worker_choice> choice(feed_);
    cmatch_worker_choice& value = choice.in.value;
    const cmatch_pair launch = {ToC(TextOr("kv_cache")), ToC(TextOr("fp8"))};
    value.engine = ToC(TextOr("vllm@0.9.0"));
    value.build = ToC(feed_.View());
    if (feed_.Below(2) == 0) {
      value.gpu = ToC(TextOr("L4"));
    } else {
      value.inventory = ToC(TextOr(kInventory));
    }
    value.gpu_index = feed_.Below(2) == 0 ? CMATCH_NOT_KNOWN : feed_.Number();
    value.launch = &launch;
    value.launch_count = feed_.Below(2);
    value.worker_id = ToC(feed_.View());
    value.max_context = feed_.Number();
    cmatch_worker* worker = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_status status = cmatch_worker_from_tables(AnyRules(), &value, &worker, &error);
    Keep(worker, status, error);
  }

  void WorkerFromStruct() {
    Sized<cmatch_ecp> ecp(feed_);
    cmatch_ecp& value = ecp.in.value;
    const std::array<cmatch_str, 2> kinds = {ToC(TextOr("rope_llama")), ToC(TextOr("gqa"))};
    value.worker_id = ToC(TextOr("w"));
    value.supports_positional = value.supports_attention = value.supports_quant = kinds.data();
    value.supports_positional_count = feed_.Below(3);
    value.supports_attention_count = feed_.Below(3);
    value.supports_quant_count = feed_.Below(3);
    value.max_context = feed_.Number();
    value.vram_bytes = feed_.Below(2) == 0 ? CMATCH_NOT_KNOWN : feed_.Number();
    value.attributes = ToC(feed_.View());
    cmatch_worker* worker = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_status status = cmatch_worker_from_ecp(AnyRules(), &value, &worker, &error);
    Keep(worker, status, error);
  }

  void Rebind() {
    cmatch_error* error = nullptr;
    if (feed_.Below(2) == 0) {
      cmatch_model* model = nullptr;
      const cmatch_status status = cmatch_model_rebind(AnyRules(), AnyModel(), &model, &error);
      return Keep(model, status, error);
    }
    cmatch_worker* worker = nullptr;
    const cmatch_status status = cmatch_worker_rebind(AnyRules(), AnyWorker(), &worker, &error);
    Keep(worker, status, error);
  }

  void Free() {
    const std::size_t slot = feed_.Below(kSlots);
    switch (feed_.Below(4)) {
      case 0:
        cmatch_rules_free(rules_[slot]);
        rules_[slot] = nullptr;
        break;
      case 1:
        cmatch_model_free(models_[slot]);
        models_[slot] = nullptr;
        break;
      case 2:
        cmatch_worker_free(workers_[slot]);
        workers_[slot] = nullptr;
        break;
      default:
        cmatch_report_free(reports_[slot]);
        reports_[slot] = nullptr;
        break;
    }
  }

  // The fast path and the report say the same, and the bits are those of the report.
  void Check() {
    cmatch_rules* rules = AnyRules();
    cmatch_model* model = AnyModel();
    cmatch_worker* worker = AnyWorker();
    cmatch_verdict verdict{};
    verdict.struct_size = sizeof verdict;
    const cmatch_status fast = cmatch_check(rules, model, worker, &verdict);
    const auto flags = static_cast<std::uint32_t>(feed_.Below(5));
    cmatch_report* report = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_status status = cmatch_report_new(rules, model, worker, flags, &report, &error);
    const bool left_out = flags <= 3 && (flags & CMATCH_FLAG_IF_INCOMPATIBLE) != 0;
    Finish(status, report, error, !left_out);
    if (flags <= 3) Expect(fast == status, "check and report answer the same");
    if (report != nullptr) Look(report, verdict);
    cmatch_report*& slot = reports_[feed_.Below(kSlots)];
    cmatch_report_free(slot);
    slot = report;
  }

  void Look(const cmatch_report* report, const cmatch_verdict& verdict) {
    std::size_t failed = 0;
    for (const std::uint64_t word : verdict.failed) {
      failed += static_cast<std::size_t>(std::popcount(word));
    }
    Expect(cmatch_report_count(report, CMATCH_VIOLATIONS) == failed,
           "each failing rule is in the report");
    Expect((cmatch_report_compatible(report) == 1) == (failed == 0), "compatible: nothing fails");
    cmatch_text* text = nullptr;
    Expect(cmatch_report_json(report, &text) == CMATCH_OK, "a report can be written");
    const auto json = nlohmann::json::parse(View(cmatch_text_str(text)), nullptr, false);
    Expect(!json.is_discarded() && json["violations"].size() == failed &&
               json["compatible"] == (failed == 0),
           "the JSON form says the same", View(cmatch_text_str(text)));
    cmatch_text_free(text);
    for (std::int32_t list = -1; list <= 4; ++list) {
      for (std::size_t i = 0; i <= cmatch_report_count(report, list); ++i) LookAt(report, list, i);
    }
  }

  void LookAt(const cmatch_report* report, std::int32_t list, std::size_t i) {
    Sized<cmatch_finding> finding(feed_);
    const cmatch_status status = cmatch_report_at(report, list, i, &finding.in.value);
    Expect(status == CMATCH_OK || status < 0, "a finding, or a misuse");
    Expect((status == CMATCH_OK) <= (i < cmatch_report_count(report, list)), "no finding too many");
    for (std::size_t j = 0; j < 3; ++j) {
      static_cast<void>(cmatch_report_required(report, list, i, j));
      static_cast<void>(cmatch_report_supported(report, list, i, j));
    }
  }

  void CheckJson() {
    cmatch_report* report = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_str model = ToC(TextOr(kModel));
    const cmatch_str profile = ToC(TextOr(kProfile));
    const cmatch_status status =
        cmatch_check_json(AnyRules(), model, profile, CMATCH_FLAG_TRACE, &report, &error);
    Finish(status, report, error);
    cmatch_report_free(report);
  }

  void CheckMany() {
    cmatch_rules* rules = AnyRules();
    std::array<std::uint64_t, kSlots> bitmap;
    bitmap.fill(~std::uint64_t{0});
    const std::size_t words = feed_.Below(kSlots + 1);
    const cmatch_status status = cmatch_check_many(rules, models_.data(), kSlots, workers_.data(),
                                                   kSlots, bitmap.data(), words);
    if (status != CMATCH_OK) {
      return Expect(std::ranges::count(bitmap, ~std::uint64_t{0}) == kSlots,
                    "a call that fails leaves the bitmap alone");
    }
    for (std::size_t m = 0; m < kSlots; ++m) {
      Expect(bitmap[m] >> kSlots == 0, "bits after the last worker are 0");
      for (std::size_t w = 0; w < kSlots; ++w) {
        const bool fits = cmatch_check(rules, models_[m], workers_[w], nullptr) == CMATCH_OK;
        Expect((bitmap[m] >> w & 1) == (fits ? 1U : 0U), "every pair as by itself");
      }
    }
  }

  // A fleet answers as every pair does, both ways round.
  void Fleet() {
    cmatch_rules* rules = AnyRules();
    Sized<cmatch_fleet_options> options(feed_);
    options.in.value.models_for_worker = static_cast<std::int32_t>(feed_.Below(3));
    cmatch_fleet* fleet = nullptr;
    cmatch_error* error = nullptr;
    const cmatch_status status =
        cmatch_fleet_new(rules, models_.data(), feed_.Below(kSlots + 1), workers_.data(), kSlots,
                         OrNull(&options.in.value), &fleet, &error);
    Finish(status, fleet, error);
    for (std::size_t m = 0; m < cmatch_fleet_model_count(fleet); ++m) {
      std::uint64_t fits = 0;
      Expect(cmatch_fleet_workers_for(fleet, m, 1, &fits, 1) == CMATCH_OK, "a fleet answers");
      for (std::size_t w = 0; w < kSlots; ++w) {
        std::uint64_t models = 0;
        Expect(cmatch_fleet_models_for(fleet, w, &models, 1) == CMATCH_OK, "both ways");
        const bool pair = cmatch_check(rules, models_[m], workers_[w], nullptr) == CMATCH_OK;
        Expect((fits >> w & 1) == (pair ? 1U : 0U) && (models >> m & 1) == (pair ? 1U : 0U),
               "a fleet says of each pair what the pair says");
      }
    }
    cmatch_fleet_counts counts{};
    counts.struct_size = sizeof counts;
    cmatch_fleet_count(fleet, feed_.Below(4), feed_.Below(4), &counts);
    cmatch_fleet_free(fleet);
  }

  // An object where one of another type belongs.
  void WrongTypes() {
    const void* const objects[] = {AnyRules(), AnyModel(), AnyWorker(),
                                   reports_[feed_.Below(kSlots)]};
    const void* object = objects[feed_.Below(4)];
    const auto* rules = static_cast<const cmatch_rules*>(object);
    const auto* model = static_cast<const cmatch_model*>(object);
    const auto* worker = static_cast<const cmatch_worker*>(object);
    const auto* report = static_cast<const cmatch_report*>(object);
    cmatch_check(rules, model, worker, nullptr);
    static_cast<void>(cmatch_rules_digest(rules));
    static_cast<void>(cmatch_rules_id(rules, feed_.Byte()));
    static_cast<void>(cmatch_model_id(model));
    static_cast<void>(cmatch_worker_id(worker));
    static_cast<void>(cmatch_report_count(report, CMATCH_WARNINGS));
    cmatch_text* text = nullptr;
    const cmatch_status status = cmatch_model_json(model, &text);
    Expect((status == CMATCH_OK) == (text != nullptr), "text comes with success alone");
    cmatch_text_free(text);
  }

  // What an object says of itself can be handed in again.
  void Describe() {
    Sized<cmatch_mcd> mcd(feed_);
    cmatch_model* model = AnyModel();
    cmatch_model_mcd(model, &mcd.in.value);
    cmatch_text* text = nullptr;
    if (cmatch_model_json(model, &text) == CMATCH_OK) {
      cmatch_model* again = nullptr;
      const cmatch_status status =
          cmatch_model_from_json(rules_of_all(), cmatch_text_str(text), nullptr, &again, nullptr);
      Expect(status == CMATCH_OK, "a model is read as it was written", View(cmatch_text_str(text)));
      cmatch_model_free(again);
    }
    cmatch_text_free(text);
    Sized<cmatch_ecp> ecp(feed_);
    cmatch_worker_ecp(AnyWorker(), &ecp.in.value);
  }

  static const cmatch_rules* rules_of_all() {
    static cmatch_rules* const rules = [] {
      cmatch_rules* made = nullptr;
      cmatch_rules_builtin(nullptr, &made, nullptr);
      return made;
    }();
    return rules;
  }

  Feed feed_;
  std::array<cmatch_rules*, kSlots> rules_{};
  std::array<cmatch_model*, kSlots> models_{};
  std::array<cmatch_worker*, kSlots> workers_{};
  std::array<cmatch_report*, kSlots> reports_{};
};

}  // namespace

void Run(std::string_view input) { Caller(input).Run(); }

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  // Each way to make a model, each way to make a worker, then checks of all kinds.
  for (int model = 1; model <= 4; ++model) {
    for (int worker = 5; worker <= 7; ++worker) {
      FeedWriter writer;
      writer.Byte(model);
      for (int i = 0; i < 14; ++i) writer.Byte(0);
      writer.Byte(worker);
      for (int i = 0; i < 17; ++i) writer.Byte(0);
      for (const int call : {14, 15, 11, 8, 13, 10, 12, 15})
        writer.Byte(call).Byte(0).Byte(0).Byte(0);
      seeds.push_back(writer.bytes());
    }
  }
  return seeds;
}

}  // namespace cmatch::fuzz
