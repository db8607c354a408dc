#ifndef CMATCH_C_LOG_H_
#define CMATCH_C_LOG_H_

#include <cstdint>
#include <memory>
#include <string>

#include "cmatch.h"

namespace spdlog {
class logger;
}

namespace cmatch::c {

// An embedder's log callback behind a logger of its own: neither spdlog's default logger nor its
// registry is touched, which the host may use too. Safe from any thread.
class Log {
 public:
  // Null where `options` ask for none. What it throws is std::bad_alloc.
  static std::shared_ptr<Log> Make(const cmatch_options& options);

  Log(const cmatch_options& options);
  ~Log();  // calls log_free, once Own() has been called
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // The call that took the options has succeeded: log_user is the library's to free.
  void Own() noexcept { owned_ = true; }

  bool Wants(std::int32_t level) const noexcept { return level >= level_; }
  // Never fails: a record that cannot be made is left out.
  void Write(std::int32_t level, const std::string& json) const noexcept;

 private:
  std::int32_t level_;
  void* user_;
  void (*free_)(void*);
  bool owned_ = false;
  std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace cmatch::c

#endif  // CMATCH_C_LOG_H_
