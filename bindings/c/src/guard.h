#ifndef CMATCH_C_GUARD_H_
#define CMATCH_C_GUARD_H_

// The wall between C++ and C callers: nothing is thrown through a function of cmatch.h, and each
// failure is a status with an error object.

#include <cstddef>
#include <expected>
#include <new>
#include <string>
#include <string_view>

#include "cmatch.h"
#include "cmatch/error.h"
#include "objects.h"

namespace cmatch::c {

struct Failure {
  cmatch_status status = CMATCH_E_INTERNAL;
  Error error;
};

using Outcome = std::expected<cmatch_status, Failure>;

// An Error of the C++ library with the status of its kind.
std::unexpected<Failure> Fail(Error&& error);
// A misuse: CMATCH_E_ARGUMENT, _HANDLE, _MISMATCH, _VERSION.
std::unexpected<Failure> Misuse(cmatch_status status, std::string message);

// Makes the error object, where one is wanted. Out of memory there, or an exception: the static
// one.
cmatch_status Deliver(cmatch_error** error, Failure&& failure) noexcept;
// Where even an error object cannot be made; static, never freed.
cmatch_error* NoMemory() noexcept;
// For use in a catch block.
cmatch_status DeliverException(cmatch_error** error) noexcept;

template <typename Body>
cmatch_status Guard(cmatch_error** error, Body&& body) noexcept {
  if (error != nullptr) *error = nullptr;
  try {
    Outcome outcome = body();
    if (outcome) return *outcome;
    return Deliver(error, std::move(outcome.error()));
  } catch (...) {
    return DeliverException(error);
  }
}

template <typename T>
bool IsValid(const T* object) noexcept {
  return object != nullptr && object->tag == T::kTag;
}

// The failure of an object that is not IsValid().
std::unexpected<Failure> BadObject(const void* object, std::string_view name);

inline cmatch_str ToC(std::string_view text) noexcept { return {text.data(), text.size()}; }

// Handed-in text; fails where the pointer is NULL though there is a length.
std::expected<std::string_view, Failure> View(cmatch_str text, std::string_view name);
// The same for a path, which holds no NUL byte.
std::expected<std::string, Failure> Path(cmatch_str path, std::string_view name);
std::expected<std::vector<std::string>, Failure> Paths(const cmatch_str* paths, std::size_t count);

// A caller's struct under rule (5) of cmatch.h, by untyped size; `known` bytes are written to `to`,
// which is zero.
Outcome CopyIn(const void* from, void* to, std::size_t known, std::string_view name);
// The other way: min(caller's, own) bytes, the caller's further bytes zero.
cmatch_status CopyOut(void* to, const void* from, std::size_t known) noexcept;

template <typename T>
std::expected<T, Failure> ReadStruct(const T* from, std::string_view name) {
  T copy{};
  if (Outcome copied = CopyIn(from, &copy, sizeof(T), name); !copied) {
    return std::unexpected(std::move(copied.error()));
  }
  return copy;
}

// NULL is all defaults.
template <typename T>
std::expected<T, Failure> ReadOptional(const T* from, std::string_view name) {
  return from == nullptr ? std::expected<T, Failure>(T{}) : ReadStruct(from, name);
}

template <typename T>
cmatch_status WriteStruct(T* to, const T& from) noexcept {
  return CopyOut(to, &from, sizeof(T));
}

}  // namespace cmatch::c

#endif  // CMATCH_C_GUARD_H_
