/* A consumer in C: needs nothing but what is installed. */
#include <cmatch.h>
#include <stdio.h>

int main(void) {
  cmatch_rules* rules = NULL;
  cmatch_report* report = NULL;
  cmatch_status status = cmatch_rules_builtin(NULL, &rules, NULL);
  if (status != CMATCH_OK || cmatch_abi_version() != CMATCH_ABI_VERSION) return 2;
  status = cmatch_check_json(
      rules,
      cmatch_cstr(
          "{\"model_id\":\"m\",\"positional\":\"rope_neox\",\"attention\":\"gqa\",\"quant\":"
          "[\"q4_0\"],\"context_max\":8192,\"vocab_size\":128256}"),
      cmatch_cstr("{\"worker_id\":\"w\",\"supports_positional\":[\"rope_llama\"],"
                  "\"supports_attention\":[\"gqa\"],\"supports_quant\":[\"q4_0\"],"
                  "\"max_context\":16384,\"vram_bytes\":24000000000}"),
      0, &report, NULL);
  printf("%s, %zu violation(s)\n", cmatch_status_name(status),
         cmatch_report_count(report, CMATCH_VIOLATIONS));
  status = status == CMATCH_INCOMPATIBLE && cmatch_report_count(report, CMATCH_VIOLATIONS) == 1;
  cmatch_report_free(report);
  cmatch_rules_free(rules);
  return status ? 0 : 1;
}
