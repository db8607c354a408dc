#include <algorithm>

#include "cmatch/render.h"
#include "excerpt.h"
#include "remedy_text.h"

namespace cmatch {
namespace {

constexpr std::size_t kIndent = 8;
constexpr std::string_view kBold = "1";
constexpr std::string_view kRed = "1;31";
constexpr std::string_view kYellow = "33";
constexpr std::string_view kGreen = "1;32";
constexpr std::string_view kDim = "2";

std::string Paint(std::string_view text, std::string_view code, const TextOptions& options) {
  if (!options.color) return std::string(text);
  return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

// Characters, not bytes: UTF-8 continuation bytes take no column.
std::size_t Columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string Pad(std::string text, std::size_t columns) {
  const std::size_t have = Columns(text);
  if (have < columns) text.append(columns - have, ' ');
  return text;
}

// Breaks at spaces; continuation lines start at `indent`. A word longer than the line stays whole.
std::string Wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    if (column > indent && column + 1 + Columns(word) > width) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += Columns(word);
  }
  return out;
}

// "q4_0, q8_0 +12": as many as fit.
std::string Cell(const std::vector<std::string>& texts, std::size_t width) {
  std::string cell;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string next = (cell.empty() ? "" : ", ") + Escape(texts[i]);
    const std::string rest = " +" + std::to_string(texts.size() - i);
    if (!cell.empty() && Columns(cell) + Columns(next) + Columns(rest) > width) return cell + rest;
    cell += next;
  }
  return cell;
}

std::vector<std::string> Texts(const Value& value) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return *list;
  if (!IsKnown(value)) return {};
  return {ToString(value)};
}

std::string OtherSide(const Finding& finding, std::size_t width) {
  if (finding.has_supported) {
    return finding.supported.empty() ? "none" : Cell(finding.supported, width);
  }
  if (finding.max) return "at most " + std::to_string(*finding.max);
  if (finding.min) return "at least " + std::to_string(*finding.min);
  if (finding.multiple_of) return "multiples of " + std::to_string(*finding.multiple_of);
  return "";
}

struct Row {
  std::string status, rule, required, supported;
  std::string_view color;
  const Finding* finding;
};

Row MakeRow(std::string status, std::string_view color, const Finding& finding, std::size_t width) {
  return {.status = std::move(status),
          .rule = Escape(finding.rule),
          .required = Cell(Texts(finding.required), width),
          .supported = OtherSide(finding, width),
          .color = color,
          .finding = &finding};
}

std::string Line(std::string_view label, std::string_view text, const TextOptions& options) {
  const std::string head = std::string(kIndent, ' ') + std::string(label);
  return head + Wrap(Escape(text), kIndent + label.size(), options.width) + '\n';
}

std::string Details(const Finding& finding, const TextOptions& options) {
  std::string text;
  if (!finding.message.empty()) text += Line("", finding.message, options);
  if (!finding.hint.empty()) text += Line("help: ", finding.hint, options);
  if (finding.source) {
    std::string from = ToString(finding.source->where);
    if (!finding.source->text.empty()) {
      from += (from.empty() ? "" : " (") + finding.source->text + (from.empty() ? "" : ")");
    }
    if (!from.empty()) text += Line("from: ", from, options);
  }
  return text;
}

std::string Table(const std::vector<Row>& rows, const TextOptions& options) {
  std::size_t rule = 4;
  std::size_t required = 8;
  for (const Row& row : rows) {
    rule = std::max(rule, Columns(row.rule));
    required = std::max(required, Columns(row.required));
  }
  std::string text = "  " +
                     Paint(Pad("status", 6) + "  " + Pad("rule", rule) + "  " +
                               Pad("required", required) + "  supported",
                           kBold, options) +
                     '\n';
  for (const Row& row : rows) {
    std::string line =
        Pad(row.rule, rule) + "  " + Pad(row.required, required) + "  " + row.supported;
    line.erase(line.find_last_not_of(' ') + 1);
    text += "  " + Paint(Pad(row.status, 6), row.color, options) + "  " + line + '\n';
    text += Details(*row.finding, options);
  }
  return text;
}

std::string SkippedText(const Report& report, const TextOptions& options) {
  if (report.skipped.empty()) return {};
  std::string text = "  " + Paint("not checked", kDim, options) + ":\n";
  for (const Skipped& skipped : report.skipped) {
    text += "    " + Wrap(Escape(skipped.rule + ": " + skipped.because), 6, options.width) + '\n';
  }
  return text;
}

// A name of thousands of characters would leave nothing else to see.
constexpr std::size_t kLongestName = 160;
constexpr std::size_t kNameStart = 120;

std::string Short(const std::string& name) {
  if (Columns(name) <= kLongestName) return name;
  std::size_t end = 0;
  for (std::size_t columns = 0; columns < kNameStart && end < name.size(); ++columns) {
    ++end;
    while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) ++end;
  }
  return name.substr(0, end) + "... (" + std::to_string(Columns(name)) + " characters)";
}

void Replace(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// The names cut, in the messages too.
Report WithShortNames(Report report) {
  for (std::string* name : {&report.model_id, &report.worker_id}) {
    const std::string full = *name;
    *name = Short(full);
    if (*name == full) continue;
    for (auto* findings : {&report.violations, &report.warnings, &report.waived}) {
      for (Finding& finding : *findings) Replace(finding.message, full, *name);
    }
  }
  return report;
}

std::string Plural(std::size_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

std::string Verdict(const Report& report, const TextOptions& options) {
  const std::string pair = Escape(report.model_id) + " on " + Escape(report.worker_id);
  if (!report.compatible) {
    return Paint("NOT COMPATIBLE", kRed, options) + ": " + pair + " (" +
           Plural(report.violations.size(), "rule") + " failed)\n";
  }
  std::string text = Paint("COMPATIBLE", kGreen, options) + ": " + pair;
  if (!report.warnings.empty()) text += " (" + Plural(report.warnings.size(), "warning") + ")";
  return text + '\n';
}

std::string RemediesText(const Report& report, const TextOptions& options) {
  if (!report.remedies) return {};
  const std::vector<Remedy>& remedies = *report.remedies;
  if (remedies.empty()) {
    return "  " + Paint("no change that the tables know of makes it run", kDim, options) + '\n';
  }
  std::string text =
      "  " +
      (remedies[0].compatible ? Paint("would run", kGreen, options)
                              : Paint("would help", kYellow, options) + ", but not be enough") +
      ":\n";
  for (const Remedy& remedy : remedies) {
    text += "    " + Wrap(Escape(internal::Describe(remedy)), 6, options.width) + '\n';
  }
  return text;
}

std::string TraceText(const Report& report, const TextOptions& options) {
  if (report.trace.empty()) return {};
  std::string text = "  trace:\n";
  for (const TraceStep& step : report.trace) {
    std::string line =
        Pad(step.outcome, 14) + " " + Pad(Escape(step.rule), 13) + " " + Escape(step.values);
    line.erase(line.find_last_not_of(' ') + 1);
    text += "    " + Wrap(line, 6, options.width) + '\n';
  }
  return text;
}

}  // namespace

std::string RenderText(const Report& report, const TextOptions& options) {
  const Report shown = WithShortNames(report);
  std::string text = Verdict(shown, options);
  const std::size_t cell = options.width > 60 ? (options.width - 28) / 2 : 16;
  std::vector<Row> rows;
  for (const Finding& f : shown.violations) rows.push_back(MakeRow("FAIL", kRed, f, cell));
  for (const Finding& f : shown.warnings) rows.push_back(MakeRow("WARN", kYellow, f, cell));
  for (const Finding& f : shown.waived) rows.push_back(MakeRow("WAIVED", kYellow, f, cell));
  if (!rows.empty()) text += Table(rows, options);
  return text + RemediesText(shown, options) + SkippedText(shown, options) +
         TraceText(shown, options);
}

std::string RenderProblem(const Problem& problem, const TextOptions& options) {
  return RenderProblem(problem, {}, options);
}

std::string RenderProblem(const Problem& problem, std::string_view line,
                          const TextOptions& options) {
  std::string text;
  const std::string where = ToString(problem.where);
  if (!where.empty()) text += Paint(Escape(where), kBold, options) + ": ";
  text += problem.code + ' ' +
          (problem.warning ? Paint("warning", kYellow, options) : Paint("error", kRed, options)) +
          ": ";
  if (where.empty() && !problem.path.empty()) text += Escape(problem.path) + ": ";
  text += Escape(problem.message) + '\n';
  if (!line.empty()) text += internal::Excerpt(problem.where, line, options);
  for (const Note& note : problem.notes) {
    text += "  note: " + Escape(note.message);
    if (!note.where.file.empty()) text += " (" + Escape(ToString(note.where)) + ")";
    text += '\n';
  }
  if (!problem.help.empty())
    text += "  help: " + Wrap(Escape(problem.help), 8, options.width) + '\n';
  return text;
}

std::string RenderText(const Error& error, const TextOptions& options) {
  std::string text =
      Paint(options.judging ? "COULD NOT JUDGE" : "COULD NOT ANSWER", kRed, options) + " (" +
      std::string(ToString(error.kind)) + ")";
  if (error.problems.size() != 1) text += ": " + Plural(error.problems.size(), "problem");
  text += '\n';
  for (const Problem& problem : error.problems) text += RenderProblem(problem, options);
  return text;
}

std::string RenderText(const Inspection& inspection, const TextOptions& options) {
  std::size_t name = 0;
  std::size_t value = 0;
  for (const auto& [member, stated] : inspection.members) {
    name = std::max(name, Columns(Escape(member)));
    value = std::max(value, std::min<std::size_t>(40, Columns(Escape(ToString(stated)))));
  }
  for (const std::string& member : inspection.missing) {
    name = std::max(name, Columns(Escape(member)));
  }
  std::string text = Paint(Escape(inspection.model), kBold, options) + '\n';
  for (const auto& [member, stated] : inspection.members) {
    const auto origin = inspection.origin.find(member);
    const bool text_value = std::holds_alternative<std::string>(stated);
    const std::string shown = text_value ? Short(ToString(stated)) : ToString(stated);
    std::string line = Pad(Escape(shown), value);
    if (origin != inspection.origin.end()) {
      line += "  " + Paint("(" + Escape(origin->second) + ")", kDim, options);
    }
    text += "  " + Pad(Escape(member), name) + "  " + line + '\n';
  }
  for (const std::string& member : inspection.missing) {
    text += "  " + Pad(Escape(member), name) + "  " + Paint("missing", kRed, options) + '\n';
  }
  for (const Finding& warning : inspection.warnings) {
    text += "  " + Paint("WARN", kYellow, options) + "  " +
            Wrap(Escape(warning.message), kIndent, options.width) + '\n';
    if (!warning.hint.empty()) {
      text += "        help: " + Wrap(Escape(warning.hint), kIndent + 6, options.width) + '\n';
    }
  }
  return text;
}

}  // namespace cmatch
