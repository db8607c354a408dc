// cmatch matrix: support by kind and compute capability, from the tables.

#include "cmatch/matrix.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cmatch/build_ecp.h"
#include "cmatch/html.h"
#include "context.h"
#include "table.h"
#include "worker_options.h"

namespace cmatch::cli {
namespace {

// One sign a cell, told apart without colour.
char Sign(const SupportCell& cell) {
  if (cell.open) return '?';
  switch (cell.level) {
    case Level::kNative:
      return 'N';
    case Level::kDegraded:
      return 'd';
    case Level::kUnsupported:
      return '-';
  }
  return '-';
}

std::string OpenNote(const SupportMatrix& matrix, std::string_view dimension) {
  for (const auto& [name, cell] : matrix.open) {
    if (name == dimension) return " (what is not listed is not known)";
  }
  return {};
}

std::string Text(const SupportMatrix& matrix, const TextOptions& options) {
  std::size_t name = 5;
  for (const SupportMatrix::Row& row : matrix.rows) name = std::max(name, row.kind.size());
  const auto line = [&](std::string label, const std::vector<SupportCell>& cells) {
    label.resize(name + 2, ' ');
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string cell(1, Sign(cells[i]));
      cell.insert(0, ToString(matrix.compute[i]).size() - 1, ' ');
      label += ' ' + cell;
    }
    return label + '\n';
  };
  std::string head(name + 2, ' ');
  for (const ComputeCapability compute : matrix.compute) head += ' ' + ToString(compute);
  std::string text = matrix.engine + " " + matrix.version +
                     ": N native, d degraded, - unsupported" +
                     (matrix.open.empty() ? "" : ", ? not known") + ", by compute capability\n";
  text +=
      (options.color ? "\033[1m" + head + "\033[0m" : head) + '\n' + line("floor", matrix.floor);
  std::string_view dimension;
  for (const SupportMatrix::Row& row : matrix.rows) {
    if (row.dimension != dimension) {
      text += std::string(row.dimension) + OpenNote(matrix, row.dimension) + '\n';
    }
    dimension = row.dimension;
    text += line("  " + std::string(row.kind), row.cells);
  }
  return text;
}

std::string CellJson(const SupportCell& cell) {
  std::string json = "{\"level\":" + JsonString(std::string(ToString(cell)));
  if (!cell.because.empty()) json += ",\"because\":" + JsonString(std::string(cell.because));
  if (!cell.where.file.empty()) {
    json +=
        ",\"file\":" + JsonString(cell.where.file) + ",\"line\":" + std::to_string(cell.where.line);
  }
  return json + '}';
}

std::string CellsJson(const SupportMatrix& matrix, const std::vector<SupportCell>& cells) {
  std::string json = "{";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    json += std::string(i == 0 ? "" : ",") + JsonString(ToString(matrix.compute[i])) + ':' +
            CellJson(cells[i]);
  }
  return json + '}';
}

std::string OpenJson(const SupportMatrix& matrix) {
  std::string json = "{";
  for (const auto& [dimension, cell] : matrix.open) {
    json += std::string(json.size() == 1 ? "" : ",") + JsonString(std::string(dimension)) + ':' +
            CellJson(cell);
  }
  return json + '}';
}

std::string Json(const SupportMatrix& matrix) {
  std::string json = "{\"schema\":\"cmatch.matrix/1\",\"engine\":" + JsonString(matrix.engine) +
                     ",\"engine_version\":" + JsonString(matrix.version) +
                     ",\"floor\":" + CellsJson(matrix, matrix.floor) + ",\"supports\":{";
  std::string_view dimension;
  for (const SupportMatrix::Row& row : matrix.rows) {
    if (row.dimension != dimension) {
      json += std::string(dimension.empty() ? "" : "},") + JsonString(std::string(row.dimension)) +
              ":{";
    } else {
      json += ',';
    }
    dimension = row.dimension;
    json += JsonString(std::string(row.kind)) + ':' + CellsJson(matrix, row.cells);
  }
  json += dimension.empty() ? "}" : "}}";
  if (!matrix.open.empty()) json += ",\"open\":" + OpenJson(matrix);
  return json + "}\n";
}

struct MatrixVerb {
  std::vector<std::string> engines;
  std::string html;

  Exit Run(Context& run) const;
};

Exit MatrixVerb::Run(Context& run) const {
  const auto rules = run.Rules();
  if (!rules) return run.Fail(rules.error());
  std::vector<std::string> named = engines;
  if (named.empty() && !run.globals().default_engine.empty()) {
    named = {run.globals().default_engine};
  }
  if (named.empty()) {
    const auto names = EngineNames(**rules);
    named.assign(names.begin(), names.end());
  }
  Exit worst = Exit::kGood;
  std::vector<SupportMatrix> matrices;
  for (const std::string& each : named) {
    const auto choice = ChooseEngine(each);
    auto matrix = choice ? BuildMatrix(**rules, choice->engine, choice->version)
                         : std::unexpected(choice.error());
    if (!matrix) {
      worst = run.Fail(matrix.error());
    } else if (html.empty()) {
      Print(run.json() ? Json(*matrix) : Text(*matrix, run.out_text()));
    } else {
      matrices.push_back(std::move(*matrix));
    }
  }
  if (html.empty() || matrices.empty()) return worst;
  const std::string page =
      RenderHtml(matrices, HtmlRules{.version = (*rules)->version(), .digest = (*rules)->digest()});
  return WriteOutput(html, page) ? worst : Exit::kCouldNotJudge;
}

}  // namespace

Verb AddMatrix(CLI::App& app) {
  auto verb = std::make_shared<MatrixVerb>();
  app.add_option("--engine", verb->engines,
                 "Engine, NAME or NAME@VERSION, repeatable (all engines, if none is named)")
      ->allow_extra_args(false)
      ->check(ValidateGiven);
  app.add_option("--html", verb->html, "Write one page with all of it to this file instead")
      ->check(ValidateGiven);
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
