#include <fstream>
#include <iterator>
#include <string>

#include "cli/cmatch.h"

namespace cmatch::testing {
namespace {

std::string ReadIndex() {
  std::ifstream in(std::string(CMATCH_SOURCE_DIR) + "/docs/errors.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("explain: every problem code of the index, with the page it stands on") {
  const Desk desk;
  const std::string index = ReadIndex();
  int codes = 0;
  for (std::size_t at = 0; (at = index.find("\n- [", at)) != std::string::npos; ++codes) {
    at += 4;
    const std::string code = index.substr(at, index.find(']', at) - at);
    CAPTURE(code);
    if (codes % 10 != 0) continue;  // each is a process
    const Outcome run = desk.Run({"explain", code, "--json"});
    REQUIRE(run.exit_code == 0);
    const Json json = Json::parse(run.out);
    CHECK(json["id"] == code);
    CHECK(json["what"].get<std::string>().size() > 10);
    CHECK(json["source"].get<std::string>().starts_with("docs/errors-"));
  }
  CHECK(codes > 100);
}

TEST_CASE("explain: what is wrong and what to do stand apart") {
  const Outcome run = Desk().Run({"explain", "yaml-anchor"});
  CHECK(run.exit_code == 0);
  CHECK(run.out ==
        "yaml-anchor\n  what: `a: &name x`.\n"
        "  fix: remove the anchor; quote a text that begins with `&`.\n"
        "  source: docs/errors-yaml.md\n");
}

TEST_CASE("explain: a mistyped code is named") {
  const Outcome run = Desk().Run({"explain", "gguf-bad-magik"});
  CHECK(run.exit_code == 2);
  CHECK(run.err.find("did you mean \"gguf-bad-magic\"?") != std::string::npos);
}

}  // namespace
}  // namespace cmatch::testing
