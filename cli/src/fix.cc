#include "fix.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "cmatch/rules_fix.h"

namespace cmatch::cli {
namespace {

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = write(fd, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

// A new file in the place of the old one, with its mode; a link stays and what it leads to is
// replaced. 0, or errno.
int Replace(const std::string& path, const std::string& text) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                         &std::free);
  if (!real) return errno;
  struct stat status{};
  if (stat(real.get(), &status) != 0) return errno;
  std::string temporary = std::string(real.get()) + ".XXXXXX";
  const int fd = mkstemp(temporary.data());
  if (fd < 0) return errno;
  const bool written =
      WriteAll(fd, text) && fchmod(fd, status.st_mode & 07777U) == 0 && fsync(fd) == 0;
  int failed = written ? 0 : errno;
  if (close(fd) != 0 && failed == 0) failed = errno;
  if (failed == 0 && rename(temporary.c_str(), real.get()) != 0) failed = errno;
  if (failed != 0) unlink(temporary.c_str());
  return failed;
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines.push_back(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

// No fix adds or takes away a line, so that the differences are lines that differ.
std::string Differences(const std::string& path, std::string_view before, std::string_view after) {
  const auto old_lines = LinesOf(before);
  const auto new_lines = LinesOf(after);
  std::string text = "--- " + Escape(path) + "\n+++ " + Escape(path) + '\n';
  for (std::size_t i = 0; i < old_lines.size() && i < new_lines.size(); ++i) {
    if (old_lines[i] == new_lines[i]) continue;
    const std::string number = std::to_string(i + 1);
    text.append("@@ -").append(number).append(" +").append(number).append(" @@\n-");
    text.append(Escape(old_lines[i])).append("\n+").append(Escape(new_lines[i])).append("\n");
  }
  return text;
}

std::string Told(const FixedFile& fixed) {
  std::string text;
  for (const RuleFix& fix : fixed.fixes) {
    text += Escape(ToString(fix.where)) + ": fixed " + fix.code + ": " + Escape(fix.from) + " -> " +
            Escape(fix.to) + '\n';
  }
  return text;
}

void FixOne(const std::string& path, const LintOptions& options, bool dry, FixOutcome& outcome) {
  const auto text = ReadInput(path, ErrorKind::kInvalidRules);
  if (!text) return;  // the linter says so
  const FixedFile fixed = FixFile({path, *text}, options);
  if (fixed.fixes.empty()) return;
  if (!dry) {
    if (const int failed = Replace(path, fixed.text); failed != 0) {
      outcome.problems.push_back({.code = "file-unwritable",
                                  .path = {},
                                  .message = "cannot write: " + std::string(std::strerror(failed)),
                                  .where = {path},
                                  .notes = {},
                                  .help = {}});
      return;
    }
  }
  outcome.fixes += fixed.fixes.size();
  outcome.told += dry ? Differences(path, *text, fixed.text) : Told(fixed);
}

}  // namespace

FixOutcome FixFiles(const std::vector<Problem>& problems, const LintOptions& options, bool dry) {
  FixOutcome outcome;
  std::vector<std::string> done;
  for (const Problem& problem : problems) {
    const std::string& path = problem.where.file;
    if (problem.warning || path.empty()) continue;
    if (std::find(done.begin(), done.end(), path) != done.end()) continue;
    done.push_back(path);
    FixOne(path, options, dry, outcome);
  }
  return outcome;
}

}  // namespace cmatch::cli
