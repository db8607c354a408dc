#include "tables/one_edit.h"

#include <algorithm>

namespace cmatch::internal {

bool OneEdit(std::string_view a, std::string_view b) {
  if (a == b) return false;
  const auto [at_a, at_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const std::string_view rest_a(at_a, a.end());
  const std::string_view rest_b(at_b, b.end());
  if (rest_a.size() == rest_b.size() + 1) return rest_a.substr(1) == rest_b;
  if (rest_b.size() == rest_a.size() + 1) return rest_b.substr(1) == rest_a;
  if (rest_a.size() != rest_b.size()) return false;
  if (rest_a.substr(1) == rest_b.substr(1)) return true;
  return rest_a.size() >= 2 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] &&
         rest_a.substr(2) == rest_b.substr(2);
}

}  // namespace cmatch::internal
