// cmatch_error, cmatch_text.

#include "cmatch/render.h"
#include "guard.h"
#include "json_text.h"
#include "objects.h"

using cmatch::Problem;
using cmatch::c::AppendMember;
using cmatch::c::Guard;
using cmatch::c::IsValid;
using cmatch::c::ToC;

namespace {

// The name in CMATCH-8050 or, for what went wrong apart from the input, one of this interface.
std::string_view NameOf(const cmatch_error& error) {
  switch (error.status) {
    case CMATCH_INVALID_MCD:
    case CMATCH_INVALID_ECP:
    case CMATCH_E_RULES:
    case CMATCH_E_NOMEM:
      return ToString(error.error.kind);
    case CMATCH_E_INTERNAL:
      return "Internal";
    default:
      return "InvalidArgument";
  }
}

bool IsOfInput(const cmatch_error& error) {
  return error.status > 0 || error.status == CMATCH_E_RULES;
}

// For errors that no document has: no problems, only a sentence.
std::string PlainJson(const cmatch_error& error) {
  std::string json = "{";
  AppendMember(json, "schema", "cmatch.error/1");
  AppendMember(json, "error", NameOf(error));
  AppendMember(json, "message", error.error.message);
  return json + ",\"problems\":[]}";
}

}  // namespace

extern "C" {

cmatch_status cmatch_error_status(const cmatch_error* error) noexcept {
  return IsValid(error) ? error->status : CMATCH_OK;
}

cmatch_str cmatch_error_name(const cmatch_error* error) noexcept {
  return IsValid(error) ? ToC(NameOf(*error)) : cmatch_str{};
}

cmatch_str cmatch_error_message(const cmatch_error* error) noexcept {
  return IsValid(error) ? ToC(error->error.message) : cmatch_str{};
}

size_t cmatch_error_count(const cmatch_error* error) noexcept {
  return IsValid(error) ? error->error.problems.size() : 0;
}

cmatch_status cmatch_error_at(const cmatch_error* error, size_t i, cmatch_problem* out) noexcept {
  if (!IsValid(error)) return error == nullptr ? CMATCH_E_ARGUMENT : CMATCH_E_HANDLE;
  if (i >= error->error.problems.size()) return CMATCH_E_ARGUMENT;
  const Problem& problem = error->error.problems[i];
  cmatch_problem c{};
  c.code = ToC(problem.code);
  c.path = ToC(problem.path);
  c.message = ToC(problem.message);
  c.help = ToC(problem.help);
  c.file = ToC(problem.where.file);
  c.line = problem.where.line;
  c.column = problem.where.column;
  c.is_warning = problem.warning ? 1 : 0;
  return cmatch::c::WriteStruct(out, c);
}

cmatch_status cmatch_error_json(const cmatch_error* error, cmatch_text** out) noexcept {
  if (out == nullptr) return CMATCH_E_ARGUMENT;
  *out = nullptr;
  if (!IsValid(error)) return error == nullptr ? CMATCH_E_ARGUMENT : CMATCH_E_HANDLE;
  return Guard(nullptr, [&]() -> cmatch::c::Outcome {
    *out = new cmatch_text(IsOfInput(*error) ? RenderJson(error->error) : PlainJson(*error));
    return CMATCH_OK;
  });
}

void cmatch_error_free(cmatch_error* error) noexcept {
  if (IsValid(error) && error != cmatch::c::NoMemory()) delete error;
}

cmatch_str cmatch_text_str(const cmatch_text* text) noexcept {
  return IsValid(text) ? ToC(text->text) : cmatch_str{};
}

void cmatch_text_free(cmatch_text* text) noexcept {
  if (IsValid(text)) delete text;
}

}  // extern "C"
