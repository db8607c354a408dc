#include "guard.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <utility>

namespace cmatch::c {
namespace {

// No struct of this interface will ever be larger; a size above it is not a size.
constexpr std::size_t kMostStruct = 65536;

cmatch_status StatusOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidMcd:
      return CMATCH_INVALID_MCD;
    case ErrorKind::kInvalidEcp:
      return CMATCH_INVALID_ECP;
    case ErrorKind::kInvalidRules:
      return CMATCH_E_RULES;
    case ErrorKind::kOutOfMemory:
      return CMATCH_E_NOMEM;
  }
  return CMATCH_E_INTERNAL;
}

}  // namespace

std::unexpected<Failure> Fail(Error&& error) {
  const cmatch_status status = StatusOf(error.kind);
  return std::unexpected(Failure{status, std::move(error)});
}

std::unexpected<Failure> Misuse(cmatch_status status, std::string message) {
  Failure failure{status, {}};
  failure.error.message = std::move(message);
  return std::unexpected(std::move(failure));
}

cmatch_error* NoMemory() noexcept {
  // Never destroyed: a thread may still hold it at exit. The message fits into the string itself.
  alignas(cmatch_error) static unsigned char storage[sizeof(cmatch_error)];
  static cmatch_error* const object = new (storage) cmatch_error(
      CMATCH_E_NOMEM,
      Error{.kind = ErrorKind::kOutOfMemory, .message = "out of memory", .problems = {}});
  return object;
}

cmatch_status Deliver(cmatch_error** error, Failure&& failure) noexcept {
  if (failure.status == CMATCH_E_NOMEM) {
    if (error != nullptr) *error = NoMemory();
    return CMATCH_E_NOMEM;
  }
  if (error == nullptr) return failure.status;
  auto* object = new (std::nothrow) cmatch_error(failure.status, std::move(failure.error));
  *error = object != nullptr ? object : NoMemory();
  return object != nullptr ? failure.status : CMATCH_E_NOMEM;
}

cmatch_status DeliverException(cmatch_error** error) noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    if (error != nullptr) *error = NoMemory();
    return CMATCH_E_NOMEM;
  } catch (const std::exception& what) {
    try {
      Failure failure{CMATCH_E_INTERNAL, {}};
      failure.error.message = std::string("internal error: ") + what.what();
      return Deliver(error, std::move(failure));
    } catch (...) {
      if (error != nullptr) *error = NoMemory();
      return CMATCH_E_NOMEM;
    }
  } catch (...) {
    return Deliver(error, Failure{CMATCH_E_INTERNAL, {}});
  }
}

std::unexpected<Failure> BadObject(const void* object, std::string_view name) {
  if (object == nullptr) return Misuse(CMATCH_E_ARGUMENT, std::string(name) + " is NULL");
  return Misuse(CMATCH_E_HANDLE,
                std::string(name) + " is not an object of that type and of this ABI version");
}

std::expected<std::string_view, Failure> View(cmatch_str text, std::string_view name) {
  if (text.len == 0) return std::string_view();
  if (text.ptr == nullptr || text.len > PTRDIFF_MAX) {
    return Misuse(CMATCH_E_ARGUMENT, std::string(name) + " has a length and no bytes");
  }
  return std::string_view(text.ptr, text.len);
}

std::expected<std::string, Failure> Path(cmatch_str path, std::string_view name) {
  const auto view = View(path, name);
  if (!view) return std::unexpected(view.error());
  if (view->empty() || view->find('\0') != std::string_view::npos) {
    return Misuse(CMATCH_E_ARGUMENT, std::string(name) + " is empty or holds a NUL byte");
  }
  return std::string(*view);
}

std::expected<std::vector<std::string>, Failure> Paths(const cmatch_str* paths, std::size_t count) {
  if (paths == nullptr && count != 0) return BadObject(nullptr, "directories");
  std::vector<std::string> result;
  for (std::size_t i = 0; i < count; ++i) {
    auto path = Path(paths[i], "a directory");
    if (!path) return std::unexpected(std::move(path.error()));
    result.push_back(*std::move(path));
  }
  return result;
}

Outcome CopyIn(const void* from, void* to, std::size_t known, std::string_view name) {
  if (from == nullptr) return BadObject(nullptr, name);
  std::size_t size = 0;
  std::memcpy(&size, from, sizeof size);
  if (size <= sizeof size || size > kMostStruct) {
    return Misuse(CMATCH_E_ARGUMENT, std::string(name) + ": struct_size is not set");
  }
  const auto* bytes = static_cast<const unsigned char*>(from);
  for (std::size_t i = known; i < size; ++i) {
    if (bytes[i] != 0) {
      return Misuse(CMATCH_E_VERSION,
                    std::string(name) + ": has members that are newer than " + "this library");
    }
  }
  std::memcpy(to, from, std::min(size, known));
  return CMATCH_OK;
}

cmatch_status CopyOut(void* to, const void* from, std::size_t known) noexcept {
  if (to == nullptr) return CMATCH_E_ARGUMENT;
  std::size_t size = 0;
  std::memcpy(&size, to, sizeof size);
  if (size <= sizeof size || size > kMostStruct) return CMATCH_E_ARGUMENT;
  auto* bytes = static_cast<unsigned char*>(to);
  std::memcpy(bytes + sizeof size, static_cast<const unsigned char*>(from) + sizeof size,
              std::min(size, known) - sizeof size);
  if (size > known) std::memset(bytes + known, 0, size - known);
  return CMATCH_OK;
}

}  // namespace cmatch::c
