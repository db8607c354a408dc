#include "tables/builtin.h"

#include "archive.h"
#include "builtin_data.h"
#include "cmatch/rules_io.h"

namespace cmatch {

Tables internal::LoadBuiltinTables() {
  ArchiveReader reader({reinterpret_cast<const char*>(kBuiltinWords), kBuiltinSize});
  Tables tables;
  Transfer<ArchiveReader> transfer(reader);
  transfer(tables);
  return tables;
}

std::shared_ptr<const RuleSet> LoadBuiltinRules() {
  // The build has created this very set (cmatch_pack); it cannot fail here.
  return RuleSet::CreateChecked(internal::LoadBuiltinTables(), internal::kBuiltinDigest);
}

}  // namespace cmatch
