// Verdicts as a page.

#include <vector>

#include "html_page.h"
#include "remedy_text.h"

namespace cmatch {
namespace {

std::string List(const std::vector<std::string>& texts) {
  std::string html;
  for (const std::string& text : texts) {
    html += (html.empty() ? "<code>" : ", <code>") + EscapeHtml(text) + "</code>";
  }
  return html;
}

std::string Required(const Value& value) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return List(*list);
  const std::string text = ToString(value);
  return text.empty() ? text : "<code>" + EscapeHtml(text) + "</code>";
}

std::string OtherSide(const Finding& finding) {
  if (finding.has_supported) return finding.supported.empty() ? "none" : List(finding.supported);
  if (finding.max) return "at most " + std::to_string(*finding.max);
  if (finding.min) return "at least " + std::to_string(*finding.min);
  if (finding.multiple_of) return "multiples of " + std::to_string(*finding.multiple_of);
  return "";
}

std::string Row(const Finding& finding, std::string_view status, std::string_view mark) {
  std::string html =
      "<tr><td><span class=\"mark " + std::string(mark) + "\">" + std::string(status) +
      "</span></td><th scope=\"row\">" + EscapeHtml(finding.rule) + "<br><span class=\"faint\">" +
      EscapeHtml(finding.error) + "</span></th><td>" + Required(finding.required) + "</td><td>" +
      OtherSide(finding) + "</td><td><p>" + EscapeHtml(finding.message) + "</p>";
  if (!finding.hint.empty()) html += "<p class=\"help\">" + EscapeHtml(finding.hint) + "</p>";
  if (finding.source) {
    const std::string where = ToString(finding.source->where);
    html += "<p class=\"faint\">";
    if (!where.empty()) html += "<code>" + EscapeHtml(where) + "</code> ";
    html += internal::HtmlSource(finding.source->text) + "</p>";
  }
  return html + "</td></tr>\n";
}

std::string Findings(const Report& report) {
  if (report.violations.empty() && report.warnings.empty() && report.waived.empty()) return {};
  std::string html =
      "<table class=\"findings verdicts\"><thead><tr><th scope=\"col\">status</th><th "
      "scope=\"col\">rule"
      "</th><th scope=\"col\">required</th><th scope=\"col\">supported</th><th scope=\"col\">why"
      "</th></tr></thead>\n<tbody>\n";
  for (const Finding& f : report.violations) html += Row(f, "fail", "fail");
  for (const Finding& f : report.warnings) html += Row(f, "warn", "degraded");
  for (const Finding& f : report.waived) html += Row(f, "waived", "degraded");
  return html + "</tbody></table>\n";
}

std::string RemedyList(const Report& report) {
  if (!report.remedies) return {};
  if (report.remedies->empty()) return "<p>No change that the tables know of makes it run.</p>\n";
  std::string html = std::string("<h3>") +
                     (report.remedies->front().compatible ? "It would run"
                                                          : "What would help, but not be enough") +
                     "</h3>\n<ul class=\"remedies\">\n";
  for (const Remedy& remedy : *report.remedies) {
    html += "<li>" + EscapeHtml(internal::Describe(remedy)) + "</li>\n";
  }
  return html + "</ul>\n";
}

std::string Skips(const Report& report) {
  if (report.skipped.empty()) return {};
  std::string html = "<details><summary>Not checked: " + std::to_string(report.skipped.size()) +
                     "</summary>\n<ul>\n";
  for (const Skipped& skipped : report.skipped) {
    html += "<li>" + EscapeHtml(skipped.rule) + ": " + EscapeHtml(skipped.because) + "</li>\n";
  }
  return html + "</ul></details>\n";
}

std::string Trace(const Report& report) {
  if (report.trace.empty()) return {};
  std::string html =
      "<details><summary>Every rule with its values</summary>\n<table class=\"findings\"><thead>"
      "<tr><th scope=\"col\">rule</th><th scope=\"col\">outcome</th><th scope=\"col\">values</th>"
      "</tr></thead>\n<tbody>\n";
  for (const TraceStep& step : report.trace) {
    html += "<tr><th scope=\"row\">" + EscapeHtml(step.rule) + "</th><td>" +
            EscapeHtml(step.outcome) + "</td><td>" + EscapeHtml(step.values) + "</td></tr>\n";
  }
  return html + "</tbody></table></details>\n";
}

std::string Mark(const HtmlVerdict& verdict) {
  if (!verdict.report) return "<span class=\"mark degraded\">could not judge</span>";
  return verdict.report->compatible ? "<span class=\"mark native\">compatible</span>"
                                    : "<span class=\"mark fail\">not compatible</span>";
}

std::string Name(const HtmlVerdict& verdict) {
  return EscapeHtml(verdict.report ? verdict.report->model_id : verdict.model);
}

std::string Overview(std::span<const HtmlVerdict> verdicts) {
  if (verdicts.size() < 2) return {};
  std::string html =
      "<table class=\"summary\"><thead><tr><th scope=\"col\">model</th><th scope=\"col\">worker"
      "</th><th scope=\"col\">verdict</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    html += "<tr><th scope=\"row\"><a href=\"#v" + std::to_string(i + 1) + "\">" +
            Name(verdicts[i]) + "</a></th><td>" +
            EscapeHtml(verdicts[i].report ? verdicts[i].report->worker_id : "") + "</td><td>" +
            Mark(verdicts[i]) + "</td></tr>\n";
  }
  return html + "</tbody></table>\n";
}

std::string Problems(const Error& error) {
  std::string html = "<ul>\n";
  for (const Problem& problem : error.problems) {
    html += "<li><code>" + EscapeHtml(problem.code) + "</code> ";
    const std::string where = ToString(problem.where);
    if (!where.empty()) html += "<code>" + EscapeHtml(where) + "</code>: ";
    html += EscapeHtml(problem.message);
    if (!problem.help.empty()) html += "<p class=\"help\">" + EscapeHtml(problem.help) + "</p>";
    html += "</li>\n";
  }
  return html + "</ul>\n";
}

}  // namespace

std::string RenderHtml(std::span<const HtmlVerdict> verdicts, const HtmlRules& rules) {
  std::string main = Overview(verdicts);
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const HtmlVerdict& verdict = verdicts[i];
    const std::string id = "v" + std::to_string(i + 1);
    main.append("<section aria-labelledby=\"").append(id).append("\">\n<h2 id=\"").append(id);
    main.append("\">").append(Name(verdict)).append("</h2>\n<p class=\"verdict\">");
    main += Mark(verdict);
    if (const auto& report = verdict.report) {
      main += " on " + EscapeHtml(report->worker_id) + "</p>\n" + Findings(*report) +
              RemedyList(*report) + Skips(*report) + Trace(*report);
    } else {
      main += "</p>\n" + (verdict.error ? Problems(*verdict.error) : "");
    }
    main += "</section>\n";
  }
  return internal::HtmlPage("Can it run?", main, rules, false);
}

}  // namespace cmatch
