#include "support/running_command.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace cmatch::testing {
namespace {

constexpr std::chrono::seconds kLongest{30};

}  // namespace

RunningCommand::RunningCommand(const Command& command) : err_(streams_.Write("err", "")) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int err = open(err_.c_str(), O_WRONLY | O_CLOEXEC);
  out_ = pipe_ends[0];
  child_ = StartCommand(command, in, pipe_ends[1], err);
  for (const int fd : {in, err, pipe_ends[1]}) close(fd);
}

RunningCommand::~RunningCommand() {
  CloseOutput();
  if (child_ < 0) return;
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

void RunningCommand::CloseOutput() {
  if (out_ >= 0) close(out_);
  out_ = -1;
}

bool RunningCommand::ReadMore() {
  pollfd readable{.fd = out_, .events = POLLIN, .revents = 0};
  const auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(kLongest);
  if (poll(&readable, 1, static_cast<int>(longest.count())) <= 0) return false;
  std::array<char, 4096> buffer{};
  const ssize_t got = read(out_, buffer.data(), buffer.size());
  if (got > 0) unread_.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0;
}

std::string RunningCommand::Line() {
  for (;;) {
    const std::size_t end = unread_.find('\n');
    if (end != std::string::npos) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    if (!ReadMore()) throw std::runtime_error("no line comes; stderr: " + ReadFile(err_));
  }
}

Outcome RunningCommand::End(int signal) {
  if (signal != 0) kill(child_, signal);
  int status = 0;
  const auto end = std::chrono::steady_clock::now() + kLongest;
  while (waitpid(child_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end)
      return {.exit_code = -2, .out = {}, .err = ReadFile(err_)};
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  child_ = -1;
  while (out_ >= 0 && ReadMore()) {
  }
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = unread_,
          .err = ReadFile(err_)};
}

}  // namespace cmatch::testing
