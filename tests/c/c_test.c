/* The C ABI from C: every function, and what callers do wrong. Usage: c_test DATA_DIR, a folder
   that may be written to. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmatch.h"

static int failures = 0;

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      ++failures;                                                     \
    }                                                                 \
  } while (0)

static int equals(cmatch_str text, const char* want) {
  return text.len == strlen(want) && (text.len == 0 || memcmp(text.ptr, want, text.len) == 0);
}

static int contains(cmatch_str text, const char* part) {
  const size_t length = strlen(part);
  size_t i;
  for (i = 0; i + length <= text.len; ++i) {
    if (memcmp(text.ptr + i, part, length) == 0) return 1;
  }
  return 0;
}

static const char kMcd[] =
    "{\"model_id\":\"org/"
    "m\",\"positional\":\"rope_neox\",\"attention\":\"gqa\",\"quant\":[\"q4_k_m\"],"
    "\"context_max\":32768,\"vocab_size\":32000}";
static const char kEcp[] =
    "{\"worker_id\":\"gpu-0-worker\",\"supports_positional\":[\"rope_llama\",\"alibi\"],"
    "\"supports_attention\":[\"mha\",\"gqa\"],\"supports_quant\":[\"q4_0\",\"fp16\"],"
    "\"max_context\":16384,\"vram_bytes\":24000000000}";

static cmatch_rules* builtin(void) {
  cmatch_rules* rules = NULL;
  cmatch_error* error = NULL;
  CHECK(cmatch_rules_builtin(NULL, &rules, &error) == CMATCH_OK);
  CHECK(rules != NULL && error == NULL);
  return rules;
}

static void test_versions(void) {
  CHECK(cmatch_abi_version() == CMATCH_ABI_VERSION);
  CHECK(strchr(cmatch_version(), '.') != NULL);
  CHECK(strcmp(cmatch_status_name(CMATCH_E_NOMEM), "CMATCH_E_NOMEM") == 0);
  CHECK(strcmp(cmatch_status_name(12345), "CMATCH_UNKNOWN") == 0);
  CHECK(strcmp(cmatch_status_http_code(CMATCH_INCOMPATIBLE), "MODEL_INCOMPATIBLE") == 0);
  CHECK(cmatch_sizeof(cmatch_cstr("cmatch_mcd")) == sizeof(cmatch_mcd));
  CHECK(cmatch_sizeof(cmatch_cstr("cmatch_ecp")) == sizeof(cmatch_ecp));
  CHECK(cmatch_sizeof(cmatch_cstr("cmatch_finding")) == sizeof(cmatch_finding));
  CHECK(cmatch_sizeof(cmatch_cstr("cmatch_verdict")) == sizeof(cmatch_verdict));
  CHECK(cmatch_sizeof(cmatch_cstr("nothing")) == 0);
}

static void test_rules(void) {
  cmatch_rules* rules = builtin();
  cmatch_rules* dated = NULL;
  cmatch_rules* again = cmatch_rules_ref(rules);
  cmatch_options options;
  cmatch_error* error = NULL;
  size_t i;
  CHECK(again == rules);
  cmatch_rules_free(again);
  CHECK(cmatch_rules_digest(rules).len == strlen("xxh128:") + 32);
  CHECK(cmatch_rules_version(rules).len > 0);
  CHECK(cmatch_rules_generation(rules) == 0);
  CHECK(cmatch_rules_count(rules) >= 4);
  for (i = 0; i < 4; ++i) CHECK(contains(cmatch_rules_id(rules, i), "CMATCH-8030."));
  CHECK(cmatch_rules_id(rules, 100000).len == 0);

  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.today = cmatch_cstr("2026-03-01");
  CHECK(cmatch_rules_with(rules, &options, &dated, &error) == CMATCH_OK);
  CHECK(equals(cmatch_rules_digest(dated), "") == 0);
  cmatch_rules_free(dated);
  options.today = cmatch_cstr("tomorrow");
  CHECK(cmatch_rules_with(rules, &options, &dated, &error) == CMATCH_E_ARGUMENT);
  CHECK(dated == NULL && error != NULL);
  cmatch_error_free(error);
  cmatch_rules_free(rules);
}

/* The worked example of CMATCH-8031: all of positional, quant and context fail. */
static void check_report(const cmatch_report* report) {
  cmatch_finding finding;
  memset(&finding, 0, sizeof finding);
  finding.struct_size = sizeof finding;
  CHECK(!cmatch_report_compatible(report));
  CHECK(equals(cmatch_report_model_id(report), "org/m"));
  CHECK(equals(cmatch_report_worker_id(report), "gpu-0-worker"));
  CHECK(cmatch_report_version(report).len > 0 && cmatch_report_digest(report).len > 0);
  CHECK(cmatch_report_generation(report) == 0);
  CHECK(cmatch_report_count(report, CMATCH_VIOLATIONS) == 3);
  CHECK(cmatch_report_at(report, CMATCH_VIOLATIONS, 0, &finding) == CMATCH_OK);
  CHECK(equals(finding.rule, "CMATCH-8030.1"));
  CHECK(equals(finding.error, "IncompatiblePositional"));
  CHECK(finding.kind == CMATCH_KIND_POSITIONAL && !finding.is_warning);
  CHECK(finding.required_count == 1 && finding.supported_count == 2 && finding.has_supported == 1);
  CHECK(equals(cmatch_report_required(report, CMATCH_VIOLATIONS, 0, 0), "rope_neox"));
  CHECK(equals(cmatch_report_supported(report, CMATCH_VIOLATIONS, 0, 1), "alibi"));
  CHECK(cmatch_report_supported(report, CMATCH_VIOLATIONS, 0, 2).len == 0);
  CHECK(finding.source_file.len > 0 && finding.source_line > 0);
  CHECK(cmatch_report_at(report, CMATCH_VIOLATIONS, 1, &finding) == CMATCH_OK);
  CHECK(finding.kind == CMATCH_KIND_QUANT);
  CHECK(cmatch_report_at(report, CMATCH_VIOLATIONS, 2, &finding) == CMATCH_OK);
  CHECK(finding.kind == CMATCH_KIND_CONTEXT && finding.limit_kind == CMATCH_LIMIT_MAX);
  CHECK(finding.has_required_number && finding.required_number == 32768 && finding.limit == 16384);
  CHECK(cmatch_report_at(report, CMATCH_VIOLATIONS, 3, &finding) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_report_at(report, 99, 0, &finding) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_report_count(report, CMATCH_SKIPPED) > 0);
  CHECK(cmatch_report_at(report, CMATCH_SKIPPED, 0, &finding) == CMATCH_OK);
  CHECK(finding.rule.len > 0 && finding.message.len > 0);
}

static void test_json(cmatch_rules* rules) {
  cmatch_report* report = NULL;
  cmatch_error* error = NULL;
  cmatch_text* text = NULL;
  const cmatch_str mcd = cmatch_cstr(kMcd), ecp = cmatch_cstr(kEcp);
  CHECK(cmatch_check_json(rules, mcd, ecp, 0, &report, &error) == CMATCH_INCOMPATIBLE);
  CHECK(error == NULL);
  check_report(report);
  CHECK(cmatch_report_json(report, &text) == CMATCH_OK);
  CHECK(contains(cmatch_text_str(text), "\"cmatch.report/1\""));
  cmatch_text_free(text);
  cmatch_report_free(report);

  CHECK(cmatch_check_json(rules, mcd, ecp, 0, NULL, NULL) == CMATCH_INCOMPATIBLE);
  CHECK(cmatch_check_json(rules, mcd, ecp, CMATCH_FLAG_TRACE, &report, NULL) ==
        CMATCH_INCOMPATIBLE);
  CHECK(cmatch_report_json(report, &text) == CMATCH_OK);
  CHECK(contains(cmatch_text_str(text), "trace"));
  cmatch_text_free(text);
  cmatch_report_free(report);
  CHECK(cmatch_check_json(rules, mcd, ecp, 0x80000000u, &report, &error) == CMATCH_E_ARGUMENT);
  CHECK(report == NULL && equals(cmatch_error_name(error), "InvalidArgument"));
  cmatch_error_free(error);

  /* Every problem of both documents, under the model's name. */
  CHECK(cmatch_check_json(rules, cmatch_cstr("{\"model_id\":7}"), cmatch_cstr("[]"), 0, &report,
                          &error) == CMATCH_INVALID_MCD);
  CHECK(report == NULL);
  CHECK(cmatch_error_status(error) == CMATCH_INVALID_MCD);
  CHECK(equals(cmatch_error_name(error), "InvalidMcd"));
  CHECK(cmatch_error_count(error) >= 2);
  CHECK(cmatch_error_json(error, &text) == CMATCH_OK);
  CHECK(contains(cmatch_text_str(text), "cmatch.error/1"));
  cmatch_text_free(text);
  cmatch_error_free(error);
  CHECK(cmatch_check_json(rules, mcd, cmatch_cstr("{"), 0, &report, &error) == CMATCH_INVALID_ECP);
  {
    cmatch_problem problem;
    memset(&problem, 0, sizeof problem);
    problem.struct_size = sizeof problem;
    CHECK(cmatch_error_at(error, 0, &problem) == CMATCH_OK);
    CHECK(problem.code.len > 0 && problem.message.len > 0);
    CHECK(problem.line == 1 && problem.column > 0 && !problem.is_warning);
    CHECK(cmatch_error_at(error, 1000, &problem) == CMATCH_E_ARGUMENT);
  }
  cmatch_error_free(error);
}

static void fill(cmatch_mcd* mcd, cmatch_ecp* ecp) {
  static cmatch_str quant[1], positional[2], attention[2], formats[2];
  quant[0] = cmatch_cstr("q4_k_m");
  positional[0] = cmatch_cstr("rope_llama");
  positional[1] = cmatch_cstr("alibi");
  attention[0] = cmatch_cstr("mha");
  attention[1] = cmatch_cstr("gqa");
  formats[0] = cmatch_cstr("q4_0");
  formats[1] = cmatch_cstr("fp16");
  memset(mcd, 0, sizeof *mcd);
  mcd->struct_size = sizeof *mcd;
  mcd->model_id = cmatch_cstr("org/m");
  mcd->positional = cmatch_cstr("rope_neox");
  mcd->attention = cmatch_cstr("gqa");
  mcd->quant = quant;
  mcd->quant_count = 1;
  mcd->context_max = 32768;
  mcd->vocab_size = 32000;
  memset(ecp, 0, sizeof *ecp);
  ecp->struct_size = sizeof *ecp;
  ecp->worker_id = cmatch_cstr("gpu-0-worker");
  ecp->supports_positional = positional;
  ecp->supports_positional_count = 2;
  ecp->supports_attention = attention;
  ecp->supports_attention_count = 2;
  ecp->supports_quant = formats;
  ecp->supports_quant_count = 2;
  ecp->max_context = 16384;
  ecp->vram_bytes = INT64_C(24000000000);
}

static void test_typed(cmatch_rules* rules) {
  cmatch_mcd mcd;
  cmatch_ecp ecp;
  cmatch_report* report = NULL;
  cmatch_error* error = NULL;
  fill(&mcd, &ecp);
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, &report, &error) == CMATCH_INCOMPATIBLE);
  check_report(report);
  cmatch_report_free(report);

  mcd.positional = cmatch_cstr("rope_llama");
  mcd.quant = ecp.supports_quant;
  mcd.context_max = 16384;
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, CMATCH_FLAG_IF_INCOMPATIBLE, &report, &error) ==
        CMATCH_OK);
  CHECK(report == NULL && error == NULL);
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, &report, &error) == CMATCH_OK);
  CHECK(cmatch_report_compatible(report));
  cmatch_report_free(report);

  mcd.requested_context = 1;
  mcd.context_max = INT64_MAX;
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_OK);
  mcd.requested_context = -1;
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_INVALID_MCD);
  cmatch_error_free(error);
  mcd.requested_context = 0;
  mcd.context_max = 0;
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_INVALID_MCD);
  cmatch_error_free(error);
  mcd.context_max = 4096;
  ecp.vram_bytes = 0;
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_INVALID_ECP);
  cmatch_error_free(error);
  ecp.vram_bytes = CMATCH_NOT_KNOWN;
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_OK);

  mcd.model_id.ptr = "m\xff";
  mcd.model_id.len = 2;
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_INVALID_MCD);
  CHECK(contains(cmatch_error_message(error), "UTF-8"));
  cmatch_error_free(error);
  mcd.model_id = cmatch_cstr("m");

  mcd.attributes = cmatch_cstr("{\"tensor_types\":[\"q4_0\"],\"unknown\":{\"x\":1}}");
  ecp.attributes = cmatch_cstr("{\"supports_tensor_type\":[\"q8_0\"]}");
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, &report, &error) == CMATCH_INCOMPATIBLE);
  CHECK(cmatch_report_count(report, CMATCH_VIOLATIONS) == 1);
  cmatch_report_free(report);
  ecp.attributes = cmatch_cstr(" { } ");
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_OK);
  ecp.attributes = cmatch_cstr("{\"engine\":7}");
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_INVALID_ECP);
  {
    cmatch_problem problem;
    memset(&problem, 0, sizeof problem);
    problem.struct_size = sizeof problem;
    CHECK(cmatch_error_at(error, 0, &problem) == CMATCH_OK);
    CHECK(problem.line == 1 && problem.column == strlen("{\"engine\":") + 1);
  }
  cmatch_error_free(error);
  ecp.attributes = cmatch_cstr("[1]");
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_INVALID_ECP);
  cmatch_error_free(error);
  ecp.attributes = cmatch_cstr("");
  mcd.attributes = cmatch_cstr("{\"quant\":[\"q4_0\"]}");
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_INVALID_MCD);
  cmatch_error_free(error);
}

/* Rule (5): older and newer callers. */
static void test_struct_sizes(cmatch_rules* rules) {
  struct {
    cmatch_mcd mcd;
    uint64_t newer[2];
  } later;
  cmatch_mcd mcd;
  cmatch_ecp ecp;
  cmatch_error* error = NULL;
  union {
    cmatch_verdict verdict;
    unsigned char bytes[sizeof(cmatch_verdict) + 8];
  } out;
  cmatch_finding finding;
  cmatch_report* report = NULL;
  fill(&mcd, &ecp);

  memset(&later, 0, sizeof later);
  later.mcd = mcd;
  later.mcd.struct_size = sizeof later;
  CHECK(cmatch_check_typed(rules, &later.mcd, &ecp, 0, NULL, &error) == CMATCH_INCOMPATIBLE);
  later.newer[1] = 1;
  CHECK(cmatch_check_typed(rules, &later.mcd, &ecp, 0, NULL, &error) == CMATCH_E_VERSION);
  CHECK(cmatch_error_status(error) == CMATCH_E_VERSION);
  cmatch_error_free(error);

  /* Up to vocab_size: neither requested_context nor attributes is read. */
  mcd.requested_context = -5;
  mcd.attributes = cmatch_cstr("nonsense");
  mcd.struct_size = offsetof(cmatch_mcd, requested_context);
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_INCOMPATIBLE);
  mcd.struct_size = offsetof(cmatch_mcd, vocab_size);
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_INVALID_MCD);
  cmatch_error_free(error);
  mcd.struct_size = 0;
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_E_ARGUMENT);
  cmatch_error_free(error);
  mcd.struct_size = (size_t)-1;
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_E_ARGUMENT);
  cmatch_error_free(error);

  /* Written: not a byte beyond struct_size. */
  CHECK(cmatch_check_json(rules, cmatch_cstr(kMcd), cmatch_cstr(kEcp), 0, &report, &error) ==
        CMATCH_INCOMPATIBLE);
  memset(&finding, 0x5a, sizeof finding);
  finding.struct_size = offsetof(cmatch_finding, message);
  CHECK(cmatch_report_at(report, CMATCH_VIOLATIONS, 0, &finding) == CMATCH_OK);
  CHECK(equals(finding.error, "IncompatiblePositional"));
  CHECK(finding.struct_size == offsetof(cmatch_finding, message));
  CHECK(*(unsigned char*)&finding.message == 0x5a && finding.limit_kind == 0x5a5a5a5a);
  finding.struct_size = 1;
  CHECK(cmatch_report_at(report, CMATCH_VIOLATIONS, 0, &finding) == CMATCH_E_ARGUMENT);
  cmatch_report_free(report);

  {
    cmatch_model* model = NULL;
    cmatch_worker* worker = NULL;
    CHECK(cmatch_model_from_json(rules, cmatch_cstr(kMcd), NULL, &model, &error) == CMATCH_OK);
    CHECK(cmatch_worker_from_json(rules, cmatch_cstr(kEcp), &worker, &error) == CMATCH_OK);
    memset(&out, 0x5a, sizeof out);
    out.verdict.struct_size = sizeof out.bytes;
    CHECK(cmatch_check(rules, model, worker, &out.verdict) == CMATCH_INCOMPATIBLE);
    CHECK(out.verdict.failed[0] == 0xd); /* rules 0, 2 and 3 */
    CHECK(out.bytes[sizeof(cmatch_verdict)] == 0 && out.bytes[sizeof out.bytes - 1] == 0);
    cmatch_model_free(model);
    cmatch_worker_free(worker);
  }
}

static void test_handles(cmatch_rules* rules) {
  cmatch_model *model = NULL, *rebound = NULL;
  cmatch_worker* worker = NULL;
  cmatch_rules* other = builtin();
  cmatch_error* error = NULL;
  cmatch_report* report = NULL;
  cmatch_text* text = NULL;
  cmatch_mcd mcd;
  cmatch_ecp ecp;
  cmatch_model_options options;
  CHECK(cmatch_model_from_json(rules, cmatch_cstr(kMcd), NULL, &model, &error) == CMATCH_OK);
  CHECK(cmatch_worker_from_json(rules, cmatch_cstr(kEcp), &worker, &error) == CMATCH_OK);
  CHECK(equals(cmatch_model_id(model), "org/m"));
  CHECK(equals(cmatch_worker_id(worker), "gpu-0-worker"));
  memset(&mcd, 0, sizeof mcd);
  mcd.struct_size = sizeof mcd;
  CHECK(cmatch_model_mcd(model, &mcd) == CMATCH_OK);
  CHECK(equals(mcd.positional, "rope_neox") && mcd.quant_count == 1);
  CHECK(equals(mcd.quant[0], "q4_k_m") && mcd.context_max == 32768);
  memset(&ecp, 0, sizeof ecp);
  ecp.struct_size = sizeof ecp;
  CHECK(cmatch_worker_ecp(worker, &ecp) == CMATCH_OK);
  CHECK(ecp.supports_quant_count == 2 && equals(ecp.supports_quant[1], "fp16"));
  CHECK(ecp.vram_bytes == INT64_C(24000000000));
  CHECK(cmatch_model_json(model, &text) == CMATCH_OK);
  CHECK(contains(cmatch_text_str(text), "\"rope_neox\""));
  cmatch_text_free(text);
  CHECK(cmatch_worker_json(worker, &text) == CMATCH_OK);
  CHECK(contains(cmatch_text_str(text), "\"alibi\""));
  cmatch_text_free(text);

  CHECK(cmatch_report_new(rules, model, worker, 0, &report, &error) == CMATCH_INCOMPATIBLE);
  check_report(report);
  cmatch_report_free(report);

  /* Another rule set, though an equal one. */
  CHECK(cmatch_check(other, model, worker, NULL) == CMATCH_E_MISMATCH);
  CHECK(cmatch_report_new(other, model, worker, 0, &report, &error) == CMATCH_E_MISMATCH);
  cmatch_error_free(error);
  CHECK(cmatch_model_rebind(other, model, &rebound, &error) == CMATCH_OK);
  CHECK(cmatch_check(other, rebound, worker, NULL) == CMATCH_E_MISMATCH);
  cmatch_worker_free(worker);
  CHECK(cmatch_worker_from_json(other, cmatch_cstr(kEcp), &worker, &error) == CMATCH_OK);
  CHECK(cmatch_check(other, rebound, worker, NULL) == CMATCH_INCOMPATIBLE);
  cmatch_model_free(model);

  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.requested_context = 4096;
  CHECK(cmatch_model_from_bytes(other, cmatch_cstr("m"), kMcd, sizeof kMcd - 1, &options, &model,
                                &error) == CMATCH_OK);
  CHECK(cmatch_report_new(other, model, worker, 0, &report, &error) == CMATCH_INCOMPATIBLE);
  CHECK(cmatch_report_count(report, CMATCH_VIOLATIONS) == 2); /* the context fits */
  cmatch_report_free(report);
  cmatch_rules_free(other); /* before the objects made with it */
  CHECK(equals(cmatch_model_id(model), "org/m"));
  cmatch_model_free(model);
  cmatch_model_free(rebound);
  cmatch_worker_free(worker);
}

static void test_tables(cmatch_rules* rules) {
  static const char kInventory[] =
      "{\"available\":true,\"count\":1,\"devices\":[{\"index\":3,\"name\":\"NVIDIA GeForce RTX "
      "4090\","
      "\"vram_total_bytes\":25757220864,\"compute_capability\":[8,9]}]}";
  cmatch_worker_choice choice;
  cmatch_pair launch[1];
  cmatch_worker *worker = NULL, *again = NULL;
  cmatch_text* text = NULL;
  cmatch_error* error = NULL;
  memset(&choice, 0, sizeof choice);
  choice.struct_size = sizeof choice;
  choice.engine = cmatch_cstr("vllm@0.9.0");
  choice.gpu = cmatch_cstr("RTX 4090,driver=580.65");
  launch[0].key = cmatch_cstr("kv_cache");
  launch[0].value = cmatch_cstr("auto");
  choice.launch = launch;
  choice.launch_count = 1;
  choice.worker_id = cmatch_cstr("w-7");
  CHECK(cmatch_worker_from_tables(rules, &choice, &worker, &error) == CMATCH_OK);
  CHECK(equals(cmatch_worker_id(worker), "w-7"));
  CHECK(cmatch_worker_json(worker, &text) == CMATCH_OK);
  CHECK(contains(cmatch_text_str(text), "\"vllm\""));
  CHECK(cmatch_worker_from_json(rules, cmatch_text_str(text), &again, &error) == CMATCH_OK);
  cmatch_worker_free(again);
  cmatch_text_free(text);
  CHECK(cmatch_worker_rebind(rules, worker, &again, &error) == CMATCH_OK);
  CHECK(equals(cmatch_worker_id(again), "w-7"));
  cmatch_worker_free(again);
  cmatch_worker_free(worker);

  choice.gpu = cmatch_cstr("");
  choice.inventory = cmatch_cstr(kInventory);
  choice.gpu_index = 3;
  CHECK(cmatch_worker_from_tables(rules, &choice, &worker, &error) == CMATCH_OK);
  cmatch_worker_free(worker);
  choice.gpu_index = 0;
  CHECK(cmatch_worker_from_tables(rules, &choice, &worker, &error) == CMATCH_INVALID_ECP);
  CHECK(worker == NULL);
  cmatch_error_free(error);
  choice.gpu_index = CMATCH_NOT_KNOWN;
  CHECK(cmatch_worker_from_tables(rules, &choice, &worker, &error) == CMATCH_OK);
  cmatch_worker_free(worker);
  choice.engine = cmatch_cstr("vlm");
  CHECK(cmatch_worker_from_tables(rules, &choice, &worker, &error) == CMATCH_INVALID_ECP);
  CHECK(contains(cmatch_error_message(error), "vlm"));
  cmatch_error_free(error);
  choice.inventory = cmatch_cstr("");
  CHECK(cmatch_worker_from_tables(rules, &choice, &worker, &error) == CMATCH_E_ARGUMENT);
  cmatch_error_free(error);
}

static void test_catalog(cmatch_rules* rules) {
  char catalog[512];
  cmatch_model* model = NULL;
  cmatch_error* error = NULL;
  snprintf(catalog, sizeof catalog, "{\"a\":{\"capabilities\":%s}}", kMcd);
  CHECK(cmatch_model_from_catalog_json(rules, cmatch_cstr(catalog), cmatch_cstr("a"), NULL, &model,
                                       &error) == CMATCH_OK);
  CHECK(equals(cmatch_model_id(model), "org/m"));
  cmatch_model_free(model);
  CHECK(cmatch_model_from_catalog_json(rules, cmatch_cstr(catalog), cmatch_cstr("b"), NULL, &model,
                                       &error) == CMATCH_INVALID_MCD);
  cmatch_error_free(error);
  CHECK(cmatch_model_from_catalog(rules, cmatch_cstr("/nonexistent"), cmatch_cstr("b"), NULL,
                                  &model, &error) == CMATCH_INVALID_MCD);
  CHECK(model == NULL && cmatch_error_count(error) > 0);
  cmatch_error_free(error);
  CHECK(cmatch_model_from_path(rules, cmatch_cstr("/nonexistent.gguf"), NULL, &model, &error) ==
        CMATCH_INVALID_MCD);
  cmatch_error_free(error);
}

/* Three models and seventy workers, of which each model fits the last so many. */
static void test_fleet(const cmatch_rules* rules, const cmatch_model* const* models,
                       size_t model_count, const cmatch_worker* const* workers,
                       size_t worker_count) {
  cmatch_fleet* fleet = NULL;
  cmatch_error* error = NULL;
  cmatch_fleet_options options;
  cmatch_fleet_counts counts;
  uint64_t bitmap[7], one[3];
  size_t m, w, i;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  memset(&counts, 0, sizeof counts);
  counts.struct_size = sizeof counts;
  for (options.models_for_worker = 0; options.models_for_worker < 2; ++options.models_for_worker) {
    CHECK(cmatch_fleet_new(rules, models, model_count, workers, worker_count, &options, &fleet,
                           &error) == CMATCH_OK);
    CHECK(cmatch_fleet_model_count(fleet) == model_count);
    CHECK(cmatch_fleet_worker_count(fleet) == worker_count);
    memset(bitmap, 0x5a, sizeof bitmap);
    CHECK(cmatch_fleet_workers_for(fleet, 0, model_count, bitmap, 6) == CMATCH_OK);
    CHECK(bitmap[6] == UINT64_C(0x5a5a5a5a5a5a5a5a));
    CHECK(cmatch_fleet_workers_for(fleet, 1, 1, one, 2) == CMATCH_OK);
    CHECK(memcmp(one, bitmap + 2, 2 * sizeof one[0]) == 0);
    for (w = 0; w < worker_count; ++w) {
      one[1] = 7;
      CHECK(cmatch_fleet_models_for(fleet, w, one, 1) == CMATCH_OK);
      CHECK(one[1] == 7);
      for (m = 0; m < model_count; ++m) {
        const int fits = cmatch_check(rules, models[m], workers[w], NULL) == CMATCH_OK;
        CHECK((int)(bitmap[m * 2 + w / 64] >> (w % 64) & 1) == fits);
        CHECK((int)(one[0] >> m & 1) == fits);
      }
      CHECK(one[0] >> model_count == 0);
    }
    CHECK(cmatch_fleet_count(fleet, 0, model_count, &counts) == CMATCH_OK);
    CHECK(counts.pairs == 210 && counts.compatible == 61 + 51 + 41);
    for (i = 0; i < cmatch_rules_count(rules); ++i) {
      const cmatch_str id = cmatch_rules_id(rules, i);
      const int is_context = id.len == 13 && memcmp(id.ptr, "CMATCH-8030.4", 13) == 0;
      CHECK(counts.failed[i] == (is_context ? 9 + 19 + 29 : 0));
    }
    CHECK(cmatch_fleet_count(fleet, 2, 1, &counts) == CMATCH_OK);
    CHECK(counts.pairs == 70 && counts.compatible == 41);
    cmatch_fleet_free(fleet);
  }
  /* What is refused. */
  CHECK(cmatch_fleet_new(rules, models, 1, workers, worker_count, NULL, &fleet, NULL) == CMATCH_OK);
  CHECK(cmatch_fleet_workers_for(fleet, 0, 2, bitmap, 7) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_fleet_workers_for(fleet, 2, 0, bitmap, 7) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_fleet_workers_for(fleet, 0, 1, bitmap, 1) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_fleet_workers_for(fleet, 0, 1, NULL, 2) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_fleet_workers_for(fleet, 1, 0, NULL, 0) == CMATCH_OK);
  CHECK(cmatch_fleet_models_for(fleet, worker_count, one, 1) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_fleet_models_for(fleet, 0, one, 0) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_fleet_count(fleet, 0, 1, NULL) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_fleet_workers_for(NULL, 0, 0, NULL, 0) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_fleet_workers_for((const cmatch_fleet*)(const void*)rules, 0, 0, NULL, 0) ==
        CMATCH_E_HANDLE);
  CHECK(cmatch_fleet_model_count(NULL) == 0 && cmatch_fleet_worker_count(NULL) == 0);
  cmatch_fleet_free(fleet);
  cmatch_fleet_free(NULL);
  CHECK(cmatch_fleet_new(rules, NULL, 1, workers, 1, NULL, &fleet, &error) == CMATCH_E_ARGUMENT);
  CHECK(fleet == NULL && cmatch_error_message(error).len > 0);
  cmatch_error_free(error);
  CHECK(cmatch_fleet_new(rules, models, 1, (const cmatch_worker* const*)models, 1, NULL, &fleet,
                         NULL) == CMATCH_E_HANDLE);
  CHECK(cmatch_fleet_new(rules, NULL, 0, NULL, 0, NULL, &fleet, NULL) == CMATCH_OK);
  CHECK(cmatch_fleet_workers_for(fleet, 0, 0, NULL, 0) == CMATCH_OK);
  cmatch_fleet_free(fleet);
}

static void test_many(cmatch_rules* rules) {
  enum { kModels = 3, kWorkers = 70 };
  cmatch_model* models[kModels];
  cmatch_worker* workers[kWorkers];
  uint64_t bitmap[kModels * 2 + 1];
  cmatch_mcd mcd;
  cmatch_ecp ecp;
  size_t m, w;
  fill(&mcd, &ecp);
  mcd.positional = cmatch_cstr("alibi");
  mcd.quant = ecp.supports_quant;
  for (m = 0; m < kModels; ++m) {
    mcd.context_max = (int64_t)(m + 1) * 10;
    CHECK(cmatch_model_from_mcd(rules, &mcd, &models[m], NULL) == CMATCH_OK);
  }
  for (w = 0; w < kWorkers; ++w) {
    ecp.max_context = (int64_t)w + 1;
    CHECK(cmatch_worker_from_ecp(rules, &ecp, &workers[w], NULL) == CMATCH_OK);
  }
  memset(bitmap, 0x5a, sizeof bitmap);
  CHECK(cmatch_check_many(rules, (const cmatch_model* const*)models, kModels,
                          (const cmatch_worker* const*)workers, kWorkers, bitmap,
                          kModels * 2) == CMATCH_OK);
  for (m = 0; m < kModels; ++m) {
    for (w = 0; w < kWorkers; ++w) {
      const int bit = (int)(bitmap[m * 2 + w / 64] >> (w % 64) & 1);
      CHECK(bit == (w + 1 >= (m + 1) * 10));
      CHECK(bit == (cmatch_check(rules, models[m], workers[w], NULL) == CMATCH_OK));
    }
    CHECK(bitmap[m * 2 + 1] >> (kWorkers - 64) == 0);
  }
  CHECK(bitmap[kModels * 2] == UINT64_C(0x5a5a5a5a5a5a5a5a));
  CHECK(cmatch_check_many(rules, (const cmatch_model* const*)models, kModels,
                          (const cmatch_worker* const*)workers, kWorkers, bitmap,
                          kModels * 2 - 1) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_check_many(rules, (const cmatch_model* const*)workers, 1,
                          (const cmatch_worker* const*)workers, 1, bitmap, 1) == CMATCH_E_HANDLE);
  CHECK(cmatch_check_many(rules, NULL, 0, NULL, 0, NULL, 0) == CMATCH_OK);
  test_fleet(rules, (const cmatch_model* const*)models, kModels,
             (const cmatch_worker* const*)workers, kWorkers);
  for (m = 0; m < kModels; ++m) cmatch_model_free(models[m]);
  for (w = 0; w < kWorkers; ++w) cmatch_worker_free(workers[w]);
}

/* Rule (8). */
static void test_misuse(cmatch_rules* rules) {
  cmatch_model* model = NULL;
  cmatch_worker* worker = NULL;
  cmatch_report* report = NULL;
  cmatch_error* error = NULL;
  cmatch_str bad;
  uint64_t foreign[8];
  CHECK(cmatch_rules_builtin(NULL, NULL, &error) == CMATCH_E_ARGUMENT);
  cmatch_error_free(error);
  CHECK(cmatch_check(NULL, NULL, NULL, NULL) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_check_json(NULL, cmatch_cstr(kMcd), cmatch_cstr(kEcp), 0, &report, &error) ==
        CMATCH_E_ARGUMENT);
  cmatch_error_free(error);
  CHECK(cmatch_check_typed(rules, NULL, NULL, 0, &report, NULL) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_model_from_json(rules, cmatch_cstr(NULL), NULL, &model, NULL) == CMATCH_INVALID_MCD);
  CHECK(cmatch_model_from_json(rules, cmatch_cstr(kMcd), NULL, NULL, NULL) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_rules_load(NULL, 3, NULL, &rules, NULL) == CMATCH_E_ARGUMENT);
  CHECK(rules == NULL);
  rules = builtin();
  bad.ptr = NULL;
  bad.len = 5;
  CHECK(cmatch_model_from_json(rules, bad, NULL, &model, NULL) == CMATCH_E_ARGUMENT);
  CHECK(cmatch_model_from_path(rules, bad, NULL, &model, NULL) == CMATCH_E_ARGUMENT);
  bad.ptr = "a\0b";
  bad.len = 3;
  CHECK(cmatch_model_from_path(rules, bad, NULL, &model, NULL) == CMATCH_E_ARGUMENT);
  bad.ptr = "\xff";
  bad.len = 1;
  CHECK(cmatch_model_from_json(rules, bad, NULL, &model, NULL) == CMATCH_INVALID_MCD);

  /* An object of another type, and one of another ABI version: its tag differs in the last byte. */
  CHECK(cmatch_model_from_json(rules, cmatch_cstr(kMcd), NULL, &model, NULL) == CMATCH_OK);
  CHECK(cmatch_worker_from_json((const cmatch_rules*)(const void*)model, cmatch_cstr(kEcp), &worker,
                                &error) == CMATCH_E_HANDLE);
  CHECK(cmatch_error_message(error).len > 0);
  cmatch_error_free(error);
  cmatch_model_free(model);
  memset(foreign, 0, sizeof foreign);
  memcpy(foreign, rules, sizeof foreign[0]);
  foreign[0] += 1;
  CHECK(cmatch_model_from_json((const cmatch_rules*)(const void*)foreign, cmatch_cstr(kMcd), NULL,
                               &model, &error) == CMATCH_E_HANDLE);
  CHECK(model == NULL);
  cmatch_error_free(error);
  CHECK(cmatch_rules_digest((const cmatch_rules*)(const void*)foreign).len == 0);
  CHECK(cmatch_rules_ref((const cmatch_rules*)(const void*)foreign) == NULL);
  cmatch_rules_free((cmatch_rules*)(void*)foreign);

  cmatch_rules_free(NULL);
  cmatch_model_free(NULL);
  cmatch_worker_free(NULL);
  cmatch_report_free(NULL);
  cmatch_error_free(NULL);
  cmatch_text_free(NULL);
  cmatch_store_free(NULL);
  CHECK(cmatch_rules_count(NULL) == 0 && cmatch_report_count(NULL, 0) == 0);
  CHECK(cmatch_model_id(NULL).len == 0 && cmatch_text_str(NULL).len == 0);
  CHECK(cmatch_error_status(NULL) == CMATCH_OK && cmatch_store_get(NULL) == NULL);
  cmatch_rules_free(rules);
}

typedef struct record {
  int count, freed, level;
  char last[4096];
} record;

static void keep(void* user, int32_t level, cmatch_str json) {
  record* log = user;
  const size_t n = json.len < sizeof log->last - 1 ? json.len : sizeof log->last - 1;
  ++log->count;
  log->level = level;
  memcpy(log->last, json.ptr, n);
  log->last[n] = 0;
}

static void release(void* user) { ++((record*)user)->freed; }

static void test_log(void) {
  static record log;
  cmatch_options options;
  cmatch_rules *rules = NULL, *more = NULL;
  cmatch_model* model = NULL;
  cmatch_mcd mcd;
  cmatch_ecp ecp;
  cmatch_error* error = NULL;
  int before;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.log = keep;
  options.log_user = &log;
  options.log_free = release;
  options.today = cmatch_cstr("x");
  CHECK(cmatch_rules_builtin(&options, &rules, NULL) == CMATCH_E_ARGUMENT);
  CHECK(log.count == 0 && log.freed == 0);
  options.today = cmatch_cstr("");
  CHECK(cmatch_rules_builtin(&options, &rules, &error) == CMATCH_OK);
  CHECK(strstr(log.last, "\"event\":\"rules_loaded\"") && strstr(log.last, "\"duration_us\":"));
  fill(&mcd, &ecp);
  mcd.model_id = cmatch_cstr("m\"\\ \t\n{\"event\":\"forged\"}\x7f\xe2\x80\xa8");
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_INCOMPATIBLE ||
        cmatch_error_status(error) == CMATCH_INVALID_MCD);
  cmatch_error_free(error);
  CHECK(strchr(log.last, '\n') == NULL && strchr(log.last, '\t') == NULL);
  mcd.model_id = cmatch_cstr("org/m");
  CHECK(cmatch_check_typed(rules, &mcd, &ecp, 0, NULL, &error) == CMATCH_INCOMPATIBLE);
  CHECK(strstr(log.last, "\"event\":\"model_incompatible\""));
  CHECK(strstr(log.last,
               "\"model_id\":\"org/m\",\"worker_id\":\"gpu-0-worker\",\"rules\":\"xxh128:"));
  CHECK(strstr(log.last, "[\"CMATCH-8030.1\",\"CMATCH-8030.3\",\"CMATCH-8030.4\"]"));
  CHECK(log.level == CMATCH_LOG_INFO);
  CHECK(cmatch_model_from_json(rules, cmatch_cstr("{}"), NULL, &model, NULL) == CMATCH_INVALID_MCD);
  CHECK(strstr(log.last, "descriptor_invalid") && log.level == CMATCH_LOG_WARN);

  /* Another level, the same callback: two owners, each freed once. */
  options.log_level = CMATCH_LOG_ERROR;
  before = log.count;
  CHECK(cmatch_rules_with(rules, &options, &more, NULL) == CMATCH_OK);
  CHECK(cmatch_check_typed(more, &mcd, &ecp, 0, NULL, NULL) == CMATCH_INCOMPATIBLE);
  CHECK(log.count == before && log.freed == 0);
  cmatch_rules_free(rules);
  CHECK(log.freed == 1);
  cmatch_rules_free(more);
  CHECK(log.freed == 2);
}

static void write_file(const char* path, const char* text) {
  FILE* file = fopen(path, "wb");
  CHECK(file != NULL);
  if (file == NULL) return;
  fputs(text, file);
  fclose(file);
}

static void test_store(const char* directory) {
  static const char kGood[] =
      "kind: cmatch.overlay/v1\nlayer: site\nreason: test\nowner: ops\n"
      "set:\n  - target: rules/CMATCH-8030.4/severity\n    value: warning\n";
  static record log;
  char path[1024];
  cmatch_str paths[1];
  cmatch_options options;
  cmatch_store* store = NULL;
  cmatch_rules *first = NULL, *second = NULL;
  cmatch_error* error = NULL;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.log = keep;
  options.log_user = &log;
  options.log_free = release;
  snprintf(path, sizeof path, "%s/site.yaml", directory);
  paths[0] = cmatch_cstr(directory);
  write_file(path, "kind: nonsense\n");
  CHECK(cmatch_store_new(paths, 1, &options, &store, &error) == CMATCH_E_RULES);
  CHECK(store == NULL && cmatch_error_count(error) > 0 && log.freed == 0);
  CHECK(strstr(log.last, "rules_rejected") && log.level == CMATCH_LOG_ERROR);
  cmatch_error_free(error);
  write_file(path, kGood);
  CHECK(cmatch_store_new(paths, 1, &options, &store, &error) == CMATCH_OK);
  first = cmatch_store_get(store);
  CHECK(cmatch_rules_generation(first) == 1 && cmatch_store_generation(store) == 1);
  {
    cmatch_report* report = NULL;
    cmatch_text* text = NULL;
    CHECK(cmatch_check_json(first, cmatch_cstr(kMcd), cmatch_cstr(kEcp), 0, &report, NULL) ==
          CMATCH_INCOMPATIBLE);
    CHECK(cmatch_report_generation(report) == 1);
    CHECK(cmatch_report_json(report, &text) == CMATCH_OK);
    CHECK(contains(cmatch_text_str(text), ",\"generation\":1}"));
    CHECK(contains(cmatch_text_str(text), "\"digest\":\"xxh128:"));
    cmatch_text_free(text);
    cmatch_report_free(report);
  }

  write_file(path, "kind: cmatch.overlay/v1\nlayer: site\nset: [7]\n");
  CHECK(cmatch_store_reload(store, NULL, 0, &error) == CMATCH_E_RULES);
  CHECK(equals(cmatch_error_name(error), "InvalidRules"));
  {
    cmatch_problem problem;
    memset(&problem, 0, sizeof problem);
    problem.struct_size = sizeof problem;
    CHECK(cmatch_error_at(error, 0, &problem) == CMATCH_OK);
    CHECK(equals(problem.file, path) && problem.line > 0 && problem.column > 0);
  }
  cmatch_error_free(error);
  second = cmatch_store_get(store);
  CHECK(second == first);
  cmatch_rules_free(second);

  CHECK(cmatch_store_set_today(store, cmatch_cstr("2027-01-01"), &error) == CMATCH_OK);
  second = cmatch_store_get(store);
  CHECK(second != first && cmatch_rules_generation(second) == 1);
  cmatch_rules_free(second);
  CHECK(cmatch_store_set_today(store, cmatch_cstr("now"), &error) == CMATCH_E_ARGUMENT);
  cmatch_error_free(error);

  CHECK(cmatch_store_reload(store, paths, 0, &error) == CMATCH_OK); /* the built-in set */
  second = cmatch_store_get(store);
  CHECK(cmatch_rules_generation(second) == 2 && cmatch_rules_generation(first) == 1);
  CHECK(!equals(cmatch_rules_digest(second), "") &&
        memcmp(cmatch_rules_digest(first).ptr, cmatch_rules_digest(second).ptr,
               cmatch_rules_digest(first).len) != 0);
  cmatch_store_free(store);
  CHECK(log.freed == 0);
  cmatch_rules_free(first);
  cmatch_rules_free(second);
  CHECK(log.freed == 1);
  remove(path);
}

int main(int argc, char** argv) {
  cmatch_rules* rules;
  if (argc != 2) return 2;
  rules = builtin();
  test_versions();
  test_rules();
  test_json(rules);
  test_typed(rules);
  test_struct_sizes(rules);
  test_handles(rules);
  test_tables(rules);
  test_catalog(rules);
  test_many(rules);
  test_misuse(rules);
  test_log();
  test_store(argv[1]);
  cmatch_rules_free(rules);
  if (failures == 0) printf("c_test: all passed\n");
  return failures == 0 ? 0 : 1;
}
