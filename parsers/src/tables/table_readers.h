#ifndef CMATCH_TABLE_READERS_H_
#define CMATCH_TABLE_READERS_H_

// One reader for each kind of file under rules/: from a YAML tree to the rows of Tables. They check
// what one file can be wrong in; what spans files is checked by RuleSet::Create().

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "cmatch/tables.h"
#include "yaml/yaml_reader.h"

namespace cmatch::internal {

// `root` has been asked for `kind`.
void ReadRulesFile(YamlMap& root, Tables& tables);
void ReadKindsFile(YamlMap& root, Tables& tables);
void ReadArchitecturesFile(YamlMap& root, Tables& tables);
void ReadGpusFile(YamlMap& root, Tables& tables);
void ReadEngineFile(YamlMap& root, Tables& tables);
void ReadAdvisoriesFile(YamlMap& root, Tables& tables);

// `{value: F, in: ...}`, `{all: [...]}`, `{not: ...}`, `{some_path: ecp.paths}`.
Clause ReadClause(YamlInput& in, const YamlNode& node);

// What an entry need not say: those of an overlay stand on the overlay's reason.
enum class SourceNeed { kRequired, kOptional };

// The list under `floor`, a kind, or an overlay's `entries`.
std::vector<Entry> ReadEntries(YamlInput& in, const YamlNode& node, Versioning versioning,
                               SourceNeed source);
std::vector<Path> ReadPaths(YamlInput& in, const YamlNode& node, Versioning versioning,
                            SourceNeed source);
std::vector<Image> ReadImages(YamlInput& in, const YamlNode& node);
std::vector<DriverFloor> ReadDriverFloors(YamlInput& in, const YamlNode& node,
                                          Versioning versioning);
// A mapping, or a list of mappings that differ by release.
std::vector<const YamlNode*> OneOrMany(YamlInput& in, const YamlNode& node, std::string_view what);
// `of_model`, or a size.
std::optional<std::int64_t> ReadContextTokens(YamlInput& in, const YamlNode& node);
void ReadBuilds(YamlInput& in, const YamlNode& node, Engine& engine);
void ReadLaunchKeys(YamlInput& in, const YamlNode& node, Engine& engine);
void ReadPathGroups(YamlInput& in, const YamlNode& node, Engine& engine);
// After `launch`, whose keys it may name.
void ReadCommand(YamlInput& in, const YamlNode& node, Engine& engine);

Text ReadRelease(YamlInput& in, const YamlNode& node, std::string_view what, Versioning versioning);
// "12.8", "570.15", in quotes.
Text ReadDottedNumber(YamlInput& in, const YamlNode& node, std::string_view what);
// `node` is the default of `key`: one of its values, or in its range.
void CheckLaunchDefault(YamlInput& in, const YamlNode& node, const LaunchKey& key);
std::vector<std::int64_t> ReadMemory(YamlInput& in, const YamlNode& node);
// A kind, or rows `{when: CLAUSE, is: KIND}` of which the first whose `when` is true holds.
std::vector<ConditionalKind> ReadPositional(YamlInput& in, const YamlNode& node);
// "YYYY-MM-DD", a day that exists; the date a waiver or overlay ends.
Text ReadDate(YamlInput& in, const YamlNode& node, std::string_view what);

inline constexpr std::array<std::pair<Severity, Text>, 3> kSeverities = {
    {{Severity::kError, "error"}, {Severity::kWarning, "warning"}, {Severity::kOff, "off"}}};
inline constexpr std::array<std::pair<OnUnknown, Text>, 3> kUnknowns = {
    {{OnUnknown::kSkip, "skip"}, {OnUnknown::kFail, "fail"}, {OnUnknown::kWarn, "warn"}}};
inline constexpr std::array<std::pair<Level, Text>, 3> kLevels = {
    {{Level::kNative, "native"},
     {Level::kDegraded, "degraded"},
     {Level::kUnsupported, "unsupported"}}};
inline constexpr std::array<std::pair<Verified, Text>, 2> kVerified = {
    {{Verified::kTested, "tested"}, {Verified::kDerived, "derived"}}};
inline constexpr std::array<std::pair<Versioning, Text>, 2> kVersionings = {
    {{Versioning::kPep440, "pep440"}, {Versioning::kBuild, "build"}}};

}  // namespace cmatch::internal

#endif  // CMATCH_TABLE_READERS_H_
