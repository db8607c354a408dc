// The command over what may lie where a file is expected: exit code 2 and a message, at once.

#include "support/hostile_files.h"

#include "cli/cmatch.h"

namespace cmatch::testing {
namespace {

TEST_CASE("files: no verb waits for a FIFO, or reads a device or a directory as a file") {
  const Watchdog watchdog;
  const struct {
    const char* name;
    std::vector<std::string> arguments;  // with the hostile file as `x`
  } uses[] = {
      {"model", {"check", "x", "--ecp", "worker.json"}},
      {"descriptor", {"inspect", "x.json"}},
      {"profile", {"check", "seed.mcd.json", "--ecp", "x"}},
      {"inventory", {"check", "seed.mcd.json", "--engine", "vllm", "--gpu", "@x"}},
      {"catalog", {"inspect", "a", "--catalog", "x"}},
      {"table", {"lint", "x"}},
      {"rules", {"matrix", "--engine", "vllm", "--rules", "x"}},
      {"cases", {"test", "x"}},
  };
  for (const auto& use : uses) {
    for (const Hostile kind : {Hostile::kFifo, Hostile::kSocket, Hostile::kEndlessDevice,
                               Hostile::kFullDevice, Hostile::kLoop, Hostile::kHuge}) {
      CAPTURE(std::string(use.name));
      CAPTURE(static_cast<int>(kind));
      const Desk desk;
      MakeHostile((desk.path() / "x").string(), kind);
      MakeHostile((desk.path() / "x.json").string(), kind);
      const Outcome run = desk.Run(use.arguments);
      CHECK(run.exit_code == 2);
      CHECK_FALSE((run.err + run.out).empty());
    }
  }
}

TEST_CASE("files: a profile that is a FIFO is said to be one, with the way out") {
  const Desk desk;
  MakeHostile((desk.path() / "x").string(), Hostile::kFifo);
  const Outcome run = desk.Run({"check", "seed.mcd.json", "--ecp", "x"});
  CHECK(run.exit_code == 2);
  CHECK(Has(run.err, "x: file-not-regular error: is a FIFO, not a regular file"));
  CHECK(Has(run.err, "standard input"));
}

}  // namespace
}  // namespace cmatch::testing
