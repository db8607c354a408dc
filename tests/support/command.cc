#include "support/command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "support/files.h"

namespace cmatch::testing {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

void Check(int error, const char* what) {
  if (error != 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(error));
}

class File {
 public:
  File(const std::string& path, int flags) : fd_(open(path.c_str(), flags | O_CLOEXEC)) {
    if (fd_ < 0) throw std::runtime_error(path + ": " + std::strerror(errno));
  }
  ~File() { close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

pid_t StartCommand(const Command& command, int in, int out, int err) {
  std::vector<std::string> arguments = {command.program};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> environment;
  for (const auto& [name, value] : command.environment) environment.push_back(name + "=" + value);

  posix_spawn_file_actions_t actions;
  Check(posix_spawn_file_actions_init(&actions), "file actions");
  Check(posix_spawn_file_actions_adddup2(&actions, in, 0), "stdin");
  Check(posix_spawn_file_actions_adddup2(&actions, out, 1), "stdout");
  Check(posix_spawn_file_actions_adddup2(&actions, err, 2), "stderr");
  if (!command.directory.empty()) {
    Check(posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str()), "chdir");
  }
  pid_t child = 0;
  const int started = posix_spawn(&child, command.program.c_str(), &actions, nullptr,
                                  Pointers(arguments).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  Check(started, command.program.c_str());
  return child;
}

Outcome RunCommand(const Command& command) {
  const TempDir streams;
  const std::string out = command.output.empty() ? streams.Write("out", "") : command.output;
  const std::string err = streams.Write("err", "");
  const File in_file(streams.Write("in", command.input), O_RDONLY);
  const File out_file(out, O_WRONLY);
  const File err_file(err, O_WRONLY);
  const pid_t child = StartCommand(command, in_file.fd(), out_file.fd(), err_file.fd());
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid failed");
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = command.output.empty() ? ReadFile(out) : "",
          .err = ReadFile(err)};
}

std::string GoldenDifference(const std::filesystem::path& file, std::string_view text) {
  const char* update = std::getenv("CMATCH_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") {
    std::ofstream out(file, std::ios::binary);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    return out ? "" : "cannot write " + file.string();
  }
  if (!std::filesystem::exists(file)) return "there is no " + file.string();
  const std::string want = ReadFile(file);
  if (want == text) return {};
  return "want:\n" + want + "got:\n" + std::string(text);
}

}  // namespace cmatch::testing
