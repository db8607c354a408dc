#ifndef CMATCH_MCD_SOURCE_H_
#define CMATCH_MCD_SOURCE_H_

// Where Model Capability Descriptors come from (CMATCH-8002, CMATCH-8011): GGUF files, `.mcd.json`
// sidecars, a model catalog, Hugging Face directories. All give the same McdFacts; McdFrom() turns
// them into an Mcd or says what is missing.

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/mcd.h"
#include "cmatch/report.h"
#include "cmatch/rule_set.h"

namespace cmatch {

// What one or several sources state about a model, member by member (required members and extension
// attributes alike, under their MCD names).
struct McdFacts {
  struct Member {
    Value value;
    std::string origin;  // "gguf: llama.context_length", "sidecar: m.gguf.mcd.json", "catalog: id"
    Location where;      // in a JSON source
  };
  std::string name;  // of the source in messages: a path, as the caller gave it
  std::map<std::string, Member, std::less<>> members;
  std::vector<Finding> warnings;  // CMATCH-8011 SourceWarning, SourceConflict; severity warning
  // Why `check` must refuse what `inspect` can still describe: a vocabulary file, data that ends
  // early, a missing shard, an architecture the tables do not know. Empty: a whole model. One whose
  // `path` names a member ("/positional") is void where another source states that member.
  std::vector<Problem> blocking;
};

struct ModelOptions {
  std::string catalog;  // path of a catalog file; MODEL may then be an id in it
  bool sidecar = true;  // look for a sidecar beside the model
};

// Reads MODEL: a GGUF file, a `*.mcd.json`, a Hugging Face directory, or a catalog id. Sidecar,
// catalog entry and file are merged, the first that has a member wins, a difference is a warning.
// Errors: kInvalidMcd where a container cannot be read at all, or a JSON source is wrong anywhere.
std::expected<McdFacts, Error> ReadModel(const std::string& model, const RuleSet& rules,
                                         const ModelOptions& options = {});

// The same for bytes the caller holds (standard input, a download): GGUF by its magic, else an MCD
// as JSON. Neither sidecar nor catalog.
std::expected<McdFacts, Error> ReadModelBytes(std::string_view bytes, std::string_view name,
                                              const RuleSet& rules);

// The same from an open descriptor, which stays the caller's: of a GGUF file in a pipe only the
// header is read, so that `file_bytes` is not known, nor whether the tensor data ends early; a
// regular file at its start is read like one that is named. Blocks as long as the pipe does.
std::expected<McdFacts, Error> ReadModelStream(int fd, const std::string& name,
                                               const RuleSet& rules);

// The sources one by one. `name` is used in messages and origins.
std::expected<McdFacts, Error> ReadGguf(const std::string& path, const RuleSet& rules);
std::expected<McdFacts, Error> ReadGgufBytes(std::string_view bytes, std::string_view name,
                                             const RuleSet& rules);
std::expected<McdFacts, Error> ReadMcdJson(std::string_view text, std::string_view name,
                                           const RuleSet& rules);
std::expected<McdFacts, Error> ReadCatalogEntry(std::string_view text, std::string_view name,
                                                std::string_view id, const RuleSet& rules);
std::expected<McdFacts, Error> ReadHuggingFace(const std::string& directory, const RuleSet& rules);

// The required members that `facts` lack or state wrongly, in the order of CMATCH-8010.
std::vector<std::string> MissingMembers(const McdFacts& facts);

// Errors: kInvalidMcd with facts.blocking, every missing member and every wrong one.
std::expected<Mcd, Error> McdFrom(const McdFacts& facts);

}  // namespace cmatch

#endif  // CMATCH_MCD_SOURCE_H_
