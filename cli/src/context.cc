#include "context.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "cmatch/file_io.h"
#include "cmatch/rules_io.h"

namespace cmatch::cli {
namespace {

constexpr std::size_t kNarrowest = 40;

bool IsSet(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && value[0] != '\0';
}

// A flag beats the environment; NO_COLOR is looked at before CLICOLOR_FORCE (no-color.org).
bool UseColor(const std::string& choice, int fd) {
  if (choice != "auto") return choice == "always";
  if (IsSet("NO_COLOR")) return false;
  if (IsSet("CLICOLOR_FORCE")) return true;
  const char* term = std::getenv("TERM");
  return isatty(fd) != 0 && (term == nullptr || std::strcmp(term, "dumb") != 0);
}

TextOptions OptionsFor(int fd, const Globals& globals) {
  TextOptions options;
  options.color = UseColor(globals.color, fd);
  options.verbose = globals.verbose;
  options.judging = globals.verb.empty() || globals.verb == "check" || globals.verb == "fleet";
  winsize size{};
  if (isatty(fd) != 0 && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= kNarrowest) {
    options.width = size.ws_col;
  }
  return options;
}

}  // namespace

Context::Context(Globals globals)
    : globals_(std::move(globals)),
      out_text_(OptionsFor(STDOUT_FILENO, globals_)),
      err_text_(OptionsFor(STDERR_FILENO, globals_)) {}

std::expected<std::shared_ptr<const RuleSet>, Error> Context::Rules() {
  if (rules_) return rules_;
  if (globals_.rules.empty()) {
    rules_ = LoadBuiltinRules();
    return rules_;
  }
  auto loaded = LoadRules(globals_.rules);
  if (loaded) rules_ = *loaded;
  return loaded;
}

std::expected<std::shared_ptr<const RuleSet>, Error> Context::RulesOf(std::string_view engine) {
  if (engine.empty() || rules_ || !globals_.rules.empty()) return Rules();
  if (!engine_rules_) engine_rules_ = LoadBuiltinRules(engine);
  return engine_rules_;
}

Exit Context::Fail(const Error& error, const std::string& model) const {
  if (json()) {
    Print(RenderJson(error) + '\n');
  } else {
    if (!model.empty()) PrintError(Escape(model) + ": ");
    PrintError(RenderText(error, err_text_));
  }
  return Exit::kCouldNotJudge;
}

std::expected<std::string, Error> ReadInput(const std::string& path, ErrorKind kind,
                                            std::size_t limit) {
  if (path != "-") return ReadRegularFile(path, kind, limit);
  std::string text;
  std::array<char, 65536> buffer{};
  while (text.size() <= limit) {
    const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), stdin);
    if (got == 0) break;
    text.append(buffer.data(), got);
  }
  const bool failed = std::ferror(stdin) != 0;
  const std::string reason = std::strerror(errno);
  if (failed)
    return std::unexpected(MakeError(kind, "file-unreadable", "cannot read: " + reason, {path}));
  if (text.size() > limit) {
    return std::unexpected(MakeError(
        kind, "file-too-large", "larger than " + std::to_string(limit >> 20) + " MiB", {path}));
  }
  return text;
}

namespace {

// What the name of a file that is not there was for.
void HelpWithMissing(Error& error, const std::string& model, const std::string& catalog) {
  for (Problem& problem : error.problems) {
    if (problem.code != "file-not-found" || !problem.help.empty()) continue;
    if (!catalog.empty() && problem.where.file == catalog) {
      problem.help = "--catalog takes a model catalog, a JSON file of id -> entry";
    } else if (catalog.empty() && problem.where.file == model) {
      problem.help = "a model is a path; with --catalog FILE also an id that the catalog has";
    }
  }
}

}  // namespace

std::expected<McdFacts, Error> ReadModelArgument(const std::string& model, const RuleSet& rules,
                                                 const ModelOptions& options) {
  if (model != "-") {
    auto facts = ReadModel(model, rules, options);
    if (!facts) HelpWithMissing(facts.error(), model, options.catalog);
    return facts;
  }
  return ReadModelStream(STDIN_FILENO, "stdin", rules);
}

std::string ValidateGiven(const std::string& text) {
  return text.empty() ? "must not be empty" : "";
}

std::optional<Skipped> UncheckedData(const std::string& model, const McdFacts& facts) {
  if (model != "-" || facts.members.contains("file_bytes")) return std::nullopt;
  const auto format = facts.members.find("format");
  if (format == facts.members.end() || ToString(format->second.value) != "gguf") {
    return std::nullopt;
  }
  return Skipped{.rule = "CMATCH-8011",
                 .because =
                     "of a pipe only the header is read: whether the tensor data is whole is "
                     "not known"};
}

bool WriteOutput(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wbe");
  bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  int reason = errno;
  if (file != nullptr && std::fclose(file) != 0 && written) {
    written = false;
    reason = errno;
  }
  if (!written) {
    PrintError("cmatch: cannot write " + Escape(path) + ": " + std::strerror(reason) + '\n');
  }
  return written;
}

void Print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }
void PrintError(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

}  // namespace cmatch::cli
