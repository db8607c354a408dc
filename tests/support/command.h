#ifndef CMATCH_TESTS_SUPPORT_COMMAND_H_
#define CMATCH_TESTS_SUPPORT_COMMAND_H_

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cmatch::testing {

// A program to run: nothing is taken over from this process but what stands here.
struct Command {
  std::string program;
  std::vector<std::string> arguments = {};
  std::filesystem::path directory = {};  // where it runs; empty: here
  std::string input = {};                // its stdin
  std::string output = {};               // a file that takes its stdout; empty: Outcome::out
  std::map<std::string, std::string> environment = {};
};

struct Outcome {
  int exit_code = -1;  // -1: ended by a signal
  std::string out, err;
};

// Runs it to its end. Throws where it cannot be started.
Outcome RunCommand(const Command& command);

// Starts it with these as its standard streams; `input` and `output` are not looked at. Throws
// where it cannot be started. The caller waits for it.
pid_t StartCommand(const Command& command, int in, int out, int err);

// "" where `text` is what the golden file says (tests/golden/NAME), else a difference. With
// CMATCH_UPDATE_GOLDEN=1 in the environment the file is written instead.
std::string GoldenDifference(const std::filesystem::path& file, std::string_view text);

}  // namespace cmatch::testing

#endif  // CMATCH_TESTS_SUPPORT_COMMAND_H_
