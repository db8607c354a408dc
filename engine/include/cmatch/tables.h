#ifndef CMATCH_TABLES_H_
#define CMATCH_TABLES_H_

// The contents of rules/ as plain data: what the parsers read from YAML and RuleSet::Create()
// checks and compiles. Nothing here knows YAML, files, or an engine by name.
//
// Text is a view into Tables::pool (or into read-only data of the program), so that a table of
// thousands of rows costs few allocations. A Tables may be moved; the views stay valid.

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "cmatch/compute.h"
#include "cmatch/location.h"
#include "cmatch/version.h"

namespace cmatch {

using Text = std::string_view;

// Owns the bytes that Text views; equal texts are stored once.
class TextPool {
 public:
  Text Intern(std::string_view text);

 private:
  std::deque<std::string> owned_;
  std::unordered_set<std::string_view> index_;
};

// Where a table value was written. `file` indexes Tables::files; 0 is "nowhere".
struct Origin {
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// --- Clauses
// ---------------------------------------------------------------------------------------

enum class Relation : std::uint8_t {
  kIn,
  kEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kMultipleOf,
  kKnown,
  kRunsOn,
};

// The YAML key of each relation; the one table that names them.
inline constexpr std::array<std::pair<Relation, Text>, 9> kRelations = {{
    {Relation::kIn, "in"},
    {Relation::kEqual, "eq"},
    {Relation::kLess, "lt"},
    {Relation::kLessEqual, "le"},
    {Relation::kGreater, "gt"},
    {Relation::kGreaterEqual, "ge"},
    {Relation::kMultipleOf, "multiple_of"},
    {Relation::kKnown, "known"},
    {Relation::kRunsOn, "runs_on"},
}};

// A clause as written: `{value: mcd.positional, in: ecp.supports_positional}`, `{all: [...]}`, ...
struct Clause {
  enum class Form : std::uint8_t { kAll, kAny, kNot, kTest, kSomePath };
  enum class Subject : std::uint8_t { kValue, kLeastOf, kAnyOf, kEachOf };

  Form form = Form::kTest;
  std::vector<Clause> children;  // kAll, kAny: any number; kNot: one

  Subject subject = Subject::kValue;  // kTest
  std::vector<Text> fields;           // kTest: one, or several for least_of; kSomePath: `ecp.paths`
  Relation relation = Relation::kEqual;  // kTest
  bool right_is_field = false;           // right[0] begins with `mcd.` or `ecp.`
  bool right_is_list = false;            // the literal was written as a list
  std::vector<Text> right;               // a field, or literals; typed when compiled

  Origin origin;  // of the clause
  Origin right_origin;
};

// --- Rules
// -----------------------------------------------------------------------------------------

enum class FieldType : std::uint8_t {
  kKind,
  kKinds,
  kInteger,
  kIntegers,
  kNumber,
  kBytes,
  kBool,
  kText,
  kCompute,
  kVersion,
};

inline constexpr std::array<std::pair<FieldType, Text>, 10> kFieldTypes = {{
    {FieldType::kKind, "kind"},
    {FieldType::kKinds, "kinds"},
    {FieldType::kInteger, "integer"},
    {FieldType::kIntegers, "integers"},
    {FieldType::kNumber, "number"},
    {FieldType::kBytes, "bytes"},
    {FieldType::kBool, "bool"},
    {FieldType::kText, "text"},
    {FieldType::kCompute, "compute"},
    {FieldType::kVersion, "version"},
}};

// A name that rules may use: "mcd.NAME" or "ecp.NAME".
struct Field {
  Text name;
  FieldType type = FieldType::kText;
  Text of;  // kKind, kKinds: the dimension
  Origin origin;
};

enum class Severity : std::uint8_t { kError, kWarning, kOff };
enum class OnUnknown : std::uint8_t { kSkip, kFail, kWarn };

struct Rule {
  Text id;    // "CMATCH-8030.1", stable for ever
  Text name;  // "positional-supported"
  Severity severity = Severity::kError;
  OnUnknown unknown = OnUnknown::kSkip;
  std::optional<Clause> when;
  Clause check;
  Text error;  // "IncompatiblePositional", ..., "RuleFailed"
  Text
      message;  // template with {mcd.NAME}, {ecp.NAME}, {required}, {supported}, {limit}, {because}
  Text hint;    // template; optional: what would help
  Text why;     // optional, for `explain`: why the rule exists
  Text source;  // where the rule is from: "CMATCH-8030"
  Origin origin;
  Origin severity_origin;
};

// --- Engines
// ---------------------------------------------------------------------------------------

enum class Level : std::uint8_t { kUnsupported, kDegraded, kNative };
enum class Verified : std::uint8_t { kDeclared, kTested, kDerived };

// One row: for these capabilities and releases, this level. Empty `compute`: every capability.
struct Entry {
  std::vector<ComputeRange> compute;
  VersionRange versions;
  Level level = Level::kUnsupported;
  Text because;
  Text source;
  Verified verified = Verified::kDeclared;
  bool overlay = false;  // stands before the rows below and may overlap them
  Origin origin;

  bool Covers(ComputeCapability at) const;  // by capability alone
};

struct KindSupport {
  Text kind;  // canonical
  std::vector<Entry> entries;
  Origin origin;
};

// Releases in which a list is open: of a kind that states nothing for them, nothing is known.
struct OpenRow {
  VersionRange versions;
  Text because;
  Text source;
  Origin origin;
};

// `supports: D:`, whole for every release in the file's windows that none of `open` has.
struct Dimension {
  Text name;
  Text source;
  std::vector<OpenRow> open;
  std::vector<KindSupport> kinds;
  Origin origin;
};

struct Window {
  VersionRange versions;
  Text source;
  Origin origin;
};

struct ReleaseName {
  Text name;
  Text is;
  Text source;
  Origin origin;
};

struct DriverFloor {
  std::vector<ComputeRange> compute;
  VersionRange versions;
  Text driver;
  Text source;
  Origin origin;
};

struct Build {
  Text name;
  VersionRange versions;
  Text cuda;  // toolkit the build was made with
  std::vector<Image> images;
  // Not empty: what the engine says of a GPU whose very capability none of the images is for. It
  // looks at the list itself, so code that would run there does not help.
  Text only_listed;
  std::vector<DriverFloor> min_driver;
  Text source;
  Origin origin;
};

struct LaunchKey {
  Text name;
  VersionRange versions;
  bool integer = false;
  std::vector<Text> values;       // words
  std::int64_t min = 0, max = 0;  // integer
  Text default_value;             // empty: none
  Text source;
  Origin origin;
};

struct ContextLimit {
  std::optional<std::int64_t> tokens;  // nullopt: of_model
  VersionRange versions;
  Text source;
  Origin origin;
};

// How one setting is written on the engine's command line or in its environment.
struct CommandOption {
  Text setting;  // a launch key, "context", "gpu_count"
  VersionRange versions;
  Text is;                  // for this value alone; empty: for every other one
  std::vector<Text> words;  // arguments, {value} in them; empty without `env`: nothing to write
  Text env;                 // an environment variable instead
  std::vector<std::pair<Text, Text>> values;  // how the engine spells a value, where it differs
  Text source;
  Origin origin;
};

// `command:`, how the engine is started with the settings that were judged.
struct Command {
  struct Start {
    std::vector<Text> words;  // {model} stands for the model
    VersionRange versions;
    Text source;
    Origin origin;
  };
  std::vector<Start> start;
  std::vector<CommandOption> options;
};

// A kernel path; the paths of a group stand in the engine's order of choice.
struct Path {
  Text id;
  std::vector<ComputeRange> compute;
  VersionRange versions;
  Level level = Level::kNative;
  Text because;
  std::vector<Clause> accepts;
  Text source;
  Verified verified = Verified::kDeclared;
  Origin origin;
};

struct PathGroup {
  Text name;
  std::vector<Path> paths;
  Origin origin;
};

// What one file states of one engine. Several may state the same engine for different windows.
struct Engine {
  Text name;
  Versioning versioning = Versioning::kPep440;
  std::vector<ReleaseName> names;
  std::vector<Window> windows;
  Text default_version;  // empty: none in this file
  std::vector<Text> default_build;
  std::vector<Entry> floor;
  std::vector<ContextLimit> max_context;
  std::vector<Build> builds;
  std::vector<LaunchKey> launch;
  Command command;
  std::vector<Dimension> supports;
  std::vector<PathGroup> paths;
  Origin origin;
};

// --- Kinds, architectures, GPUs
// ----------------------------------------------------------------------

struct KindName {
  Text dimension;
  Text name;  // canonical
  Text meaning;
  Origin origin;
};

struct KindAlias {
  Text dimension;
  Text alias;  // folded
  Text is;
  Text because;
  Origin origin;
};

struct FileType {
  Text name;             // a kind of `quant`
  std::int64_t id = -1;  // llama_ftype, GGUF general.file_type
  Text main;             // main tensor type, a kind of `tensor_type`
  bool removed = false;
  Origin origin;
};

struct TensorType {
  Text name;                                   // a kind of `tensor_type`
  std::int64_t id = -1;                        // enum ggml_type
  std::int64_t block_size = 0, type_size = 0;  // elements and bytes of a block
  bool removed = false;
  Origin origin;
};

// A kind, under a condition on the file's keys (`gguf.K`, `hf.K`); no condition: always.
struct ConditionalKind {
  std::optional<Clause> when;
  Text is;
};

struct Architecture {
  Text name;
  bool hf = false;                          // a Hugging Face model_type, not a GGUF architecture
  std::vector<ConditionalKind> positional;  // the first whose `when` is true
  Text attention;                           // empty: from the file's keys
  bool recurrent = false, hybrid = false, diffusion = false, mla = false;
  bool rope_dimension_is_head_dim = false;
  Text sliding_window;  // "ignored", "assumed" (a window without the key too), or empty
  Text unsupported;     // why it cannot be judged; empty otherwise
  Text because;
  Text source;
  Origin origin;
};

struct Gpu {
  Text name;
  ComputeCapability compute;
  std::vector<std::int64_t> memory;  // bytes; several sizes under one name
  std::int64_t mig = 0;              // most MIG instances; 0: not MIG-capable
  Text mig_of;                       // a slice: the whole GPU's name
  bool unified = false;
  Text note;
  Text source;
  Origin origin;
};

// --- Advisories
// ------------------------------------------------------------------------------------

// A known vulnerability of some releases of an engine, in what a check is about: reading a model.
struct Advisory {
  Text engine;
  Text id;                 // "CVE-2025-53630"
  std::vector<Text> also;  // other names: "GHSA-vgg9-87g3-85w8"
  Text versions;           // a range in the engine's numbering, which another file states
  Text fixed;              // the first release without it; empty: none known
  Text concerns;
  std::optional<Clause> when;  // none: every model
  Text source;
  Verified verified = Verified::kDeclared;
  Severity severity = Severity::kWarning;  // or kOff, by an overlay
  Origin origin, versions_origin, fixed_origin, severity_origin;
};

// --- Overlays
// --------------------------------------------------------------------------------------

// One change by an overlay, kept so that every override can be listed.
struct Override {
  Text layer, reason, owner, expires;
  Text target;  // "engines/vllm/supports/quant/bf16", "rules/CMATCH-8131/severity"
  Text value;   // what it says, as one line
  Origin origin;
  Text replaced;  // what it replaced, as one line; empty: nothing
  Origin replaced_origin;
};

struct Waiver {
  Text layer, owner, rule, model, worker, reason, expires;  // model, worker: globs with `*`
  Origin origin;
};

// --- All of it
// -------------------------------------------------------------------------------------

struct Tables {
  Text name, version;  // of the base rules file
  std::vector<Field> fields;
  std::vector<Rule> rules;
  std::vector<Text> retired;
  std::vector<KindName> kinds;
  std::vector<KindAlias> aliases;
  std::vector<FileType> file_types;
  std::vector<TensorType> tensor_types;
  std::vector<Architecture> architectures;
  std::vector<Gpu> gpus;
  std::vector<Engine> engines;
  std::vector<Advisory> advisories;
  std::vector<Override> overrides;
  std::vector<Waiver> waivers;

  std::vector<Text> files = {""};  // by Origin::file; as the reader named them
  TextPool pool;

  Location Locate(Origin origin) const;
};

}  // namespace cmatch

#endif  // CMATCH_TABLES_H_
