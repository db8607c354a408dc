#include "record.h"

#include <bit>

#include "compile.h"

namespace cmatch::internal {

void StoreKind(const Program& program, const Slot& slot, std::string_view kind, Record& record) {
  const Symbols& symbols = program.symbols[slot.symbols];
  if (const std::uint32_t* id = FindKind(symbols, kind)) {
    record.words[slot.offset + *id / 64] |= std::uint64_t{1} << (*id % 64);
  } else {
    record.extras.push_back({slot.index, Canonical(&symbols, kind)});
  }
}

namespace {

void SetKnown(const Slot& slot, Record& record) {
  record.words[slot.index / 64] |= std::uint64_t{1} << (slot.index % 64);
}

void StoreText(const Program& program, const Slot& slot, const std::string& text, Record& record) {
  const FieldType type = slot.field->type;
  std::uint64_t& word = record.words[slot.offset];
  if (IsKinds(type)) {
    StoreKind(program, slot, text, record);
  } else if (type == FieldType::kCompute) {
    word =
        std::bit_cast<std::uint64_t>(ComputeWord(ParseCompute(text).value_or(ComputeCapability{})));
  } else if (type == FieldType::kVersion) {
    word = record.versions.size();
    record.versions.push_back(Version::Parse(Versioning::kPep440, text).value_or(Version{}));
  } else {
    word = record.texts.size();
    record.texts.push_back(text);
  }
}

void StoreList(const Slot& slot, std::vector<std::int64_t> list, Record& record) {
  record.words[slot.offset] = record.lists.size();
  record.lists.push_back(std::move(list));
}

}  // namespace

void Store(const Program& program, const Slot& slot, const Value& value, Record& record) {
  if (!IsKnown(value)) return;
  SetKnown(slot, record);
  std::uint64_t& word = record.words[slot.offset];
  const FieldType type = slot.field->type;
  if (const auto* text = std::get_if<std::string>(&value)) {
    StoreText(program, slot, *text, record);
  } else if (const auto* kinds = std::get_if<std::vector<std::string>>(&value)) {
    if (type == FieldType::kIntegers) return StoreList(slot, {}, record);
    for (const std::string& kind : *kinds) {
      StoreKind(program, slot, kind, record);
    }
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (type == FieldType::kIntegers) return StoreList(slot, {*number}, record);
    word = type == FieldType::kNumber ? std::bit_cast<std::uint64_t>(static_cast<double>(*number))
                                      : std::bit_cast<std::uint64_t>(*number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    word = std::bit_cast<std::uint64_t>(*real);
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    word = *flag ? 1 : 0;
  } else if (const auto* list = std::get_if<std::vector<std::int64_t>>(&value)) {
    if (type == FieldType::kIntegers) StoreList(slot, *list, record);
  }
}

Value MemberOf(const Mcd& mcd, std::string_view name) {
  if (name == "model_id") return mcd.model_id;
  if (name == "positional") return mcd.positional;
  if (name == "attention") return mcd.attention;
  if (name == "quant") return mcd.quant;
  if (name == "context_max") return mcd.context_max;
  if (name == "vocab_size") return mcd.vocab_size;
  const auto it = mcd.attributes.find(name);
  return it == mcd.attributes.end() ? Value() : it->second;
}

namespace {

Value Attribute(const Ecp& ecp, std::string_view name) {
  const auto it = ecp.attributes.find(name);
  return it == ecp.attributes.end() ? Value() : it->second;
}

// `kv_cache` sets both halves; it is not known where these differ.
Value KvCache(const Ecp& ecp, std::string_view name) {
  Value own = Attribute(ecp, name);
  if (name != "kv_cache") return IsKnown(own) ? own : Attribute(ecp, "kv_cache");
  const Value k = Attribute(ecp, "kv_cache_k");
  const Value v = Attribute(ecp, "kv_cache_v");
  if (!IsKnown(k) && !IsKnown(v)) return own;
  const Value left = IsKnown(k) ? k : own;
  const Value right = IsKnown(v) ? v : own;
  return left == right ? left : Value();
}

}  // namespace

Value MemberOf(const Ecp& ecp, std::string_view name) {
  if (name == "worker_id") return ecp.worker_id;
  if (name == "supports_positional") return ecp.supports_positional;
  if (name == "supports_attention") return ecp.supports_attention;
  if (name == "supports_quant") return ecp.supports_quant;
  if (name == "max_context") return ecp.max_context;
  if (name == "vram_bytes") return ecp.vram_bytes ? Value(*ecp.vram_bytes) : Value();
  if (name == "kv_cache" || name == "kv_cache_k" || name == "kv_cache_v") return KvCache(ecp, name);
  return Attribute(ecp, name);
}

}  // namespace cmatch::internal
