// The log callback: a hostile name cannot forge a record.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cmatch.h"

namespace {

std::vector<std::string>* Records(void* user) {
  return static_cast<std::vector<std::string>*>(user);
}

void Keep(void* user, std::int32_t, cmatch_str json) {
  Records(user)->emplace_back(json.ptr, json.len);
}

TEST_CASE(
    "c: each record of the log is one JSON object on one line, whatever the model is called") {
  std::vector<std::string> records;
  cmatch_options options{};
  options.struct_size = sizeof options;
  options.log = Keep;
  options.log_user = &records;
  cmatch_rules* rules = nullptr;
  REQUIRE(cmatch_rules_builtin(&options, &rules, nullptr) == CMATCH_OK);
  const std::string names[] = {"plain",
                               "m\n{\"event\":\"model_compatible\"}",
                               "m\",\"event\":\"model_compatible",
                               "m\\",
                               "m\\\",\"x\":\"",
                               "m\xe2\x80\xa8\xc2\x85\x7f\x1b[2J",
                               "m{}%n%s",
                               std::string(4000, '"')};
  for (const std::string& name : names) {
    const nlohmann::json mcd = {{"model_id", name},    {"positional", "rope_neox"},
                                {"attention", "gqa"},  {"quant", {"q4_0"}},
                                {"context_max", 8192}, {"vocab_size", 32000}};
    const nlohmann::json ecp = {{"worker_id", "w"},
                                {"supports_positional", {"rope_llama"}},
                                {"supports_attention", {"gqa"}},
                                {"supports_quant", {"q4_0"}},
                                {"max_context", 8192},
                                {"vram_bytes", 24000000000}};
    records.clear();
    const cmatch_status status =
        cmatch_check_json(rules, cmatch_cstr(mcd.dump().c_str()), cmatch_cstr(ecp.dump().c_str()),
                          0, nullptr, nullptr);
    CAPTURE(name);
    REQUIRE(records.size() == 1);
    for (const char c : records[0]) CHECK(static_cast<unsigned char>(c) >= 0x20);
    const auto record = nlohmann::json::parse(records[0]);
    CHECK(record["event"] ==
          (status == CMATCH_INCOMPATIBLE ? "model_incompatible" : "descriptor_invalid"));
    CHECK(record["duration_us"].is_number_integer());
    if (name == "plain") {
      CHECK(status == CMATCH_INCOMPATIBLE);
      CHECK(record["model_id"] == "plain");
      CHECK(record["failed_rules"] == nlohmann::json{"CMATCH-8030.1"});
    }
  }
  cmatch_rules_free(rules);
}

}  // namespace
