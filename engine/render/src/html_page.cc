#include "html_page.h"

#include <algorithm>

#include "cmatch/render.h"

namespace cmatch {
namespace {

int HexDigit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

// RFC 4648, section 4; of a SHA-256, whose 32 bytes leave two over.
std::string Base64OfHex(std::string_view hex) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : hex) {
    bits = bits << 4 | static_cast<unsigned>(HexDigit(c));
    count += 4;
    if (count >= 6) {
      count -= 6;
      out += kDigits[bits >> count & 63];
    }
  }
  if (count > 0) out += kDigits[bits << (6 - count) & 63];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

bool Only(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           more.find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string SourceUrl(std::string_view source) {
  const std::string_view first = source.substr(0, source.find_first_of(" ;,"));
  const std::size_t slash = first.find('/');
  const std::size_t at = first.find('@');
  if (slash == std::string_view::npos || at == std::string_view::npos || at < slash) return {};
  const std::string_view owner = first.substr(0, slash);
  const std::string_view name = first.substr(slash + 1, at - slash - 1);
  const std::string_view ref = first.substr(at + 1);
  if (!Only(owner, "-") || !Only(name, "-._") || !Only(ref, "-._")) return {};
  const std::string base =
      "https://github.com/" + std::string(owner) + "/" + std::string(name) + "/";
  std::string_view path = source.substr(first.size());
  if (path.starts_with(' ')) {
    path = path.substr(1, path.substr(1).find_first_of(" ;,:"));
    const bool file = path.find('.') != std::string_view::npos && Only(path, "-._/+") &&
                      path.find("..") == std::string_view::npos && !path.starts_with('.');
    if (file) return base + "blob/" + std::string(ref) + "/" + std::string(path);
  }
  return base + "tree/" + std::string(ref);
}

std::string EscapeHtml(std::string_view text) {
  std::string out;
  for (const char c : Escape(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

namespace internal {

std::string HtmlSource(std::string_view source) {
  const std::string url = SourceUrl(source);
  std::string text = EscapeHtml(source);
  if (url.empty()) return text;
  return "<a href=\"" + EscapeHtml(url) + "\" rel=\"noreferrer\">" + text + "</a>";
}

std::string HtmlPage(std::string_view title, std::string_view main, const HtmlRules& rules,
                     bool script) {
  const std::string name = EscapeHtml(title);
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'sha256-" +
      Base64OfHex(kHtmlStyleSha256) + "'; script-src " +
      (script ? "'sha256-" + Base64OfHex(kHtmlScriptSha256) + "'" : "'none'") +
      "; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
      name + "</title>\n<style>" + std::string(kHtmlStyle) + "</style>\n</head>\n<body>\n" +
      "<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header>\n<h1>" + name +
      "</h1>\n</header>\n<main id=\"main\">\n" + std::string(main) + "</main>\n<footer>Rules " +
      EscapeHtml(rules.version) + ", <code>" + EscapeHtml(rules.digest) + "</code></footer>\n";
  if (script) page += "<script>" + std::string(kHtmlScript) + "</script>\n";
  return page + "</body>\n</html>\n";
}

}  // namespace internal
}  // namespace cmatch
