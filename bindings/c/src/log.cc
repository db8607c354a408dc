#include "log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/sink.h>

#include <utility>

namespace cmatch::c {
namespace {

// Hands each record to the callback as it is; spdlog's patterns have no part in it.
class CallbackSink final : public spdlog::sinks::sink {
 public:
  CallbackSink(cmatch_log_fn call, void* user) : call_(call), user_(user) {}

  void log(const spdlog::details::log_msg& message) override {
    call_(user_, static_cast<std::int32_t>(message.level),
          {message.payload.data(), message.payload.size()});
  }
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  cmatch_log_fn call_;
  void* user_;
};

static_assert(CMATCH_LOG_TRACE == SPDLOG_LEVEL_TRACE && CMATCH_LOG_ERROR == SPDLOG_LEVEL_ERROR);

}  // namespace

std::shared_ptr<Log> Log::Make(const cmatch_options& options) {
  if (options.log == nullptr || options.log_level >= CMATCH_LOG_OFF) return nullptr;
  return std::make_shared<Log>(options);
}

Log::Log(const cmatch_options& options)
    : level_(options.log_level),
      user_(options.log_user),
      free_(options.log_free),
      logger_(std::make_unique<spdlog::logger>(
          "cmatch", std::make_shared<CallbackSink>(options.log, options.log_user))) {
  logger_->set_level(spdlog::level::trace);
  // The default prints to stderr.
  logger_->set_error_handler([](const std::string&) {});
}

Log::~Log() {
  if (owned_ && free_ != nullptr) free_(user_);
}

void Log::Write(std::int32_t level, const std::string& json) const noexcept {
  try {
    logger_->log(static_cast<spdlog::level::level_enum>(level), spdlog::string_view_t(json));
  } catch (...) {
    return;
  }
}

}  // namespace cmatch::c
