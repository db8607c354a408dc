/* What a daemon does in its life: rules from a directory with a log, a model file, a worker from
   the tables, a check, a report, a reload that is refused and one that is taken. usage: daemon
   RULES BROKEN_RULES MODEL Exit code 0 where all of it answers as it should. */
#include <cmatch.h>
#include <stdio.h>

static int logged;

static void Log(void* user, int32_t level, cmatch_str json) {
  (void)user, (void)level, (void)json;
  ++logged;
}

#define EXPECT(condition)                            \
  do {                                               \
    if (!(condition)) {                              \
      printf("line %d: %s\n", __LINE__, #condition); \
      return 1;                                      \
    }                                                \
  } while (0)

static int Preflight(const cmatch_store* store, const char* path) {
  cmatch_rules* rules = cmatch_store_get(store);
  cmatch_model* model = NULL;
  cmatch_worker* worker = NULL;
  cmatch_report* report = NULL;
  cmatch_text* json = NULL;
  cmatch_worker_choice choice = {sizeof choice};
  choice.engine = cmatch_cstr("llama.cpp");
  choice.gpu = cmatch_cstr("RTX 4090");
  EXPECT(cmatch_model_from_path(rules, cmatch_cstr(path), NULL, &model, NULL) == CMATCH_OK);
  EXPECT(cmatch_worker_from_tables(rules, &choice, &worker, NULL) == CMATCH_OK);
  EXPECT(cmatch_check(rules, model, worker, NULL) == CMATCH_OK);
  EXPECT(cmatch_report_new(rules, model, worker, CMATCH_FLAG_TRACE, &report, NULL) == CMATCH_OK);
  EXPECT(cmatch_report_json(report, &json) == CMATCH_OK);
  EXPECT(cmatch_text_str(json).len > 0);
  cmatch_text_free(json);
  cmatch_report_free(report);
  cmatch_worker_free(worker);
  cmatch_model_free(model);
  cmatch_rules_free(rules);
  return 0;
}

int main(int argc, char** argv) {
  cmatch_store* store = NULL;
  cmatch_options options = {sizeof options};
  options.log = Log;
  EXPECT(argc == 4);
  const cmatch_str rules[] = {cmatch_cstr(argv[1])}, broken[] = {cmatch_cstr(argv[2])};
  EXPECT(cmatch_store_new(rules, 1, &options, &store, NULL) == CMATCH_OK);
  EXPECT(Preflight(store, argv[3]) == 0);
  EXPECT(cmatch_store_reload(store, broken, 1, NULL) == CMATCH_E_RULES);
  EXPECT(cmatch_store_generation(store) == 1);
  EXPECT(cmatch_store_reload(store, NULL, 0, NULL) == CMATCH_OK);
  EXPECT(cmatch_store_generation(store) == 2);
  EXPECT(Preflight(store, argv[3]) == 0);
  EXPECT(logged > 4);
  cmatch_store_free(store);
  puts("served");
  return 0;
}
