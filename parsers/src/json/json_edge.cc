#include "json/json_edge.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "files/text_check.h"

namespace cmatch::internal {
namespace {

// nlohmann_json tells neither line nor column of a value; what it has consumed tells where a token
// ends.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* consumed) : at_(at), consumed_(consumed) {}

  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*consumed_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ == b.at_;
  }

 private:
  const char* at_;
  std::size_t* consumed_;
};

bool IsBetweenTokens(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':';
}

bool IsNumberByte(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// "[json.exception...] parse error at line 1, column 5: WHAT; last read: 'TOKEN'; expected X"
// without the parts that say the place in another way or repeat the input.
std::string CleanMessage(std::string message, const std::string& token) {
  const std::string_view before_what = ": ";
  const std::size_t prefix = message.find(before_what);
  if (prefix != std::string::npos) message.erase(0, prefix + before_what.size());
  const std::string last_read = "; last read: '" + token + "'";
  const std::size_t at = message.find(last_read);
  if (at != std::string::npos) message.erase(at, last_read.size());
  return message;
}

}  // namespace

class JsonBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonBuilder(std::string_view text, JsonDocument* document) : text_(text), document_(document) {}

  void Run() {
    CountingIterator first(text_.data(), &consumed_);
    CountingIterator last(text_.data() + text_.size(), &consumed_);
    document_->whole_ = nlohmann::json::sax_parse(first, last, this) && !failed_;
  }

  bool null() override { return AddLiteral(JsonType::kNull, false, 4); }
  bool boolean(bool value) override { return AddLiteral(JsonType::kBool, value, value ? 4 : 5); }

  bool number_integer(std::int64_t value) override { return AddNumber(JsonType::kInteger, value); }
  bool number_unsigned(std::uint64_t value) override {
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return AddNumber(JsonType::kHugeInteger, 0);
    return AddNumber(JsonType::kInteger, static_cast<std::int64_t>(value));
  }
  bool number_float(double, const std::string& written) override {
    const bool fractional = written.find_first_of(".eE") != std::string::npos;
    return AddNumber(fractional ? JsonType::kReal : JsonType::kHugeInteger, 0);
  }

  bool string(std::string& value) override {
    JsonNode* node = Add(JsonType::kText);
    if (node == nullptr) return false;
    node->text = Keep(node->offset, value);
    end_ = consumed_;
    return true;
  }
  bool binary(nlohmann::json::binary_t&) override { return false; }  // never from text

  bool start_object(std::size_t) override { return Open(JsonType::kObject); }
  bool key(std::string& value) override {
    key_offset_ = Start();
    key_ = Keep(key_offset_, value);
    end_ = consumed_;
    return true;
  }
  bool end_object() override {
    FindDuplicates(open_.back());
    return Close();
  }
  bool start_array(std::size_t) override { return Open(JsonType::kList); }
  bool end_array() override { return Close(); }

  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::json::exception& error) override {
    failed_ = true;
    const std::string message = CleanMessage(error.what(), token);
    if (dynamic_cast<const nlohmann::json::out_of_range*>(&error) != nullptr) {
      document_->Fail(Start(), "json-number-range", "the number is too large for any reader");
      return false;
    }
    if (open_.empty() && !document_->nodes_.empty()) {
      document_->Fail(Start(), "json-trailing-text", "text follows after the end of the document");
      return false;
    }
    const bool utf8 = message.find("UTF-8") != std::string::npos;
    document_->Fail(ErrorOffset(position, message), utf8 ? "json-bad-utf8" : "json-syntax",
                    utf8 ? "the text is not UTF-8" : "not JSON: " + message);
    return false;
  }

 private:
  // The next token's first byte.
  std::size_t Start() const {
    std::size_t at = end_;
    while (at < text_.size() && IsBetweenTokens(text_[at])) ++at;
    return at;
  }

  // An unexpected token is shown by its first byte, a broken one by the byte that breaks it;
  // `position` counts the bytes read, the last one included.
  std::size_t ErrorOffset(std::size_t position, const std::string& message) const {
    if (message.find("unexpected end of input") != std::string::npos) return text_.size();
    const bool one_byte = message.find("unexpected '") != std::string::npos;
    if (!one_byte && message.find("unexpected ") != std::string::npos) return Start();
    return std::min(position == 0 ? 0 : position - 1, text_.size());
  }

  // A text without escapes stands in the document as it is.
  std::string_view Keep(std::size_t offset, std::string& value) {
    if (consumed_ - offset == value.size() + 2) return text_.substr(offset + 1, value.size());
    return *document_->unescaped_.emplace_back(
        std::make_unique<const std::string>(std::move(value)));
  }

  JsonNode* Add(JsonType type) {
    std::vector<JsonNode>& nodes = document_->nodes_;
    const std::size_t start = Start();
    if (nodes.size() == kMaxJsonValues) {
      failed_ = true;
      document_->Fail(start, "json-too-many-values",
                      "more than " + std::to_string(kMaxJsonValues) + " values");
      return nullptr;
    }
    const auto self = static_cast<std::uint32_t>(nodes.size());
    JsonNode node;
    node.type = type;
    node.offset = static_cast<std::uint32_t>(start);
    if (!open_.empty()) {
      Level& level = open_.back();
      JsonNode& parent = nodes[level.node];
      node.parent = level.node;
      node.index = parent.size++;
      node.key = key_;
      node.key_offset = static_cast<std::uint32_t>(key_offset_);
      (level.last == 0 ? parent.first : nodes[level.last].next) = self;
      level.last = self;
    }
    key_ = {};
    return &nodes.emplace_back(node);
  }

  bool AddLiteral(JsonType type, bool value, std::size_t length) {
    JsonNode* node = Add(type);
    if (node == nullptr) return false;
    node->boolean = value;
    end_ = node->offset + length;
    return true;
  }

  bool AddNumber(JsonType type, std::int64_t value) {
    JsonNode* node = Add(type);
    if (node == nullptr) return false;
    node->integer = value;
    // One byte after the number has been read, unless the text ends with it.
    const std::size_t most = consumed_ < text_.size() ? consumed_ - 1 : text_.size();
    std::size_t end = node->offset;
    while (end < most && IsNumberByte(text_[end])) ++end;
    node->text = text_.substr(node->offset, end - node->offset);
    end_ = end;
    return true;
  }

  bool Open(JsonType type) {
    const std::size_t start = Start();
    if (open_.size() == static_cast<std::size_t>(kMaxJsonDepth)) {
      failed_ = true;
      document_->Fail(start, "json-too-deep",
                      "lists and objects are nested more than " + std::to_string(kMaxJsonDepth) +
                          " levels deep");
      return false;
    }
    if (Add(type) == nullptr) return false;
    open_.push_back({static_cast<std::uint32_t>(document_->nodes_.size() - 1), 0});
    end_ = start + 1;
    return true;
  }

  bool Close() {
    open_.pop_back();
    end_ = Start() + 1;
    return true;
  }

  struct Level {
    std::uint32_t node;
    std::uint32_t last;  // child added last; 0: none
  };

  void FindDuplicates(const Level& level) {
    const std::vector<JsonNode>& nodes = document_->nodes_;
    sorted_.clear();
    for (std::uint32_t child = nodes[level.node].first; child != 0; child = nodes[child].next) {
      sorted_.emplace_back(nodes[child].key, child);
    }
    std::sort(sorted_.begin(), sorted_.end());
    for (std::size_t i = 1; i < sorted_.size() && duplicates_ < kMaxJsonDuplicates; ++i) {
      if (sorted_[i].first != sorted_[i - 1].first) continue;
      ++duplicates_;
      const JsonNode& again = nodes[sorted_[i].second];
      Problem problem = document_->MakeProblem(
          again, "json-duplicate-key",
          "the key " + Quoted(again.key) + " is there a second time in this object");
      problem.where = document_->At(again.key_offset);
      problem.notes.push_back(
          {"the first is here", document_->At(nodes[sorted_[i - 1].second].key_offset)});
      document_->problems_.push_back(std::move(problem));
    }
  }

  std::string_view text_;
  JsonDocument* document_;
  std::size_t consumed_ = 0;
  std::size_t end_ = 0;  // of the last token
  bool failed_ = false;
  std::string_view key_;
  std::size_t key_offset_ = 0;
  std::vector<Level> open_;
  std::vector<std::pair<std::string_view, std::uint32_t>> sorted_;
  std::size_t duplicates_ = 0;
};

JsonDocument JsonDocument::Parse(std::string_view text, std::string_view name) {
  JsonDocument document;
  document.name_ = name;
  if (text.size() > kMaxJsonBytes) {
    document.Fail(0, "json-too-large",
                  "the document is larger than " + std::to_string(kMaxJsonBytes) + " bytes");
    return document;
  }
  document.FindLines(text);
  if (text.starts_with("\xEF\xBB\xBF")) {
    document.Fail(0, "json-byte-order-mark", "the text begins with a byte order mark",
                  "save the file as UTF-8 without a byte order mark");
    return document;
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    document.Fail(0, "json-byte-order-mark", "the text is UTF-16", "save the file as UTF-8");
    return document;
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    document.Fail(text.size(), "json-syntax", "the document is empty");
    return document;
  }
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) {
    document.Fail(nul, "json-nul", "the text holds a NUL byte");
    return document;
  }
  try {
    JsonBuilder(text, &document).Run();
  } catch (const nlohmann::json::exception& error) {
    document.whole_ = false;
    document.Fail(0, "json-syntax", "not JSON: " + CleanMessage(error.what(), {}));
  }
  return document;
}

}  // namespace cmatch::internal
