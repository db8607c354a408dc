// Reads one costly input, for what it costs (tests/cost/check_linear).
//   usage: cmatch_read_input NAME SIZE      NAME: see inputs.cc; --list: all names
// Built-in rules are read first, so that a SIZE of 2 is the cost of everything but the input.

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "cmatch/mcd_source.h"
#include "cmatch/rules_io.h"
#include "cost/inputs.h"
#include "hf/safetensors.h"
#include "support/files.h"

namespace {

using cmatch::testing::CostlyInput;

void Read(const CostlyInput& input, std::size_t size) {
  const auto rules = cmatch::LoadBuiltinRules();
  const std::string bytes = input.make(size);
  switch (input.format) {
    case CostlyInput::kGguf:
      static_cast<void>(cmatch::ReadGgufBytes(bytes, "m.gguf", *rules));
      break;
    case CostlyInput::kMcd:
      static_cast<void>(cmatch::ReadMcdJson(bytes, "m.mcd.json", *rules));
      break;
    case CostlyInput::kYaml:
      static_cast<void>(cmatch::ReadTables({{"x.yaml", bytes}}));
      break;
    case CostlyInput::kSafetensors: {
      const cmatch::testing::TempDir directory;
      static_cast<void>(cmatch::internal::ReadSafetensors(directory.Write("m.safetensors", bytes)));
      break;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  for (const CostlyInput& input : cmatch::testing::CostlyInputs()) {
    if (argc == 2 && std::string_view(argv[1]) == "--list") std::puts(input.name);
    if (argc != 3 || std::string_view(argv[1]) != input.name) continue;
    Read(input, std::strtoul(argv[2], nullptr, 10));
    return 0;
  }
  return argc == 2 ? 0 : 2;
}
