#include "table.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cmatch::cli {

using Json = nlohmann::ordered_json;

std::string Listing::Text(const TextOptions& options) const {
  std::vector<std::size_t> widths;
  for (const std::string& column : columns_) widths.push_back(column.size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string cell = Escape(cells[i]);
      if (i + 1 < cells.size()) cell.resize(std::max(widths[i] + 2, cell.size()), ' ');
      text += cell;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  };
  std::string text =
      options.color ? "\033[1m" + line(columns_) + "\033[0m\n" : line(columns_) + '\n';
  for (const auto& row : rows_) text += line(row) + '\n';
  return text;
}

std::string Listing::Json(const std::string& schema, const std::string& name) const {
  cmatch::cli::Json json = {{"schema", schema}, {name, cmatch::cli::Json::array()}};
  for (const auto& row : rows_) {
    cmatch::cli::Json object = cmatch::cli::Json::object();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row[i].empty()) object[columns_[i]] = row[i];
    }
    json[name].push_back(std::move(object));
  }
  return json.dump(-1, ' ', true, cmatch::cli::Json::error_handler_t::replace) + '\n';
}

std::string JsonString(const std::string& text) {
  return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace cmatch::cli
