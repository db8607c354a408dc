#ifndef CMATCH_HF_CONFIG_H_
#define CMATCH_HF_CONFIG_H_

// A Hugging Face config.json by its keys. The language model of a multimodal one is described by
// `text_config`: what stands there comes before what stands beside it.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cmatch/mcd_source.h"
#include "cmatch/value.h"
#include "json/json_edge.h"

namespace cmatch::internal {

using HfKeys = std::initializer_list<std::string_view>;

// A warning of a source's reader (CMATCH-8011).
Finding SourceWarning(std::string_view code, std::string message, std::string help = {});

// Refers to its document, which must outlive it and have an object as root.
class HfConfig {
 public:
  explicit HfConfig(const JsonDocument& document);

  const JsonDocument& document() const { return document_; }

  // The value at "key" or "outer.inner", or at the first of several such paths that has one; null
  // is none.
  const JsonNode* Find(std::string_view path) const;
  const JsonNode* Find(HfKeys paths) const;
  // True where the key is there and null: the model's class has it, the model has none.
  bool IsNull(std::string_view key) const;
  // In the document itself, past `text_config`.
  const JsonNode* FindOutside(std::string_view key) const;

  // For the conditions of the architecture table: "hf.KEY", "hf.OUTER.INNER", "hf.KEY[1]".
  Value Lookup(std::string_view name) const;

  std::string Origin(const JsonNode& node) const;

 private:
  const JsonDocument& document_;
  const JsonNode& root_;
  const JsonNode* text_;  // nullptr: none
};

// Writes what a config says into facts. A value of the wrong shape blocks a required member and is
// a warning for any other, which then stays unknown: the keys are those of many model classes, and
// one may mean something else by a name.
class HfWriter {
 public:
  HfWriter(const HfConfig& config, McdFacts* facts) : config_(config), facts_(facts) {}

  void Set(std::string_view member, Value value, const JsonNode& from);
  void Set(std::string_view member, Value value, std::string origin);
  void TakeInteger(std::string_view member, HfKeys keys);
  // An integer, or a list of them by layer.
  void TakeIntegers(std::string_view member, HfKeys keys);
  void TakeNumber(std::string_view member, HfKeys keys);

  Value Get(std::string_view member) const;  // unknown where it has not been written
  bool Known(std::string_view member) const { return IsKnown(Get(member)); }
  std::optional<std::int64_t> Integer(std::string_view member) const;
  // A warning for `inspect`, and a reason for `check` to refuse. `member` is what another source
  // could state instead, or empty where nothing helps.
  // `where`: what blocks; no file: config.json as a whole.
  void Block(std::string_view member, std::string code, std::string message, std::string help = {},
             Location where = {});
  void Warn(std::string_view code, std::string message, std::string help = {});

 private:
  void Take(std::string_view member, HfKeys keys, const Field& field);
  void Refuse(std::string_view member, const JsonNode& node, std::string_view what);

  const HfConfig& config_;
  McdFacts* facts_;
};

}  // namespace cmatch::internal

#endif  // CMATCH_HF_CONFIG_H_
