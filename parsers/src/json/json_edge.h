#ifndef CMATCH_JSON_EDGE_H_
#define CMATCH_JSON_EDGE_H_

// JSON text to a flat tree with positions; the only place that knows nlohmann_json. Strict: what
// that library lets pass (duplicate keys, any depth, NUL as end of text, a byte order mark, numbers
// that lose digits) is a problem here, or kept apart in JsonType.
//
//   const JsonDocument document = JsonDocument::Parse(text, "m.mcd.json");
//   if (document.root() == nullptr) ...          // document.problems() says why
//   const JsonNode* quant = document.Find(*document.root(), "quant");

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmatch/error.h"
#include "cmatch/location.h"
#include "files/read_limits.h"

namespace cmatch::internal {

enum class JsonType : std::uint8_t {
  kNull,
  kBool,
  kInteger,      // written without point and exponent, fits 64 bits with sign
  kHugeInteger,  // written likewise, does not fit
  kReal,         // written with a point or an exponent: 8192.0 and 1e3 too
  kText,
  kList,
  kObject,
};

// "null", "a number with a point or an exponent", ...: for messages.
std::string_view Describe(JsonType type);

struct JsonNode {
  JsonType type = JsonType::kNull;
  bool boolean = false;      // kBool
  std::uint32_t parent = 0;  // arena indices; 0, the root, also means "none"
  std::uint32_t next = 0;
  std::uint32_t first = 0;       // kList, kObject
  std::uint32_t size = 0;        // kList, kObject: number of children
  std::uint32_t index = 0;       // position among its siblings
  std::uint32_t offset = 0;      // byte offset of the value
  std::uint32_t key_offset = 0;  // of its key, for a member of an object
  std::int64_t integer = 0;      // kInteger
  std::string_view key;          // unescaped
  std::string_view text;         // kText: unescaped; numbers: as written
};

// Immutable; may be read from any number of threads. `text` must outlive it.
class JsonDocument {
 public:
  // Codes: json-too-large, json-byte-order-mark, json-nul, json-bad-utf8, json-syntax,
  // json-trailing-text, json-too-deep, json-too-many-values, json-number-range,
  // json-duplicate-key (which does not stop the reading).
  static JsonDocument Parse(std::string_view text, std::string_view name);

  JsonDocument(JsonDocument&&) = default;
  JsonDocument& operator=(JsonDocument&&) = default;

  // nullptr where the text is not JSON as a whole.
  const JsonNode* root() const { return whole_ ? &nodes_[0] : nullptr; }
  const std::vector<Problem>& problems() const { return problems_; }
  const std::string& name() const { return name_; }

  const JsonNode* First(const JsonNode& node) const {
    return node.first == 0 ? nullptr : &nodes_[node.first];
  }
  const JsonNode* Next(const JsonNode& node) const {
    return node.next == 0 ? nullptr : &nodes_[node.next];
  }
  // The member of an object, the first of duplicates; nullptr where there is none or `object` is
  // not one. Linear in the number of members.
  const JsonNode* Find(const JsonNode& object, std::string_view key) const;

  // "/quant/1" (RFC 6901); "" for the root.
  std::string Pointer(const JsonNode& node) const;
  // For messages: "quant[1]", "info.id"; "the document" for the root. Keys as they are, which may
  // be hostile text.
  std::string Name(const JsonNode& node) const;
  Location Where(const JsonNode& node) const { return At(node.offset); }

  Problem MakeProblem(const JsonNode& node, std::string code, std::string message,
                      std::string help = {}) const;
  // The message is `phrase` ("must be an integer") after the node's name.
  Problem MakeValueProblem(const JsonNode& node, std::string code, std::string_view phrase,
                           std::string help = {}) const;

 private:
  friend class JsonBuilder;

  JsonDocument() = default;
  std::vector<const JsonNode*> PathTo(const JsonNode& node) const;  // from below the root
  Location At(std::size_t offset) const;
  void FindLines(std::string_view text);
  void Fail(std::size_t offset, std::string code, std::string message, std::string help = {});

  std::string name_;
  bool whole_ = false;
  std::vector<JsonNode> nodes_;
  // Texts that are not a part of the document as they stand; they stay where they are.
  std::vector<std::unique_ptr<const std::string>> unescaped_;
  std::vector<std::uint32_t> lines_;  // offset of each line's first byte
  std::vector<Problem> problems_;
};

}  // namespace cmatch::internal

#endif  // CMATCH_JSON_EDGE_H_
