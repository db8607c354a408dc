#ifndef CMATCH_CLI_TABLE_H_
#define CMATCH_CLI_TABLE_H_

#include <string>
#include <vector>

#include "cmatch/render.h"

namespace cmatch::cli {

// Rows under named columns: aligned text, or a JSON document of objects. Empty cells are left out
// of the objects.
class Listing {
 public:
  explicit Listing(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string Text(const TextOptions& options) const;
  // {"schema": SCHEMA, NAME: [{column: cell}]}
  std::string Json(const std::string& schema, const std::string& name) const;

 private:
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// A JSON string literal, quotes included.
std::string JsonString(const std::string& text);

}  // namespace cmatch::cli

#endif  // CMATCH_CLI_TABLE_H_
