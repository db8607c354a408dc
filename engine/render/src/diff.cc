#include <algorithm>

#include "cmatch/render_diff.h"
#include "json_writer.h"

namespace cmatch {
namespace {

constexpr std::size_t kListed = 20;  // changes of one sort, where nobody asked for all

std::string Paint(const std::string& text, Effect effect, const TextOptions& options) {
  if (!options.color) return text;
  const char* code = effect == Effect::kWorse     ? "1;31"
                     : effect == Effect::kUnclear ? "33"
                     : effect == Effect::kBetter  ? "1;32"
                                                  : "2";
  return "\033[" + std::string(code) + "m" + text + "\033[0m";
}

// "4,180"
std::string Count(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string Word(Effect effect, bool allowed) {
  std::string word = effect == Effect::kNone      ? "same"
                     : effect == Effect::kUnclear ? "unclear"
                                                  : std::string(ToString(effect));
  if (allowed && (effect == Effect::kWorse || effect == Effect::kUnclear)) word = "allowed";
  word.resize(8, ' ');
  return word;
}

std::string Place(const Location& where) {
  if (where.file.empty()) return {};
  return where.file + (where.line == 0 ? "" : ":" + std::to_string(where.line));
}

std::string Places(const std::vector<Location>& rows) {
  constexpr std::size_t kPlaces = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(rows.size(), kPlaces); ++i) {
    text += (i == 0 ? "" : ", ") + Place(rows[i]);
  }
  if (rows.size() > kPlaces) text += " and " + std::to_string(rows.size() - kPlaces) + " more";
  return text;
}

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// "quant bf16, fp16", "floor", "images of build cuda12".
std::string What(const GridChange& change) {
  std::string what = change.subject;
  if (what.starts_with("supports/")) what = what.substr(9);
  return change.names.empty() ? what : what + " " + Join(change.names);
}

std::string Change(const std::string& from, const std::string& to) {
  if (from.empty()) return "added: " + to;
  if (to.empty()) return "removed: " + from;
  return from + " -> " + to;
}

std::string Rows(const std::string& was, const std::string& is) {
  if (was.empty() && is.empty()) return {};
  std::string text = "           ";
  if (!was.empty()) text += "was " + was;
  if (!is.empty()) text += (was.empty() ? "is " : ", is ") + is;
  return Escape(text) + '\n';
}

std::string LineOf(const GridChange& change, std::size_t of, const TextOptions& options) {
  std::string text = "  " + Paint(Word(change.effect, change.allowed), change.effect, options) +
                     " " + Count(change.cells) + " of " + Count(of) + ": " + Escape(What(change));
  if (!change.compute.empty()) text += " on " + change.compute;
  text += ", " + Escape(change.engine);
  if (!change.versions.empty()) text += " " + Escape(change.versions);
  text += ": " + Escape(Change(change.from, change.to)) + '\n';
  if (!change.because.empty()) text += "           because " + Escape(change.because) + '\n';
  return text + Rows(Places(change.old_rows), Places(change.new_rows));
}

std::string LineOf(const TableChange& change, const TextOptions& options) {
  return "  " + Paint(Word(change.effect, change.allowed), change.effect, options) + " " +
         Escape(change.target) + ": " + Escape(Change(change.from, change.to)) + '\n' +
         Rows(Place(change.old_where), Place(change.new_where));
}

std::string LineOf(const CaseChange& change, const TextOptions& options) {
  return "  " + Paint(Word(change.effect, change.allowed), change.effect, options) + " " +
         Escape(change.id) + ": " + Escape(Change(change.from, change.to)) + '\n' +
         Rows("", Place(change.where));
}

template <typename Changes, typename Each>
std::string List(const std::string& title, const Changes& changes, const TextOptions& options,
                 Each each) {
  if (changes.empty()) return {};
  const std::size_t shown = options.verbose ? changes.size() : std::min(changes.size(), kListed);
  std::string text = title + ":\n";
  for (std::size_t i = 0; i < shown; ++i) text += each(changes[i]);
  if (shown < changes.size()) {
    text += "  ... and " + Count(changes.size() - shown) + " more (--verbose lists them)\n";
  }
  return text;
}

std::size_t Total(const RuleSetDiff& diff) {
  return diff.grid.size() + diff.tables.size() + diff.cases.size();
}

// "24 of 84,180 cells, 3 of 3,346 cases, 1 table row"
std::string Sums(const RuleSetDiff& diff) {
  return Count(diff.ChangedCells()) + " of " + Count(diff.grid_cells) + " cells, " +
         Count(diff.cases.size()) + " of " + Count(diff.case_count) + " cases, " +
         Count(diff.tables.size()) + (diff.tables.size() == 1 ? " row" : " rows");
}

std::string Headline(const RuleSetDiff& diff) {
  if (Total(diff) == 0) return "THE SAME";
  return diff.GetsWorse() ? "GETS WORSE" : "NOTHING GETS WORSE";
}

}  // namespace

std::string RenderText(const RuleSetDiff& diff, const TextOptions& options) {
  const Effect effect = Total(diff) == 0   ? Effect::kNone
                        : diff.GetsWorse() ? Effect::kWorse
                                           : Effect::kBetter;
  return Paint(Headline(diff), effect, options) + ": " + Sums(diff) + " change\n" +
         List("grid", diff.grid, options,
              [&](const GridChange& change) { return LineOf(change, diff.grid_cells, options); }) +
         List("cases", diff.cases, options,
              [&](const CaseChange& change) { return LineOf(change, options); }) +
         List("tables", diff.tables, options,
              [&](const TableChange& change) { return LineOf(change, options); });
}

namespace {

using internal::JsonWriter;

void WritePlace(JsonWriter& json, std::string_view name, const Location& where) {
  if (where.file.empty()) return;
  json.Key(name).Object([&] {
    json.Member("file", where.file);
    json.OptionalMember("line", where.line);
  });
}

void WritePlaces(JsonWriter& json, std::string_view name, const std::vector<Location>& places) {
  json.Key(name).Array(places, [&](const Location& where) {
    json.Object([&] {
      json.Member("file", where.file);
      json.OptionalMember("line", where.line);
    });
  });
}

template <typename Change>
void WriteEffect(JsonWriter& json, const Change& change) {
  json.Member("effect", ToString(change.effect));
  json.Member("allowed", change.allowed);
}

template <typename Change>
void WriteValues(JsonWriter& json, const Change& change) {
  json.OptionalMember("from", change.from);
  json.OptionalMember("to", change.to);
}

void Write(JsonWriter& json, const GridChange& change) {
  json.Object([&] {
    WriteEffect(json, change);
    json.Member("targets", change.Targets());
    json.Member("engine", change.engine);
    json.Member("subject", change.subject);
    json.Member("names", change.names);
    json.OptionalMember("versions", change.versions);
    json.OptionalMember("compute", change.compute);
    WriteValues(json, change);
    json.OptionalMember("because", change.because);
    json.Member("cells", change.cells);
    WritePlaces(json, "old_rows", change.old_rows);
    WritePlaces(json, "new_rows", change.new_rows);
  });
}

}  // namespace

std::string RenderJson(const RuleSetDiff& diff) {
  JsonWriter json;
  json.Object([&] {
    json.Member("schema", "cmatch.diff/1");
    json.Member("worse", diff.GetsWorse());
    json.Member("old", diff.old_digest);
    json.Member("new", diff.new_digest);
    json.Member("cells", diff.grid_cells);
    json.Member("changed_cells", diff.ChangedCells());
    json.Member("cases", diff.case_count);
    json.Key("grid").Array(diff.grid, [&](const GridChange& change) { Write(json, change); });
    json.Key("changed_cases").Array(diff.cases, [&](const CaseChange& change) {
      json.Object([&] {
        WriteEffect(json, change);
        json.Member("id", change.id);
        WriteValues(json, change);
        WritePlace(json, "where", change.where);
      });
    });
    json.Key("tables").Array(diff.tables, [&](const TableChange& change) {
      json.Object([&] {
        WriteEffect(json, change);
        json.Member("target", change.target);
        WriteValues(json, change);
        WritePlace(json, "old_where", change.old_where);
        WritePlace(json, "new_where", change.new_where);
      });
    });
  });
  return json.Take();
}

namespace {

// A cell of a Markdown table that means nothing but its text.
std::string Cell(const std::string& text) {
  std::string out;
  for (const char c : Escape(text)) {
    if (std::string_view("\\`*_{}[]<>|#!~&@").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string Line(std::initializer_list<std::string> cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

std::string Mark(Effect effect, bool allowed) {
  std::string word = Word(effect, allowed);
  word.erase(word.find_last_not_of(' ') + 1);
  return effect == Effect::kWorse && !allowed ? "**" + word + "**" : word;
}

}  // namespace

std::string RenderMarkdown(const RuleSetDiff& diff) {
  std::string text = "### " + Headline(diff) + "\n\n" + Sums(diff) + " change.\n";
  if (!diff.grid.empty()) {
    text += "\n" + Line({"effect", "cells", "engine", "what", "capability", "was", "is", "rows"}) +
            "|---|---:|---|---|---|---|---|---|\n";
  }
  for (const GridChange& change : diff.grid) {
    text += Line({Mark(change.effect, change.allowed), Count(change.cells),
                  Cell(change.engine + " " + change.versions), Cell(What(change)),
                  Cell(change.compute), Cell(change.from),
                  Cell(change.to + (change.because.empty() ? "" : ": " + change.because)),
                  Cell(Places(change.old_rows) + " -> " + Places(change.new_rows))});
  }
  if (!diff.cases.empty()) {
    text += "\n" + Line({"effect", "case", "was", "is"}) + "|---|---|---|---|\n";
  }
  for (const CaseChange& change : diff.cases) {
    text += Line(
        {Mark(change.effect, change.allowed), Cell(change.id), Cell(change.from), Cell(change.to)});
  }
  if (!diff.tables.empty()) {
    text += "\n" + Line({"effect", "row", "was", "is"}) + "|---|---|---|---|\n";
  }
  for (const TableChange& change : diff.tables) {
    text += Line({Mark(change.effect, change.allowed), Cell(change.target), Cell(change.from),
                  Cell(change.to)});
  }
  return text;
}

}  // namespace cmatch
