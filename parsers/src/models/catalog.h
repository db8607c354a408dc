#ifndef CMATCH_CATALOG_H_
#define CMATCH_CATALOG_H_

// A model catalog: a JSON object of id -> entry. An entry may hold an MCD (`capabilities`) and a
// path to the model (`local_path`, `path`).

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/mcd_source.h"
#include "cmatch/rule_set.h"

namespace cmatch::internal {

struct CatalogEntry {
  McdFacts facts;
  std::string path;        // empty: the entry states none
  bool stated_id = false;  // `capabilities` has a model_id of its own, not only the entry's id
};

// Codes: what JSON gives, catalog-not-an-object, catalog-unknown-id, catalog-wrong-type,
// mcd-wrong-type.
std::expected<CatalogEntry, std::vector<Problem>> FindInCatalog(std::string_view text,
                                                                std::string_view name,
                                                                std::string_view id,
                                                                const RuleSet& rules);

}  // namespace cmatch::internal

#endif  // CMATCH_CATALOG_H_
