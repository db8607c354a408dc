// Support by kind and compute capability, as a page.

#include <algorithm>
#include <map>
#include <vector>

#include "html_page.h"

namespace cmatch {
namespace {

const char* Mark(const SupportCell& cell) {
  if (cell.open) return "?";
  switch (cell.level) {
    case Level::kNative:
      return "●";
    case Level::kDegraded:
      return "◐";
    case Level::kUnsupported:
      return "–";
  }
  return "–";
}

// Each table row that some cell rests on is told once, in a list that the cells lead to.
class Notes {
 public:
  // The anchor of the cell's note; empty where the tables say nothing of it.
  std::string Anchor(const SupportCell& cell) {
    if (cell.where.file.empty() && cell.because.empty()) return {};
    std::string text = "<b class=\"" + Level(cell) + "\">" + Level(cell) + "</b>";
    if (!cell.because.empty()) text += ": " + EscapeHtml(cell.because);
    text += "<br><code>" + EscapeHtml(ToString(cell.where)) + "</code>";
    if (!cell.source.empty()) {
      text += "<br><span class=\"faint\">Source: </span>" + internal::HtmlSource(cell.source);
    }
    const auto [it, added] = index_.emplace(std::move(text), texts_.size());
    if (added) texts_.push_back(it->first);
    return "r" + std::to_string(it->second + 1);
  }

  std::string List() const {
    if (texts_.empty()) return {};
    std::string list =
        "<section aria-labelledby=\"notes\">\n<h2 id=\"notes\">Reasons and sources</h2>\n"
        "<ol class=\"notes\">\n";
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      list += "<li id=\"r" + std::to_string(i + 1) + "\">" + texts_[i] + "</li>\n";
    }
    return list + "</ol>\n</section>\n";
  }

 private:
  static std::string Level(const SupportCell& cell) { return std::string(ToString(cell)); }

  std::map<std::string, std::size_t> index_;
  std::vector<std::string> texts_;
};

std::string Cells(const std::vector<SupportCell>& cells, Notes& notes) {
  std::string row;
  for (const SupportCell& cell : cells) {
    const std::string_view level = ToString(cell);
    const std::string anchor = notes.Anchor(cell);
    row.append("<td class=\"").append(level).append("\">");
    if (anchor.empty()) {
      row.append("<span class=\"mark\" role=\"img\"");
    } else {
      row.append("<a class=\"mark\" href=\"#").append(anchor).append("\"");
    }
    row.append(" aria-label=\"").append(level).append("\">") += Mark(cell);
    row.append(anchor.empty() ? "</span></td>" : "</a></td>");
  }
  return row;
}

std::string Row(std::string_view kind, const std::vector<SupportCell>& cells, Notes& notes) {
  return "<tr class=\"row\"><th scope=\"row\" class=\"kind\">" + EscapeHtml(kind) + "</th>" +
         Cells(cells, notes) + "</tr>\n";
}

std::string Table(const SupportMatrix& matrix, std::size_t number, Notes& notes) {
  const std::string id = "m" + std::to_string(number);
  const std::string name = EscapeHtml(matrix.engine) + " " + EscapeHtml(matrix.version);
  std::string html = "<section class=\"matrix-section\" data-engine=\"" +
                     EscapeHtml(matrix.engine) + "\" data-release=\"" + EscapeHtml(matrix.version) +
                     "\" aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">" + name +
                     "</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                     "aria-labelledby=\"" +
                     id + "\">\n<table class=\"matrix\">\n<caption class=\"unseen\">" + name +
                     " by kind and compute capability</caption>\n<thead><tr>"
                     "<th scope=\"col\">kind</th>";
  for (const ComputeCapability compute : matrix.compute) {
    html += "<th scope=\"col\">" + ToString(compute) + "</th>";
  }
  html += "</tr></thead>\n<tbody>\n" + Row("starts at all", matrix.floor, notes);
  std::string_view dimension;
  for (const SupportMatrix::Row& row : matrix.rows) {
    if (row.dimension != dimension) {
      html += "</tbody>\n<tbody>\n<tr><th scope=\"rowgroup\" class=\"group\">" +
              EscapeHtml(row.dimension) + "</th><td colspan=\"" +
              std::to_string(matrix.compute.size()) + "\"></td></tr>\n";
      dimension = row.dimension;
    }
    html += Row(row.kind, row.cells, notes);
  }
  return html + "</tbody>\n</table>\n</div>\n</section>\n";
}

std::string Select(std::string_view name, std::string_view label,
                   const std::vector<std::string>& values) {
  std::string html = "<label>" + std::string(label) + "<select name=\"" + std::string(name) +
                     "\"><option value=\"\">all</option>";
  for (const std::string& value : values) html += "<option>" + EscapeHtml(value) + "</option>";
  return html + "</select></label>\n";
}

void AddOnce(std::vector<std::string>& list, const std::string& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

// Shown by the script, which is what makes it work.
std::string Filters(std::span<const SupportMatrix> matrices) {
  std::vector<std::string> engines;
  std::vector<std::string> releases;
  std::vector<std::string> compute;
  for (const SupportMatrix& matrix : matrices) {
    AddOnce(engines, matrix.engine);
    AddOnce(releases, matrix.version);
    for (const ComputeCapability capability : matrix.compute) {
      AddOnce(compute, ToString(capability));
    }
  }
  return "<form class=\"filters\" aria-label=\"Filters\" hidden>\n" +
         Select("engine", "Engine", engines) + Select("release", "Release", releases) +
         Select("compute", "Compute capability", compute) +
         "<label>Kind<input name=\"kind\" type=\"search\" autocomplete=\"off\"></label>\n"
         "<button type=\"reset\">Show all</button>\n<output></output>\n</form>\n";
}

}  // namespace

std::string RenderHtml(std::span<const SupportMatrix> matrices, const HtmlRules& rules) {
  const bool open = std::any_of(matrices.begin(), matrices.end(),
                                [](const SupportMatrix& matrix) { return !matrix.open.empty(); });
  std::string main =
      "<p>What each engine release runs, by kind and CUDA compute capability. Each cell leads to "
      "the row of the tables that it rests on, with its reason and source.</p>\n"
      "<ul class=\"legend\"><li><span class=\"mark native\" aria-hidden=\"true\">●</span> native"
      "</li><li><span class=\"mark degraded\" aria-hidden=\"true\">◐</span> degraded: it runs, but "
      "emulated, converted or in part</li><li><span class=\"mark unsupported\" "
      "aria-hidden=\"true\">–</span> unsupported</li>" +
      (open ? "<li><span class=\"mark\" aria-hidden=\"true\">?</span> not known: the engine's "
              "list is open</li>"
            : std::string()) +
      "</ul>\n" + Filters(matrices);
  Notes notes;
  for (std::size_t i = 0; i < matrices.size(); ++i) main += Table(matrices[i], i + 1, notes);
  main += notes.List() +
          "<dialog aria-labelledby=\"note-title\"><h2 id=\"note-title\"></h2>"
          "<p class=\"note\"></p><form method=\"dialog\"><button>Close</button></form></dialog>\n";
  return internal::HtmlPage("Engine support by compute capability", main, rules, true);
}

}  // namespace cmatch
