#ifndef CMATCH_MERGE_H_
#define CMATCH_MERGE_H_

#include <string>
#include <vector>

#include "cmatch/mcd_source.h"
#include "cmatch/rule_set.h"

namespace cmatch::internal {

struct Source {
  McdFacts facts;
  bool is_file = false;     // the model's own file or directory, not a description of it
  bool default_id = false;  // model_id is the catalog's key, not a statement about the model
};

// The sources in order of rank: each member comes from the first that has it, but tensor_types,
// kind and file_bytes always from the file where there is one. What differs is a SourceConflict. A
// blocking problem about a member that a source of higher rank states is void.
McdFacts Merge(std::vector<Source> sources, const RuleSet& rules);

// True where two values of a member say the same: kinds by their canonical names, lists of kinds in
// any order, one number like a list that repeats it.
bool SameValue(std::string_view member, const Value& a, const Value& b, const RuleSet& rules);

}  // namespace cmatch::internal

#endif  // CMATCH_MERGE_H_
