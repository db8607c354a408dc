// kind: cmatch.kinds/v1

#include "tables/table_readers.h"

namespace cmatch::internal {
namespace {

void ReadKinds(YamlInput& in, const YamlNode& node, Tables& tables) {
  for (const auto& [dimension_key, names] : in.Members(node, "kinds")) {
    const Text dimension = in.ReadName(*dimension_key, "dimension");
    for (const auto& [key, meaning] : in.Members(*names, dimension_key->text)) {
      tables.kinds.push_back({.dimension = dimension,
                              .name = in.ReadKind(*key, "kind"),
                              .meaning = in.ReadText(*meaning, key->text),
                              .origin = in.At(*key)});
    }
  }
}

void ReadAliases(YamlInput& in, const YamlNode& node, Tables& tables) {
  for (const auto& [dimension_key, names] : in.Members(node, "aliases")) {
    const Text dimension = in.ReadName(*dimension_key, "dimension");
    for (const auto& [key, value] : in.Members(*names, dimension_key->text)) {
      YamlMap row(in, *value, "alias");
      tables.aliases.push_back({.dimension = dimension,
                                .alias = in.ReadKind(*key, "alias"),
                                .is = row.RequiredKind("is"),
                                .because = row.RequiredText("because"),
                                .origin = in.At(*key)});
      row.Done();
    }
  }
}

void ReadFileTypes(YamlInput& in, const YamlNode& node, Tables& tables) {
  for (const auto& [key, value] : in.Members(node, "file_types")) {
    YamlMap row(in, *value, "file type");
    const FileType type = {.name = in.ReadKind(*key, "file type"),
                           .id = row.RequiredInteger("id", 0),
                           .main = row.RequiredKind("main"),
                           .removed = row.OptionalFlag("removed"),
                           .origin = in.At(*key)};
    row.Done();
    if (!row.broken()) tables.file_types.push_back(type);
  }
}

void ReadTensorTypes(YamlInput& in, const YamlNode& node, Tables& tables) {
  for (const auto& [key, value] : in.Members(node, "tensor_types")) {
    YamlMap row(in, *value, "tensor type");
    TensorType type;
    type.name = in.ReadKind(*key, "tensor type");
    type.id = row.RequiredInteger("id", 0);
    const YamlNode* removed = row.Optional("removed");
    if (removed != nullptr) type.removed = in.ReadFlag(*removed, "removed").value_or(true);
    const std::int64_t least = type.removed ? 0 : 1;  // ggml gives removed types size 0
    type.block_size = row.RequiredInteger("block_size", least);
    type.type_size = row.RequiredInteger("type_size", least);
    type.origin = in.At(*key);
    row.Done();
    if (!row.broken()) tables.tensor_types.push_back(type);
  }
}

}  // namespace

void ReadKindsFile(YamlMap& root, Tables& tables) {
  YamlInput& in = root.in();
  if (const YamlNode* kinds = root.Optional("kinds")) ReadKinds(in, *kinds, tables);
  if (const YamlNode* aliases = root.Optional("aliases")) ReadAliases(in, *aliases, tables);
  if (const YamlNode* types = root.Optional("file_types")) ReadFileTypes(in, *types, tables);
  if (const YamlNode* types = root.Optional("tensor_types")) ReadTensorTypes(in, *types, tables);
}

}  // namespace cmatch::internal
