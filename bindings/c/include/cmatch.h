#ifndef CMATCH_C_H_
#define CMATCH_C_H_

/* C interface of cmatch: can this model run on that engine, on that GPU? The only stable ABI of the
   library; C11, and C++.

     cmatch_rules* rules = NULL;
     cmatch_error* error = NULL;
     if (cmatch_rules_builtin(NULL, &rules, &error) != CMATCH_OK) ...

     cmatch_model* model = NULL;
     cmatch_worker* worker = NULL;
     cmatch_worker_choice choice = {sizeof choice};
     choice.engine = cmatch_cstr("vllm@0.9.0");
     choice.gpu = cmatch_cstr("RTX 4090");
     cmatch_model_from_path(rules, cmatch_cstr("m.gguf"), NULL, &model, &error);
     cmatch_worker_from_tables(rules, &choice, &worker, &error);

     if (cmatch_check(rules, model, worker, NULL) == CMATCH_INCOMPATIBLE) {
       cmatch_report* report = NULL;
       cmatch_report_new(rules, model, worker, 0, &report, &error);
       ... cmatch_report_at(report, CMATCH_VIOLATIONS, i, &finding) ...
       cmatch_report_free(report);
     }

   Rules

   (1) Objects are opaque. Each is made by one call and freed by the `_free` function of its
       type, once; freeing NULL does nothing. There is no general free, and no object is freed by
       free().

   (2) A call that can fail returns a cmatch_status. 0: done, and where there is a verdict, the
       model fits. > 0: the question was understood and the answer is no: CMATCH_INCOMPATIBLE, or
       an input that cannot be judged. < 0: the call did not do its work. New codes may come;
       test the sign.

   (3) `out` pointers of such a call are set whatever happens: to NULL (or zero) unless it
       succeeded. `error`, where it is not NULL, is set to NULL or to an object that the caller
       frees; what it held before is not looked at. An error object says all that is wrong, not
       only the first thing.

   (4) Text is pointer + length, never ends in NUL, and is UTF-8; paths are bytes as the system
       takes them. Where the length is 0 the pointer is not read and may be anything. Text handed
       in is copied during the call. Text handed out belongs to the object it was asked of, is
       valid until that object is freed, and must not be freed or changed.

   (5) Structs begin with `struct_size`, which the caller sets to its own sizeof. Members are
       only ever appended. A shorter struct (an older caller) has zero in the members it lacks; a
       longer one (a newer caller) is accepted where all that this library does not know is zero,
       else CMATCH_E_VERSION. Of a struct that is written, at most struct_size bytes are. Set the
       whole struct to zero first.

   (6) cmatch_rules, cmatch_model, cmatch_worker, cmatch_fleet, cmatch_report, cmatch_error and
       cmatch_text never change once made: any number of threads may use one at the same time.
   cmatch_store may be used by any number of threads too. Freeing must be the last use, whichever
   thread does it. Objects keep alive what they need: rules may be freed before the models made with
       them.

   (7) Nothing here throws, calls exit() or abort(), starts a thread, installs a signal handler,
       reads the environment or the clock for a verdict, changes the locale, writes a file, or
       prints. No state is shared by the process. Out of memory is CMATCH_E_NOMEM; its error
       object needs none. Files are read only where a path was handed in; GPUs are never asked
       (cmatch_gpu.h is).

   (8) A NULL where an object or an `out` is needed, an unknown flag, or a struct without a size
       is CMATCH_E_ARGUMENT; an object of another type or of another ABI version is
       CMATCH_E_HANDLE. Functions that return no status answer NULL or a wrong object with 0 or
       empty text.

   Not to be relied on: the words of a message, the order of object keys in JSON, the size of
   objects. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
#define CMATCH_NOEXCEPT noexcept
extern "C" {
#else
#define CMATCH_NOEXCEPT
#endif

#if defined(__GNUC__)
#define CMATCH_API __attribute__((visibility("default")))
#else
#define CMATCH_API
#endif

/* ---- Versions ------------------------------------------------------------------------ */

/* Raised only where a compiled caller would break; libcmatch.so.N has the same number. */
#define CMATCH_ABI_VERSION 1u

/* The CMATCH_ABI_VERSION the library was built with. Compare it once, at the start. */
CMATCH_API uint32_t cmatch_abi_version(void) CMATCH_NOEXCEPT;

/* "MAJOR.MINOR.PATCH" of the library; static, ends in NUL. */
CMATCH_API const char* cmatch_version(void) CMATCH_NOEXCEPT;

/* ---- Status -------------------------------------------------------------------------- */

typedef int32_t cmatch_status;

#define CMATCH_OK 0            /* done; judged: compatible */
#define CMATCH_INCOMPATIBLE 1  /* judged: the model does not fit */
#define CMATCH_INVALID_MCD 2   /* cannot be judged: the model (CMATCH-8050 InvalidMcd) */
#define CMATCH_INVALID_ECP 3   /* cannot be judged: the worker (CMATCH-8050 InvalidEcp) */
#define CMATCH_E_NOMEM (-1)    /* out of memory */
#define CMATCH_E_ARGUMENT (-2) /* a misuse of this interface; the message says which */
#define CMATCH_E_RULES (-3)    /* the rule and table files are wrong or a case of them fails */
#define CMATCH_E_HANDLE (-4)   /* not an object of this type and ABI version */
#define CMATCH_E_MISMATCH (-5) /* model, worker and rules are not of one rule set */
#define CMATCH_E_VERSION (-6)  /* a newer struct whose new members this library does not know */
#define CMATCH_E_INTERNAL (-7) /* a fault of the library */
#define CMATCH_E_GPU (-8)      /* libcmatch_gpu: no driver, or it does not answer */

/* "CMATCH_E_NOMEM"; for an unknown status "CMATCH_UNKNOWN". Static, ends in NUL. */
CMATCH_API const char* cmatch_status_name(cmatch_status status) CMATCH_NOEXCEPT;

/* A stable code for an HTTP answer: "OK", "MODEL_INCOMPATIBLE" (409), "MODEL_DESCRIPTOR_INVALID"
   (422), "ENGINE_PROFILE_INVALID" (500), "RULES_UNAVAILABLE" (503), "INTERNAL" (500). Static, ends
   in NUL. */
CMATCH_API const char* cmatch_status_http_code(cmatch_status status) CMATCH_NOEXCEPT;

/* ---- Text ---------------------------------------------------------------------------- */

typedef struct cmatch_str {
  const char* ptr;
  size_t len; /* bytes */
} cmatch_str;

/* Of a C string; NULL is empty. It borrows `text`. */
static inline cmatch_str cmatch_cstr(const char* text) {
  cmatch_str str;
  str.ptr = text;
  str.len = text ? strlen(text) : 0;
  return str;
}

/* Text that the caller owns: the JSON forms. */
typedef struct cmatch_text cmatch_text;

CMATCH_API cmatch_str cmatch_text_str(const cmatch_text* text) CMATCH_NOEXCEPT;
CMATCH_API void cmatch_text_free(cmatch_text* text) CMATCH_NOEXCEPT;

/* ---- Errors -------------------------------------------------------------------------- */

/* Why a call failed. */
typedef struct cmatch_error cmatch_error;

/* One thing that is wrong with an input. Text borrows from the error. */
typedef struct cmatch_problem {
  size_t struct_size;
  cmatch_str code; /* stable: "yaml-duplicate-key"; docs/errors.md has a heading for each */
  cmatch_str path; /* JSON pointer into the document, "/quant/1"; may be empty */
  cmatch_str message;
  cmatch_str help;    /* what would mend it; may be empty */
  cmatch_str file;    /* may be empty */
  uint32_t line;      /* 1-based; 0: none */
  uint32_t column;    /* 1-based, in bytes; 0: none */
  int32_t is_warning; /* 1: reported, but not why the call failed */
  int32_t reserved;   /* 0 */
} cmatch_problem;

/* The status of the call that made it. */
CMATCH_API cmatch_status cmatch_error_status(const cmatch_error* error) CMATCH_NOEXCEPT;
/* "InvalidMcd", "InvalidEcp", "InvalidRules", "OutOfMemory", "InvalidArgument", "Internal". */
CMATCH_API cmatch_str cmatch_error_name(const cmatch_error* error) CMATCH_NOEXCEPT;
/* One sentence. */
CMATCH_API cmatch_str cmatch_error_message(const cmatch_error* error) CMATCH_NOEXCEPT;
CMATCH_API size_t cmatch_error_count(const cmatch_error* error) CMATCH_NOEXCEPT;
/* Problem `i` of cmatch_error_count(). CMATCH_E_ARGUMENT where there is none. */
CMATCH_API cmatch_status cmatch_error_at(const cmatch_error* error, size_t i,
                                         cmatch_problem* out) CMATCH_NOEXCEPT;
/* The whole as JSON, "cmatch.error/1", on one line. `*out` is the caller's. */
CMATCH_API cmatch_status cmatch_error_json(const cmatch_error* error,
                                           cmatch_text** out) CMATCH_NOEXCEPT;
CMATCH_API void cmatch_error_free(cmatch_error* error) CMATCH_NOEXCEPT;

/* ---- Options and log ----------------------------------------------------------------- */

#define CMATCH_LOG_TRACE 0
#define CMATCH_LOG_DEBUG 1 /* compatible checks */
#define CMATCH_LOG_INFO 2  /* incompatible checks, rules loaded */
#define CMATCH_LOG_WARN 3  /* descriptors and profiles that cannot be judged */
#define CMATCH_LOG_ERROR 4 /* rules rejected */
#define CMATCH_LOG_OFF 5

/* One record: a JSON object on one line, valid during the call.
     {"event":"model_incompatible","model_id":"...","worker_id":"...","rules":"xxh128:...",
      "generation":1,"failed_rules":["CMATCH-8030.1"],"duration_us":3}
   Events: model_compatible, model_incompatible, descriptor_invalid, profile_invalid, rules_loaded,
   rules_rejected. Text from inputs is escaped as JSON, control characters included: it cannot end a
   line. Called on the thread that made the call, from several at once; must not throw, unwind or
   longjmp; may call the library, but not reload the store it is the log of. `level` is one of
   CMATCH_LOG_*. */
typedef void (*cmatch_log_fn)(void* user, int32_t level, cmatch_str json);

typedef struct cmatch_options {
  size_t struct_size;
  cmatch_str today;  /* "YYYY-MM-DD": overlays and waivers expire by it; empty: nothing expires */
  cmatch_log_fn log; /* NULL: no log, which costs nothing */
  void* log_user;    /* handed to `log` */
  void (*log_free)(void*); /* NULL, or called with log_user once, after the last use of `log`: when
                              the last object made with these options has been freed. Not called
                              where the call that took the options failed. */
  int32_t log_level;       /* the least that is logged; 0 is CMATCH_LOG_TRACE: everything */
  int32_t reserved;        /* 0 */
} cmatch_options;

/* ---- Rules --------------------------------------------------------------------------- */

/* A rule set: rules and tables, checked and compiled, with its options. Counted references. */
typedef struct cmatch_rules cmatch_rules;

/* The set compiled into the library. `options` may be NULL. */
CMATCH_API cmatch_status cmatch_rules_builtin(const cmatch_options* options, cmatch_rules** out,
                                              cmatch_error** error) CMATCH_NOEXCEPT;

/* Reads directories as `cmatch --rules DIR` does: the base is the built-in set, or the first that
   holds a validation.yaml; each further one adds to it. None: the built-in set. Runs no cases (the
   store does). CMATCH_E_RULES: every problem of all files. */
CMATCH_API cmatch_status cmatch_rules_load(const cmatch_str* directories, size_t count,
                                           const cmatch_options* options, cmatch_rules** out,
                                           cmatch_error** error) CMATCH_NOEXCEPT;

/* The same rule set with other options (another day); cheap, and models and workers fit both. */
CMATCH_API cmatch_status cmatch_rules_with(const cmatch_rules* rules, const cmatch_options* options,
                                           cmatch_rules** out,
                                           cmatch_error** error) CMATCH_NOEXCEPT;

/* Another reference to the same object, to be freed too; cannot fail. NULL for NULL. */
CMATCH_API cmatch_rules* cmatch_rules_ref(const cmatch_rules* rules) CMATCH_NOEXCEPT;
CMATCH_API void cmatch_rules_free(cmatch_rules* rules) CMATCH_NOEXCEPT;

/* "1.0.0", of the base rules file. */
CMATCH_API cmatch_str cmatch_rules_version(const cmatch_rules* rules) CMATCH_NOEXCEPT;
/* "xxh128:<32 hex digits>"; equal sets have equal digests, wherever they were read from. */
CMATCH_API cmatch_str cmatch_rules_digest(const cmatch_rules* rules) CMATCH_NOEXCEPT;
/* Which load of its store this is, from 1; 0: not from a store. */
CMATCH_API uint64_t cmatch_rules_generation(const cmatch_rules* rules) CMATCH_NOEXCEPT;
/* Rules in the set, at most CMATCH_MAX_RULES, and the id of each: the bits of a cmatch_verdict. */
#define CMATCH_MAX_RULES 256
CMATCH_API size_t cmatch_rules_count(const cmatch_rules* rules) CMATCH_NOEXCEPT;
CMATCH_API cmatch_str cmatch_rules_id(const cmatch_rules* rules, size_t i) CMATCH_NOEXCEPT;

/* ---- Store ---------------------------------------------------------------------------- */

/* Holds the current rule set of a program. Readers never wait for parsing. */
typedef struct cmatch_store cmatch_store;

/* Loads the directories as cmatch_store_reload does; generation 1. `options` may be NULL. Both live
   as long as the store. */
CMATCH_API cmatch_status cmatch_store_new(const cmatch_str* directories, size_t count,
                                          const cmatch_options* options, cmatch_store** out,
                                          cmatch_error** error) CMATCH_NOEXCEPT;

/* Parses, validates, runs the regression cases of the directories (their `cases/`), and only then
   swaps. CMATCH_E_RULES: the set in use stays, and `error` lists every problem; so too where memory
   runs out. `directories` NULL: those of the last call that succeeded. Calls take turns. */
CMATCH_API cmatch_status cmatch_store_reload(cmatch_store* store, const cmatch_str* directories,
                                             size_t count, cmatch_error** error) CMATCH_NOEXCEPT;

/* Sets options.today for what cmatch_store_get returns from then on: once a day in a daemon. The
   generation stays. */
CMATCH_API cmatch_status cmatch_store_set_today(cmatch_store* store, cmatch_str today,
                                                cmatch_error** error) CMATCH_NOEXCEPT;

/* A reference to the current set, to be freed with cmatch_rules_free; cannot fail. Models and
   workers made with an older set need cmatch_model_rebind / cmatch_worker_rebind. NULL for NULL. */
CMATCH_API cmatch_rules* cmatch_store_get(const cmatch_store* store) CMATCH_NOEXCEPT;
CMATCH_API uint64_t cmatch_store_generation(const cmatch_store* store) CMATCH_NOEXCEPT;
CMATCH_API void cmatch_store_free(cmatch_store* store) CMATCH_NOEXCEPT;

/* ---- Models ---------------------------------------------------------------------------- */

/* A model descriptor with its kinds looked up in one rule set. */
typedef struct cmatch_model cmatch_model;

typedef struct cmatch_model_options {
  size_t struct_size;
  int64_t requested_context; /* tokens the caller will run with; 0: all the model has */
  int32_t no_sidecar;        /* 1: leave out the .mcd.json beside the model */
  int32_t header_only; /* 1: a GGUF without its tensor data is whole (a first part, fetched) */
} cmatch_model_options;

/* A descriptor as a struct. Arrays are read during the call. */
typedef struct cmatch_mcd {
  size_t struct_size;
  cmatch_str model_id;
  cmatch_str positional;
  cmatch_str attention;
  const cmatch_str* quant;
  size_t quant_count;
  int64_t context_max;       /* tokens, > 0 */
  int64_t vocab_size;        /* > 0 */
  int64_t requested_context; /* 0: none */
  cmatch_str attributes; /* extension attributes as a JSON object: {"head_dim":128}; empty: none */
} cmatch_mcd;

/* All of these: `options` may be NULL. CMATCH_INVALID_MCD: unreadable, incomplete, not a model, or
   a value that is wrong; every problem is in `error`. What the reader of a file warns of stands in
   each report (CMATCH-8011). */

/* A GGUF file (the header only), a `*.mcd.json`, or a Hugging Face directory. Reads files: may
 * block. */
CMATCH_API cmatch_status cmatch_model_from_path(const cmatch_rules* rules, cmatch_str path,
                                                const cmatch_model_options* options,
                                                cmatch_model** out,
                                                cmatch_error** error) CMATCH_NOEXCEPT;
/* A GGUF file or a descriptor as JSON, in memory. `name` stands in messages. */
CMATCH_API cmatch_status cmatch_model_from_bytes(const cmatch_rules* rules, cmatch_str name,
                                                 const void* bytes, size_t size,
                                                 const cmatch_model_options* options,
                                                 cmatch_model** out,
                                                 cmatch_error** error) CMATCH_NOEXCEPT;
/* A descriptor as JSON: CMATCH-8010, the text of a sidecar. */
CMATCH_API cmatch_status cmatch_model_from_json(const cmatch_rules* rules, cmatch_str json,
                                                const cmatch_model_options* options,
                                                cmatch_model** out,
                                                cmatch_error** error) CMATCH_NOEXCEPT;
/* Entry `id` of the catalog file at `path`, and the model file it leads to. Reads files: may block.
 */
CMATCH_API cmatch_status cmatch_model_from_catalog(const cmatch_rules* rules, cmatch_str path,
                                                   cmatch_str id,
                                                   const cmatch_model_options* options,
                                                   cmatch_model** out,
                                                   cmatch_error** error) CMATCH_NOEXCEPT;
/* Entry `id` of a catalog in memory: its `capabilities` alone, no file is read. */
CMATCH_API cmatch_status cmatch_model_from_catalog_json(const cmatch_rules* rules, cmatch_str json,
                                                        cmatch_str id,
                                                        const cmatch_model_options* options,
                                                        cmatch_model** out,
                                                        cmatch_error** error) CMATCH_NOEXCEPT;
CMATCH_API cmatch_status cmatch_model_from_mcd(const cmatch_rules* rules, const cmatch_mcd* mcd,
                                               cmatch_model** out,
                                               cmatch_error** error) CMATCH_NOEXCEPT;
/* The same descriptor for another rule set; reads no file again, so what the tables said when the
   file was read (the positional kind of an architecture) stays as it was. */
CMATCH_API cmatch_status cmatch_model_rebind(const cmatch_rules* rules, const cmatch_model* model,
                                             cmatch_model** out,
                                             cmatch_error** error) CMATCH_NOEXCEPT;

CMATCH_API cmatch_str cmatch_model_id(const cmatch_model* model) CMATCH_NOEXCEPT;
/* The members; text and arrays borrow from the model. `attributes` is empty: cmatch_model_json. */
CMATCH_API cmatch_status cmatch_model_mcd(const cmatch_model* model,
                                          cmatch_mcd* out) CMATCH_NOEXCEPT;
/* The descriptor as JSON (CMATCH-8010), extension attributes included; `*out` is the caller's. */
CMATCH_API cmatch_status cmatch_model_json(const cmatch_model* model,
                                           cmatch_text** out) CMATCH_NOEXCEPT;
CMATCH_API void cmatch_model_free(cmatch_model* model) CMATCH_NOEXCEPT;

/* ---- Workers --------------------------------------------------------------------------- */

/* A worker profile with its kinds, engine, release, build and GPU looked up in one rule set. */
typedef struct cmatch_worker cmatch_worker;

/* A profile as a struct. */
typedef struct cmatch_ecp {
  size_t struct_size;
  cmatch_str worker_id;
  const cmatch_str* supports_positional;
  size_t supports_positional_count;
  const cmatch_str* supports_attention;
  size_t supports_attention_count;
  const cmatch_str* supports_quant;
  size_t supports_quant_count;
  int64_t max_context;   /* tokens, > 0 */
  int64_t vram_bytes;    /* > 0, or CMATCH_NOT_KNOWN */
  cmatch_str attributes; /* extension attributes as a JSON object; empty: none */
} cmatch_ecp;

#define CMATCH_NOT_KNOWN INT64_MIN

typedef struct cmatch_pair {
  cmatch_str key;
  cmatch_str value;
} cmatch_pair;

/* A worker to be started: engine x GPU x launch settings. */
typedef struct cmatch_worker_choice {
  size_t struct_size;
  cmatch_str engine;    /* NAME or NAME@VERSION; without: the table's default */
  cmatch_str build;     /* empty: the first of the engine's default builds that the release has */
  cmatch_str gpu;       /* "RTX 4090", "cc=8.9,vram=24GiB"; empty: `inventory` says it */
  cmatch_str inventory; /* a gpu-inventory document as JSON (text, not a path) */
  int64_t gpu_index; /* which GPU of `inventory`, by its own index; CMATCH_NOT_KNOWN: the first */
  const cmatch_pair* launch; /* {"kv_cache", "fp8"}, ... */
  size_t launch_count;
  cmatch_str worker_id; /* empty: ENGINE@VERSION/BUILD on GPU */
  int64_t max_context;  /* tokens; 0: the engine's own limit, else that of the model */
} cmatch_worker_choice;

/* All of these: CMATCH_INVALID_ECP: an engine, release, build, launch setting or GPU that the
   tables do not cover (`error` says what they do), or a document that is wrong; every problem is in
   `error`. */

/* A whole profile as JSON (CMATCH-8020; what cmatch_worker_json and `cmatch profile` give). */
CMATCH_API cmatch_status cmatch_worker_from_json(const cmatch_rules* rules, cmatch_str json,
                                                 cmatch_worker** out,
                                                 cmatch_error** error) CMATCH_NOEXCEPT;
CMATCH_API cmatch_status cmatch_worker_from_tables(const cmatch_rules* rules,
                                                   const cmatch_worker_choice* choice,
                                                   cmatch_worker** out,
                                                   cmatch_error** error) CMATCH_NOEXCEPT;
CMATCH_API cmatch_status cmatch_worker_from_ecp(const cmatch_rules* rules, const cmatch_ecp* ecp,
                                                cmatch_worker** out,
                                                cmatch_error** error) CMATCH_NOEXCEPT;
/* The same worker for another rule set; one made by cmatch_worker_from_tables is built anew from
   that set's tables. */
CMATCH_API cmatch_status cmatch_worker_rebind(const cmatch_rules* rules,
                                              const cmatch_worker* worker, cmatch_worker** out,
                                              cmatch_error** error) CMATCH_NOEXCEPT;

CMATCH_API cmatch_str cmatch_worker_id(const cmatch_worker* worker) CMATCH_NOEXCEPT;
/* The members; text and arrays borrow from the worker. `attributes` is empty: cmatch_worker_json.
 */
CMATCH_API cmatch_status cmatch_worker_ecp(const cmatch_worker* worker,
                                           cmatch_ecp* out) CMATCH_NOEXCEPT;
/* The profile as JSON, extension attributes included; `*out` is the caller's. Memory that is not
   known is `"vram_bytes": null`, which cmatch_worker_from_json reads. */
CMATCH_API cmatch_status cmatch_worker_json(const cmatch_worker* worker,
                                            cmatch_text** out) CMATCH_NOEXCEPT;
CMATCH_API void cmatch_worker_free(cmatch_worker* worker) CMATCH_NOEXCEPT;

/* ---- Checks -------------------------------------------------------------------------- */

/* The outcome of every rule, by its index (cmatch_rules_id): bit i % 64 of word i / 64. */
typedef struct cmatch_verdict {
  size_t struct_size;
  uint64_t failed[CMATCH_MAX_RULES / 64];  /* severity error, not waived */
  uint64_t warned[CMATCH_MAX_RULES / 64];  /* severity warning and failed, or passed degraded */
  uint64_t skipped[CMATCH_MAX_RULES / 64]; /* an input is not known */
  uint64_t waived[CMATCH_MAX_RULES / 64];  /* failed, and a waiver lets it pass */
} cmatch_verdict;

/* The fast path: allocates nothing where there is no log. `out` may be NULL. CMATCH_OK,
   CMATCH_INCOMPATIBLE, or CMATCH_E_MISMATCH. */
CMATCH_API cmatch_status cmatch_check(const cmatch_rules* rules, const cmatch_model* model,
                                      const cmatch_worker* worker,
                                      cmatch_verdict* out) CMATCH_NOEXCEPT;

/* Every pair. `bitmap` has a row of (worker_count + 63) / 64 words for each model: bit w % 64 of
   word w / 64 is 1 where the model fits worker w; the bits after the last worker are 0. `words` is
   the size of `bitmap`. Returns CMATCH_OK whatever the verdicts are; where it fails `bitmap` is not
   touched. Logs nothing. */
CMATCH_API cmatch_status cmatch_check_many(const cmatch_rules* rules,
                                           const cmatch_model* const* models, size_t model_count,
                                           const cmatch_worker* const* workers, size_t worker_count,
                                           uint64_t* bitmap, size_t words) CMATCH_NOEXCEPT;

/* ---- Fleets -------------------------------------------------------------------------- */

/* Many models on many workers, over and over: the workers are indexed once by what the rules read
   of them, then a model is asked of 64 workers at a time. The verdicts are those of cmatch_check.
   A fleet keeps what it needs of rules, models and workers; all of these may be freed before it.
   Logs nothing, and starts no thread: ask for different models from several threads. */
typedef struct cmatch_fleet cmatch_fleet;

typedef struct cmatch_fleet_options {
  size_t struct_size;
  int32_t models_for_worker; /* 1: index it the other way round too, for cmatch_fleet_models_for,
                                which without it asks every model; costs about as much again */
  int32_t reserved;          /* 0 */
} cmatch_fleet_options;

/* `options` may be NULL. Model and worker `i` of the fleet are those at index `i`. */
CMATCH_API cmatch_status cmatch_fleet_new(const cmatch_rules* rules,
                                          const cmatch_model* const* models, size_t model_count,
                                          const cmatch_worker* const* workers, size_t worker_count,
                                          const cmatch_fleet_options* options, cmatch_fleet** out,
                                          cmatch_error** error) CMATCH_NOEXCEPT;
CMATCH_API size_t cmatch_fleet_model_count(const cmatch_fleet* fleet) CMATCH_NOEXCEPT;
CMATCH_API size_t cmatch_fleet_worker_count(const cmatch_fleet* fleet) CMATCH_NOEXCEPT;

/* The workers that each of the models [first, first + count) fits, as cmatch_check_many writes
   them. `words` is the size of `bitmap`, whose content is of no use where the call fails.
   CMATCH_E_ARGUMENT: models that are not there, or too few words. */
CMATCH_API cmatch_status cmatch_fleet_workers_for(const cmatch_fleet* fleet, size_t first,
                                                  size_t count, uint64_t* bitmap,
                                                  size_t words) CMATCH_NOEXCEPT;
/* The models that fit a worker, likewise: (model_count + 63) / 64 words, bit m % 64 of word m / 64
   for model m. */
CMATCH_API cmatch_status cmatch_fleet_models_for(const cmatch_fleet* fleet, size_t worker,
                                                 uint64_t* bitmap, size_t words) CMATCH_NOEXCEPT;

/* How many pairs have an outcome; of each rule by its index (cmatch_rules_id), as the members of a
   cmatch_verdict. */
typedef struct cmatch_fleet_counts {
  size_t struct_size;
  uint64_t pairs;
  uint64_t compatible;
  uint64_t failed[CMATCH_MAX_RULES];
  uint64_t warned[CMATCH_MAX_RULES];
  uint64_t skipped[CMATCH_MAX_RULES];
  uint64_t waived[CMATCH_MAX_RULES];
} cmatch_fleet_counts;

/* Over the models [first, first + count) and every worker. */
CMATCH_API cmatch_status cmatch_fleet_count(const cmatch_fleet* fleet, size_t first, size_t count,
                                            cmatch_fleet_counts* out) CMATCH_NOEXCEPT;
CMATCH_API void cmatch_fleet_free(cmatch_fleet* fleet) CMATCH_NOEXCEPT;

/* ---- Reports ------------------------------------------------------------------------- */

/* Why: every failing rule, in the order of the rule set. */
typedef struct cmatch_report cmatch_report;

#define CMATCH_FLAG_TRACE 1u           /* the JSON form lists every rule with its values */
#define CMATCH_FLAG_IF_INCOMPATIBLE 2u /* compatible: no report is made, `*out` is NULL */

/* All of these return CMATCH_OK or CMATCH_INCOMPATIBLE, both with a report (the flag above apart),
   or another status with an error. `flags` is a sum of CMATCH_FLAG_*. `out` may be NULL: the
   verdict alone. */
CMATCH_API cmatch_status cmatch_report_new(const cmatch_rules* rules, const cmatch_model* model,
                                           const cmatch_worker* worker, uint32_t flags,
                                           cmatch_report** out,
                                           cmatch_error** error) CMATCH_NOEXCEPT;
/* From structs, without handles. Both wrong: CMATCH_INVALID_MCD, with the problems of both. */
CMATCH_API cmatch_status cmatch_check_typed(const cmatch_rules* rules, const cmatch_mcd* mcd,
                                            const cmatch_ecp* ecp, uint32_t flags,
                                            cmatch_report** out,
                                            cmatch_error** error) CMATCH_NOEXCEPT;
/* From JSON documents (CMATCH-8010, CMATCH-8020), likewise. */
CMATCH_API cmatch_status cmatch_check_json(const cmatch_rules* rules, cmatch_str mcd,
                                           cmatch_str ecp, uint32_t flags, cmatch_report** out,
                                           cmatch_error** error) CMATCH_NOEXCEPT;

CMATCH_API int32_t cmatch_report_compatible(const cmatch_report* report) CMATCH_NOEXCEPT; /* 1, 0 */
CMATCH_API cmatch_str cmatch_report_model_id(const cmatch_report* report) CMATCH_NOEXCEPT;
CMATCH_API cmatch_str cmatch_report_worker_id(const cmatch_report* report) CMATCH_NOEXCEPT;
CMATCH_API cmatch_str cmatch_report_version(const cmatch_report* report) CMATCH_NOEXCEPT;
CMATCH_API cmatch_str cmatch_report_digest(const cmatch_report* report) CMATCH_NOEXCEPT;
CMATCH_API uint64_t cmatch_report_generation(const cmatch_report* report) CMATCH_NOEXCEPT;

/* The lists of a report. */
#define CMATCH_VIOLATIONS 0 /* why it is incompatible */
#define CMATCH_WARNINGS 1   /* do not change the verdict */
#define CMATCH_WAIVED 2     /* failures that a waiver lets pass */
#define CMATCH_SKIPPED 3    /* checks that could not be made: `rule`, and in `message` why */

/* The errors of CMATCH-8050 in their order; `error` of a finding has the name. */
#define CMATCH_KIND_OTHER 0 /* Degraded, SourceWarning, ...; and of CMATCH_SKIPPED */
#define CMATCH_KIND_POSITIONAL 1
#define CMATCH_KIND_ATTENTION 2
#define CMATCH_KIND_QUANT 3
#define CMATCH_KIND_CONTEXT 4
#define CMATCH_KIND_INVALID_MCD 5
#define CMATCH_KIND_INVALID_ECP 6
#define CMATCH_KIND_RULE_FAILED 100

#define CMATCH_LIMIT_NONE 0
#define CMATCH_LIMIT_MAX 1
#define CMATCH_LIMIT_MIN 2
#define CMATCH_LIMIT_MULTIPLE_OF 3

/* One finding. Text borrows from the report. */
typedef struct cmatch_finding {
  size_t struct_size;
  cmatch_str rule;  /* "CMATCH-8030.1" */
  cmatch_str error; /* "IncompatiblePositional" */
  cmatch_str message;
  cmatch_str hint;        /* may be empty */
  cmatch_str source_file; /* the table row that decided; may be empty */
  cmatch_str source_text; /* where its fact is from; may be empty */
  uint32_t source_line;   /* 0: none */
  int32_t kind;           /* CMATCH_KIND_* */
  int32_t is_warning;     /* severity: 0 error, 1 warning */
  int32_t limit_kind;     /* CMATCH_LIMIT_*: what `limit` is */
  int64_t limit;
  int64_t required_number; /* what the model needs, where that is an integer; else 0 */
  int32_t has_required_number;
  int32_t has_supported;  /* 1: there is a list, perhaps an empty one */
  size_t required_count;  /* what the model needs, where that is text: cmatch_report_required */
  size_t supported_count; /* what the worker has: cmatch_report_supported */
} cmatch_finding;

CMATCH_API size_t cmatch_report_count(const cmatch_report* report, int32_t list) CMATCH_NOEXCEPT;
/* CMATCH_E_ARGUMENT where there is no such list or finding. */
CMATCH_API cmatch_status cmatch_report_at(const cmatch_report* report, int32_t list, size_t i,
                                          cmatch_finding* out) CMATCH_NOEXCEPT;
/* Element `j` of finding `i`, in the order of the model or worker; empty where there is none. */
CMATCH_API cmatch_str cmatch_report_required(const cmatch_report* report, int32_t list, size_t i,
                                             size_t j) CMATCH_NOEXCEPT;
CMATCH_API cmatch_str cmatch_report_supported(const cmatch_report* report, int32_t list, size_t i,
                                              size_t j) CMATCH_NOEXCEPT;
/* The whole as JSON, "cmatch.report/1", on one line; made by this call. Where the rules are those
   of a store, it has `generation`. `*out` is the caller's. */
CMATCH_API cmatch_status cmatch_report_json(const cmatch_report* report,
                                            cmatch_text** out) CMATCH_NOEXCEPT;
CMATCH_API void cmatch_report_free(cmatch_report* report) CMATCH_NOEXCEPT;

/* ---- Layout -------------------------------------------------------------------------- */

/* sizeof of a struct as the library was built, for bindings that declare it by hand; 0: unknown
   name. `name` is the C name: "cmatch_mcd". */
CMATCH_API size_t cmatch_sizeof(cmatch_str name) CMATCH_NOEXCEPT;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CMATCH_C_H_ */
