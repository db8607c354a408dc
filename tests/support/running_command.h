#ifndef CMATCH_TESTS_SUPPORT_RUNNING_COMMAND_H_
#define CMATCH_TESTS_SUPPORT_RUNNING_COMMAND_H_

#include <string>

#include "support/command.h"
#include "support/files.h"

namespace cmatch::testing {

// A program that goes on until it is told to end: its stdout is read line by line.
class RunningCommand {
 public:
  explicit RunningCommand(const Command& command);
  ~RunningCommand();  // kills it
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;

  // The next line without its end. Throws where none comes for half a minute.
  std::string Line();
  // From here on nobody reads its stdout.
  void CloseOutput();
  // Sends `signal` (0: none) and waits for its end: the exit code, what was left on stdout, stderr.
  // exit_code is -2 where it goes on for half a minute.
  Outcome End(int signal);

 private:
  bool ReadMore();  // false: no more, or too late

  TempDir streams_;
  pid_t child_ = -1;
  int out_ = -1;
  std::string err_, unread_;
};

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_SUPPORT_RUNNING_COMMAND_H_
