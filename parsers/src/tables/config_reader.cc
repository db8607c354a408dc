// kind: cmatch.config/v1

#include "cmatch/config_io.h"
#include "tables/table_files.h"

namespace cmatch {

using internal::YamlInput;
using internal::YamlKind;
using internal::YamlMap;
using internal::YamlNode;

std::expected<Config, Error> ReadConfig(std::string_view text, std::string_view name) {
  std::vector<Problem> list;
  internal::YamlProblems problems(name, &list);
  const internal::YamlDocument document = internal::ParseYaml(text, problems);
  Config config;
  if (document.root() != nullptr) {
    TextPool pool;
    YamlInput in(document, text, 0, pool, problems);
    YamlMap root(in, *document.root(), "file");
    internal::ReadFileKind(root, internal::FileKind::kConfig);
    config.engine = root.OptionalText("engine");
    config.gpu = root.OptionalText("gpu");
    const YamlNode* rules = root.Optional("rules");
    if (rules != nullptr && rules->kind == YamlKind::kScalar) {
      config.rules.emplace_back(in.ReadText(*rules, "rules"));
    } else if (rules != nullptr) {
      for (const Text directory : in.ReadTexts(*rules, "rules")) {
        config.rules.emplace_back(directory);
      }
    }
    root.Done();
  }
  if (!list.empty()) {
    return std::unexpected(MakeError(ErrorKind::kInvalidRules, std::move(list)));
  }
  return config;
}

}  // namespace cmatch
