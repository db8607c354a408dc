// Differences of rule sets and lists of overlays, line by line.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cmatch/render_diff.h"
#include "cmatch/render_layers.h"

namespace cmatch {
namespace {

constexpr TextOptions kColor{.color = true};

RuleSetDiff Of(GridChange change) {
  RuleSetDiff diff;
  diff.grid_cells = 10;
  diff.grid.push_back(std::move(change));
  return diff;
}

GridChange Row() {
  GridChange change;
  change.engine = "toy";
  change.subject = "supports/quant";
  change.names = {"fp8"};
  change.versions = ">=1.0";
  change.compute = "8.9";
  change.from = "native";
  change.to = "unsupported";
  change.cells = 1;
  change.effect = Effect::kWorse;
  return change;
}

// The lines of `text` that hold `word`.
std::string LinesWith(const std::string& text, const std::string& word) {
  std::string found;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    if (line.find(word) != std::string::npos) found += (found.empty() ? "" : "|") + line;
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return found;
}

TEST_CASE("diff: what a change of the grid says, and what it leaves out") {
  const struct {
    const char* name;
    void (*change)(GridChange&);
    const char* line;
  } cases[] = {
      {"all of it", [](GridChange&) {},
       "  worse    1 of 10: quant fp8 on 8.9, toy >=1.0: native -> unsupported"},
      {"of every capability", [](GridChange& c) { c.compute.clear(); },
       "  worse    1 of 10: quant fp8, toy >=1.0: native -> unsupported"},
      {"of every release", [](GridChange& c) { c.versions.clear(); },
       "  worse    1 of 10: quant fp8 on 8.9, toy: native -> unsupported"},
      {"no name",
       [](GridChange& c) {
         c.subject = "floor";
         c.names.clear();
       },
       "  worse    1 of 10: floor on 8.9, toy >=1.0: native -> unsupported"},
      {"two names", [](GridChange& c) { c.names = {"fp8", "fp4"}; },
       "  worse    1 of 10: quant fp8, fp4 on 8.9, toy >=1.0: native -> unsupported"},
      {"added", [](GridChange& c) { c.from.clear(); },
       "  worse    1 of 10: quant fp8 on 8.9, toy >=1.0: added: unsupported"},
      {"removed", [](GridChange& c) { c.to.clear(); },
       "  worse    1 of 10: quant fp8 on 8.9, toy >=1.0: removed: native"},
      {"allowed", [](GridChange& c) { c.allowed = true; },
       "  allowed  1 of 10: quant fp8 on 8.9, toy >=1.0: native -> unsupported"},
      {"allowed, and may be worse",
       [](GridChange& c) {
         c.allowed = true;
         c.effect = Effect::kUnclear;
       },
       "  allowed  1 of 10: quant fp8 on 8.9, toy >=1.0: native -> unsupported"},
      {"allowed, and better all the same",
       [](GridChange& c) {
         c.allowed = true;
         c.effect = Effect::kBetter;
       },
       "  better   1 of 10: quant fp8 on 8.9, toy >=1.0: native -> unsupported"},
      {"may be worse", [](GridChange& c) { c.effect = Effect::kUnclear; },
       "  unclear  1 of 10: quant fp8 on 8.9, toy >=1.0: native -> unsupported"},
      {"neither", [](GridChange& c) { c.effect = Effect::kNone; },
       "  same     1 of 10: quant fp8 on 8.9, toy >=1.0: native -> unsupported"},
      {"a name that drives the terminal", [](GridChange& c) { c.names = {"\033[2J"}; },
       "  worse    1 of 10: quant \\x1b[2J on 8.9, toy >=1.0: native -> unsupported"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    GridChange change = Row();
    c.change(change);
    CHECK(LinesWith(RenderText(Of(change)), " of 10:") == c.line);
  }
}

TEST_CASE("diff: the rows behind a change, on either side or both") {
  const Location old_row{"a.yaml", 3, 1};
  const Location new_row{"b.yaml", 4, 1};
  const struct {
    std::vector<Location> was, is;
    const char* line;
  } cases[] = {
      {{}, {}, ""},
      {{old_row}, {}, "           was a.yaml:3"},
      {{}, {new_row}, "           is b.yaml:4"},
      {{old_row}, {new_row}, "           was a.yaml:3, is b.yaml:4"},
      {{old_row, old_row, old_row, old_row, old_row},
       {},
       "           was a.yaml:3, a.yaml:3, a.yaml:3 and 2 more"},
      {{{"whole.yaml", 0, 0}}, {}, "           was whole.yaml"},
  };
  for (const auto& c : cases) {
    GridChange change = Row();
    change.old_rows = c.was;
    change.new_rows = c.is;
    CHECK(LinesWith(RenderText(Of(change)), ".yaml") == c.line);
  }
}

TEST_CASE("diff: colours say what the words say") {
  const struct {
    Effect effect;
    const char* code;
  } cases[] = {{Effect::kWorse, "\033[1;31mworse   \033[0m"},
               {Effect::kUnclear, "\033[33munclear \033[0m"},
               {Effect::kBetter, "\033[1;32mbetter  \033[0m"},
               {Effect::kNone, "\033[2msame    \033[0m"}};
  for (const auto& c : cases) {
    GridChange change = Row();
    change.effect = c.effect;
    CHECK(RenderText(Of(change), kColor).find(c.code) != std::string::npos);
    CHECK(RenderText(Of(change)).find('\033') == std::string::npos);
  }
}

TEST_CASE("diff: long lists are cut unless all is asked for") {
  RuleSetDiff diff;
  for (int i = 0; i < 200; ++i) {
    TableChange change;
    change.target = "rules/R-" + std::to_string(i) + "/hint";
    change.to = "h";
    diff.tables.push_back(change);
  }
  const std::string few = RenderText(diff);
  CHECK(LinesWith(few, " more (--verbose lists them)") != "");
  CHECK(few.find("rules/R-0/hint") != std::string::npos);
  CHECK(few.find("rules/R-199/hint") == std::string::npos);
  const std::string all = RenderText(diff, {.verbose = true});
  CHECK(LinesWith(all, " more (--verbose lists them)") == "");
  CHECK(all.find("rules/R-199/hint") != std::string::npos);
}

TEST_CASE("diff: equal sets, in every form") {
  const RuleSetDiff same;
  CHECK(RenderText(same) == "THE SAME: 0 of 0 cells, 0 of 0 cases, 0 rows change\n");
  CHECK(RenderMarkdown(same) == "### THE SAME\n\n0 of 0 cells, 0 of 0 cases, 0 rows change.\n");
  // no table where nothing of its kind changes, and no words that say why where there are none
  const std::string markdown = RenderMarkdown(Of(Row()));
  CHECK(LinesWith(markdown, "**worse**").find("| unsupported |") != std::string::npos);
  CHECK(LinesWith(markdown, "| case |") == "");
  CHECK(LinesWith(markdown, "| row | was |") == "");
}

LayerItem Item() {
  LayerItem item;
  item.layer = "site";
  item.owner = "ops";
  item.reason = "OPS-1";
  item.target = "rules/R/severity";
  item.value = "warning";
  item.where = {"o.yaml", 7, 3};
  return item;
}

TEST_CASE("layers: what a change says, and what it leaves out") {
  const struct {
    const char* name;
    void (*change)(LayerItem&);
    const char* want;
  } cases[] = {
      {"for ever, of what was not stated", [](LayerItem&) {},
       "site (ops): OPS-1\n  set    rules/R/severity = warning, for ever\n"
       "         o.yaml:7; was not stated\n1 change, 0 waivers\n"},
      {"with what was below",
       [](LayerItem& i) {
         i.replaced = "error";
         i.replaced_where = {"r.yaml", 9, 1};
         i.expires = "2027-03-01";
       },
       "site (ops): OPS-1\n  set    rules/R/severity = warning, until 2027-03-01\n"
       "         o.yaml:7; was error at r.yaml:9\n1 change, 0 waivers\n"},
      {"of a file as a whole", [](LayerItem& i) { i.where.line = 0; },
       "site (ops): OPS-1\n  set    rules/R/severity = warning, for ever\n"
       "         o.yaml; was not stated\n1 change, 0 waivers\n"},
      {"set again", [](LayerItem& i) { i.superseded_by = {"p.yaml", 2, 1}; },
       "site (ops): OPS-1\n  set    rules/R/severity = warning, for ever\n"
       "         o.yaml:7; was not stated\n"
       "         does not count: set again at p.yaml:2\n1 change, 0 waivers\n"},
      {"soon over",
       [](LayerItem& i) {
         i.expires = "2027-03-01";
         i.state = LayerState::kEndsSoon;
       },
       "site (ops): OPS-1\n  set    rules/R/severity = warning, ENDS SOON 2027-03-01\n"
       "         o.yaml:7; was not stated\n1 change, 0 waivers; 1 ends soon\n"},
      {"a waiver",
       [](LayerItem& i) {
         i.waiver = true;
         i.target = "R";
         i.model = "org/*";
         i.worker = "*";
       },
       "site (ops)\n  waive  R for model org/* on worker *, for ever\n"
       "         o.yaml:7; OPS-1\n0 changes, 1 waiver\n"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    LayerItem item = Item();
    c.change(item);
    CHECK(RenderText(std::vector{item}, {}) == c.want);
  }
}

TEST_CASE("layers: one heading an overlay, whatever of the two differs") {
  const auto headings = [](const LayerItem& a, const LayerItem& b) {
    const std::string text = RenderText(std::vector{a, b}, {});
    return text.find("site", text.find("site (") + 1) == std::string::npos &&
                   text.find("other (") == std::string::npos &&
                   text.find("(me)") == std::string::npos
               ? 1
               : 2;
  };
  LayerItem other = Item();
  CHECK(headings(Item(), other) == 1);
  other.layer = "other";
  CHECK(headings(Item(), other) == 2);
  other = Item();
  other.owner = "me";
  CHECK(headings(Item(), other) == 2);
  other = Item();
  other.where.file = "p.yaml";
  CHECK(headings(Item(), other) == 2);
}

TEST_CASE("layers: colours where a date is near or past") {
  LayerItem item = Item();
  item.expires = "2027-03-01";
  CHECK(RenderText(std::vector{item}, kColor).find('\033') == std::string::npos);
  item.state = LayerState::kEndsSoon;
  CHECK(RenderText(std::vector{item}, kColor).find("\033[33mENDS SOON 2027-03-01\033[0m") !=
        std::string::npos);
  item.state = LayerState::kExpired;
  CHECK(RenderText(std::vector{item}, kColor).find("\033[1;31mEXPIRED 2027-03-01\033[0m") !=
        std::string::npos);
  CHECK(RenderText(std::vector{item}, {}).find('\033') == std::string::npos);
}

}  // namespace
}  // namespace cmatch
