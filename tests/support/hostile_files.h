#ifndef CMATCH_TESTS_SUPPORT_HOSTILE_FILES_H_
#define CMATCH_TESTS_SUPPORT_HOSTILE_FILES_H_

// Things that may lie where a file is expected.

#include <string>
#include <vector>

namespace cmatch::testing {

enum class Hostile {
  kMissing,
  kDirectory,
  kFifo,  // without a writer: opening it to read would wait
  kSocket,
  kEndlessDevice,  // a link to /dev/zero
  kFullDevice,     // a link to /dev/full
  kLoop,           // a link to itself
  kDangling,       // a link to nothing
  kDenied,         // no permission; see Unprivileged
  kEmpty,
  kHuge,  // 10 TB, or as much as the file system takes, without a block of its own
};

struct HostileKind {
  Hostile kind;
  const char* name;
};
const std::vector<HostileKind>& HostileKinds();

// Puts it at `path`; the directories above are there.
void MakeHostile(const std::string& path, Hostile kind);

// While it lives, the process has no more rights than any user: permissions count for root too.
class Unprivileged {
 public:
  Unprivileged();
  ~Unprivileged();
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
};

// Ends the process by a signal where what follows takes longer than half a minute: it waits for
// something that never comes.
class Watchdog {
 public:
  Watchdog();
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
};

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_SUPPORT_HOSTILE_FILES_H_
