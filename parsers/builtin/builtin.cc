#include "tables/builtin.h"

#include "archive.h"
#include "builtin_data.h"
#include "cmatch/rules_io.h"

namespace cmatch {

Tables internal::LoadBuiltinTables(std::string_view engine) {
  ArchiveReader reader({reinterpret_cast<const char*>(kBuiltinWords), kBuiltinSize});
  Tables tables;
  Transfer<ArchiveReader> transfer(reader, engine);
  std::vector<KindName> kinds;
  transfer(tables, kinds);
  if (!engine.empty()) {
    // Behind those of kinds.yaml, as where rows name them: every kind keeps its number.
    tables.kinds.insert(tables.kinds.end(), kinds.begin(), kinds.end());
    std::erase_if(tables.advisories, [folded = FoldKind(engine)](const Advisory& advisory) {
      return FoldKind(advisory.engine) != folded;
    });
  }
  return tables;
}

// The build has created this very set (cmatch_pack); it cannot fail here.
std::shared_ptr<const RuleSet> LoadBuiltinRules() {
  return RuleSet::CreateChecked(internal::LoadBuiltinTables(), internal::kBuiltinDigest);
}

std::shared_ptr<const RuleSet> LoadBuiltinRules(std::string_view engine) {
  return RuleSet::CreateChecked(internal::LoadBuiltinTables(engine), internal::kBuiltinDigest);
}

}  // namespace cmatch
