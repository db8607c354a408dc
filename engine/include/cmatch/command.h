#ifndef CMATCH_COMMAND_H_
#define CMATCH_COMMAND_H_

// How the engine is started with the settings that were judged, from the tables' `command:`.
//
//   if (report.compatible) {
//     if (auto command = CommandFor(*rules, mcd, ecp, "model.gguf")) Print(ToString(*command));
//   }

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cmatch/ecp.h"
#include "cmatch/mcd.h"
#include "cmatch/rule_set.h"

namespace cmatch {

struct EngineCommand {
  std::vector<std::pair<std::string, std::string>> env;  // variables to set
  std::vector<std::string> words;                        // the command and its arguments
  // Settings that were judged and that no row says how to write: "attention_backend=FLASH_ATTN".
  std::vector<std::string> unsaid;
};

// `model`: what the engine is to load, a path or a name. The context is the one that was judged:
// the smallest of what was asked for, the model's and the worker's. Nullopt where the profile names
// no release that the tables know, or the tables do not say how it is started. Pure.
std::optional<EngineCommand> CommandFor(const RuleSet& rules, const Mcd& mcd, const Ecp& ecp,
                                        std::string_view model);

// One line for a POSIX shell.
std::string ToString(const EngineCommand& command);

// `text` as one word of a POSIX shell.
std::string ShellWord(const std::string& text);

}  // namespace cmatch

#endif  // CMATCH_COMMAND_H_
