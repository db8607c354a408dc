// cmatch watch: reads rule directories again whenever they change, as a daemon would, and prints
// what came of it. Ends with 0 on SIGINT and SIGTERM, and where nobody reads its output.

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>

#include "cmatch/rule_store.h"
#include "context.h"
#include "file_watch.h"
#include "table.h"

namespace cmatch::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// An editor saves in several steps, and a copy of many files takes a while: the directories are
// read when nothing has happened for so long, or when things have gone on happening for so long.
constexpr milliseconds kQuiet{200};
constexpr milliseconds kLongest{2000};
// Between two looks where a change may raise no event.
constexpr milliseconds kLook{1000};

struct WatchVerb {
  std::vector<std::string> paths;

  Exit Run(Context& run) const;
};

// SIGINT and SIGTERM as something to poll; what is being read is finished first.
class StopSignals {
 public:
  StopSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    fd_ = signalfd(-1, &set, SFD_CLOEXEC);
  }
  ~StopSignals() {
    if (fd_ >= 0) close(fd_);
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  int fd() const { return fd_; }

 private:
  int fd_ = -1;
};

enum class Event { kStop, kFiles, kTime };

// Negative: without end.
Event WaitFor(const StopSignals& signals, FileWatch& watch, milliseconds longest) {
  const Clock::time_point end = Clock::now() + longest;
  for (;;) {
    std::array<pollfd, 3> polled = {{{.fd = signals.fd(), .events = POLLIN, .revents = 0},
                                     {.fd = STDOUT_FILENO, .events = 0, .revents = 0},
                                     {.fd = watch.fd(), .events = POLLIN, .revents = 0}}};
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
    const int timeout =
        longest.count() < 0 ? -1 : static_cast<int>(std::max(left.count(), milliseconds::rep{0}));
    const int ready = poll(polled.data(), polled.size(), timeout);
    if (ready == 0) return Event::kTime;
    if (ready < 0) continue;  // EINTR
    if (polled[0].revents != 0 || (polled[1].revents & POLLERR) != 0) return Event::kStop;
    if (polled[2].revents != 0 && watch.Drain()) return Event::kFiles;
  }
}

// After a change: until it is quiet. False: to stop.
bool Settle(const StopSignals& signals, FileWatch& watch) {
  const Clock::time_point end = Clock::now() + kLongest;
  while (Clock::now() < end) {
    const Event event = WaitFor(signals, watch, kQuiet);
    if (event != Event::kFiles) return event == Event::kTime;
  }
  return true;
}

std::string Loaded(const RuleStore::Snapshot& now, bool changed, bool json) {
  const std::string generation = std::to_string(now.generation);
  const std::string version(now.rules->version()), digest(now.rules->digest());
  if (!json) {
    return "generation " + generation + ": rules " + Escape(version) + ", " + digest +
           (changed ? "\n" : ", as before\n");
  }
  return R"({"schema":"cmatch.watch/1","event":"rules_loaded","generation":)" + generation +
         ",\"version\":" + JsonString(version) + ",\"digest\":" + JsonString(digest) +
         ",\"changed\":" + (changed ? "true" : "false") + "}\n";
}

std::string Rejected(const Error& error, const RuleStore::Snapshot& now, const Context& run) {
  const std::string generation = std::to_string(now.generation);
  if (run.json()) {
    return R"({"schema":"cmatch.watch/1","event":"rules_rejected","generation":)" + generation +
           ",\"digest\":" + (now.rules ? JsonString(now.rules->digest()) : "null") +
           ",\"error\":" + RenderJson(error) + "}\n";
  }
  const std::size_t count = error.problems.size();
  std::string text =
      "rejected: " + std::to_string(count) + (count == 1 ? " problem; " : " problems; ") +
      (now.rules ? "generation " + generation + " stays\n" : "no rules are loaded\n");
  for (const Problem& problem : error.problems) text += RenderProblem(problem, run.out_text());
  return text;
}

// False where the answer cannot be written.
bool Reload(RuleStore& store, const std::vector<std::string>& directories, const Context& run) {
  const RuleStore::Snapshot before = store.current();
  const auto loaded = store.Load(directories);
  const bool changed =
      loaded && (!before.rules || before.rules->digest() != loaded->rules->digest());
  Print(loaded ? Loaded(*loaded, changed, run.json()) : Rejected(loaded.error(), before, run));
  return std::fflush(stdout) == 0;
}

Exit WatchVerb::Run(Context& run) const {
  const std::vector<std::string> directories = paths.empty() ? run.globals().rules : paths;
  if (directories.empty()) {
    PrintError("cmatch watch: name a rule directory, as in cmatch watch /etc/cmatch/rules\n");
    return Exit::kCouldNotJudge;
  }
  const StopSignals signals;
  FileWatch watch(directories);
  RuleStore store;
  std::string told;
  for (bool changed = true;;) {
    changed = watch.Rescan() || changed;
    if (changed && !Reload(store, directories, run)) return Exit::kCouldNotJudge;
    if (!watch.blind().empty() && told != watch.blind() && !run.globals().quiet) {
      PrintError("cmatch watch: looking once a second: " + Escape(watch.blind()) + '\n');
    }
    told = watch.blind();
    const Event event = WaitFor(signals, watch, watch.blind().empty() ? milliseconds{-1} : kLook);
    if (event == Event::kStop || (event == Event::kFiles && !Settle(signals, watch))) {
      return Exit::kGood;
    }
    changed = false;
  }
}

}  // namespace

Verb AddWatch(CLI::App& app) {
  auto verb = std::make_shared<WatchVerb>();
  app.add_option("PATH", verb->paths, "Rule directories (--rules, if none is named)");
  return [verb](Context& run) { return verb->Run(run); };
}

}  // namespace cmatch::cli
