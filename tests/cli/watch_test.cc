// cmatch watch, as it runs beside an operator who edits.

#include <csignal>
#include <filesystem>
#include <functional>

#include "cli/cmatch.h"
#include "support/running_command.h"

namespace cmatch {
namespace {

namespace fs = std::filesystem;

using testing::Desk;
using testing::Has;
using testing::Json;
using testing::Outcome;
using testing::RunningCommand;

// An overlay over the built-in rules that can be read, or (severity "fatal") not.
std::string Overlay(std::string_view severity) {
  return "kind: cmatch.overlay/v1\nlayer: site\nreason: test\nowner: ops\nset:\n"
         "  - target: rules/CMATCH-8030.4/severity\n    value: " +
         std::string(severity) + "\n";
}

constexpr const char* kFile = "site/site.yaml";

testing::Command Watch(const Desk& desk, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "watch");
  return {.program = CMATCH_COMMAND, .arguments = std::move(arguments), .directory = desk.path()};
}

Json NextJson(RunningCommand& watch) {
  Json line = Json::parse(watch.Line(), nullptr, false);
  REQUIRE_FALSE(line.is_discarded());
  CHECK(line["schema"] == "cmatch.watch/1");
  return line;
}

TEST_CASE("watch: one line a reload, every problem of a bad edit, the last good set stays") {
  const Desk desk;
  desk.Write(kFile, Overlay("error"));
  RunningCommand watch(Watch(desk, {"site"}));
  const std::string first = watch.Line();
  CHECK(first.starts_with("generation 1: rules "));
  CHECK(Has(first, ", xxh128:"));

  desk.Write(kFile, Overlay("fatal") + "  - target: rules/NO-RULE/severity\n    value: error\n");
  CHECK(watch.Line() == "rejected: 2 problems; generation 1 stays");
  CHECK(watch.Line().starts_with("site/site.yaml:7:12: "));
  std::string line = watch.Line();
  while (!line.starts_with("site/site.yaml:8:")) line = watch.Line();

  desk.Write(kFile, Overlay("warning"));
  do line = watch.Line();
  while (!line.starts_with("generation"));  // the help of the problem before
  CHECK(line.starts_with("generation 2: rules "));
  CHECK_FALSE(line.ends_with("as before"));
  CHECK(line.substr(line.find("xxh128")) != first.substr(first.find("xxh128")));

  desk.Write(kFile, "# only a comment\n" + Overlay("warning"));
  CHECK(watch.Line() == "generation 3" + line.substr(line.find(':')) + ", as before");

  const Outcome end = watch.End(SIGTERM);
  CHECK(end.exit_code == 0);
  CHECK(end.out.empty());
  CHECK(end.err.empty());
}

TEST_CASE("watch: JSON lines; a directory that is deleted and made again") {
  const Desk desk;
  desk.Write(kFile, Overlay("error"));
  RunningCommand watch(Watch(desk, {"--json", "--rules", "site"}));
  const Json first = NextJson(watch);
  CHECK(testing::Members(first) == "schema event generation version digest changed");
  CHECK(first["event"] == "rules_loaded");
  CHECK(first["generation"] == 1);
  CHECK(first["changed"] == true);

  fs::remove_all(desk.path() / "site");
  const Json gone = NextJson(watch);
  CHECK(testing::Members(gone) == "schema event generation digest error");
  CHECK(gone["event"] == "rules_rejected");
  CHECK(gone["generation"] == 1);
  CHECK(gone["digest"] == first["digest"]);
  CHECK(gone["error"]["schema"] == "cmatch.error/1");
  CHECK(gone["error"]["problems"][0]["code"] == "file-not-found");

  desk.Write("new/site.yaml", Overlay("error"));
  fs::rename(desk.path() / "new", desk.path() / "site");
  const Json again = NextJson(watch);
  CHECK(again["event"] == "rules_loaded");
  CHECK(again["generation"] == 2);
  CHECK(again["digest"] == first["digest"]);
  CHECK(again["changed"] == false);

  // what lies in the new directory is watched, folders that come later included
  desk.Write("site/cases/more.yaml", "kind: cmatch.cases/v1\ncases: [\n");
  CHECK(NextJson(watch)["event"] == "rules_rejected");
  fs::remove(desk.path() / "site/cases/more.yaml");
  CHECK(NextJson(watch)["generation"] == 3);
  CHECK(watch.End(SIGINT).exit_code == 0);
}

// Each leaves the bytes of `severity` in site/site.yaml; what it does besides is noise.
struct Save {
  const char* name;
  std::function<void(const Desk&, const std::string& text)> save;
};

TEST_CASE("watch: the ways in which programs save a file are one reload each") {
  const Save saves[] = {
      {"written in place",
       [](const Desk& desk, const std::string& text) { desk.Write(kFile, text); }},
      {"renamed over",
       [](const Desk& desk, const std::string& text) {
         desk.Write("site/sedAb12", text);
         fs::rename(desk.path() / "site/sedAb12", desk.path() / kFile);
       }},
      {"vim: probe, swap file, backup",
       [](const Desk& desk, const std::string& text) {
         desk.Write("site/4913", "");
         fs::remove(desk.path() / "site/4913");
         desk.Write("site/.site.yaml.swp", "b0VIM");
         fs::rename(desk.path() / kFile, desk.path() / "site/site.yaml~");
         desk.Write(kFile, text);
         fs::remove(desk.path() / "site/site.yaml~");
         fs::remove(desk.path() / "site/.site.yaml.swp");
       }},
      {"emacs: lock link, backup stays",
       [](const Desk& desk, const std::string& text) {
         fs::create_symlink("me@host.1", desk.path() / "site/.#site.yaml");
         fs::rename(desk.path() / kFile, desk.path() / "site/site.yaml~");
         desk.Write(kFile, text);
         fs::remove(desk.path() / "site/.#site.yaml");
       }},
      {"deleted, then made",
       [](const Desk& desk, const std::string& text) {
         fs::remove(desk.path() / kFile);
         desk.Write(kFile, text);
       }},
  };
  const Desk desk;
  desk.Write(kFile, Overlay("error"));
  RunningCommand watch(Watch(desk, {"site", "--json"}));
  std::string digest = NextJson(watch)["digest"];
  int generation = 1;
  for (const Save& save : saves) {
    CAPTURE(save.name);
    save.save(desk, Overlay(++generation % 2 == 0 ? "warning" : "error"));
    const Json line = NextJson(watch);
    CHECK(line["event"] == "rules_loaded");
    CHECK(line["generation"] == generation);
    CHECK(line["digest"] != digest);
    digest = line["digest"];
  }
  CHECK(watch.End(SIGTERM).out.empty());
}

TEST_CASE("watch: links that are exchanged, of a mounted ConfigMap and of a deployment") {
  const Desk desk;
  desk.Write("mount/..1/site.yaml", Overlay("error"));
  desk.Write("mount/..2/site.yaml", Overlay("warning"));
  fs::create_directory_symlink("..1", desk.path() / "mount/..data");
  fs::create_symlink("..data/site.yaml", desk.path() / "mount/site.yaml");
  fs::create_directory_symlink("mount", desk.path() / "current");
  RunningCommand watch(Watch(desk, {"current", "--json"}));
  const Json first = NextJson(watch);

  fs::create_directory_symlink("..2", desk.path() / "mount/..tmp");
  fs::rename(desk.path() / "mount/..tmp", desk.path() / "mount/..data");
  const Json second = NextJson(watch);
  CHECK(second["generation"] == 2);
  CHECK(second["digest"] != first["digest"]);

  desk.Write("release/site.yaml", Overlay("error"));
  fs::create_directory_symlink("release", desk.path() / "next");
  fs::rename(desk.path() / "next", desk.path() / "current");
  const Json third = NextJson(watch);
  CHECK(third["generation"] == 3);
  CHECK(third["digest"] == first["digest"]);

  // a link to a file elsewhere
  desk.Write("elsewhere/more.yaml", "kind: nonsense\n");
  fs::create_symlink("../elsewhere/more.yaml", desk.path() / "release/more.yaml");
  CHECK(NextJson(watch)["event"] == "rules_rejected");
  desk.Write("elsewhere/more.yaml", Overlay("warning"));
  const Json fourth = NextJson(watch);
  CHECK(fourth["generation"] == 4);
  CHECK(fourth["digest"] != third["digest"]);
  CHECK(watch.End(SIGTERM).exit_code == 0);
}

TEST_CASE("watch: starts where nothing can be loaded yet, and says so") {
  const Desk desk;
  RunningCommand watch(Watch(desk, {"later/rules"}));
  CHECK(watch.Line() == "rejected: 1 problem; no rules are loaded");
  CHECK(watch.Line().starts_with("later/rules: "));
  desk.Write("later/rules/site.yaml", Overlay("error"));
  CHECK(watch.Line().starts_with("generation 1: "));
  const Outcome end = watch.End(SIGTERM);
  CHECK(end.exit_code == 0);
  CHECK(Has(end.err, "looking once a second: "));
}

TEST_CASE("watch: ends where nobody reads; wants a directory") {
  const Desk desk;
  desk.Write(kFile, Overlay("error"));
  RunningCommand watch(Watch(desk, {"site"}));
  watch.Line();
  watch.CloseOutput();
  CHECK(watch.End(0).exit_code == 0);

  const Outcome none = desk.Run({"watch"});
  CHECK(none.exit_code == 2);
  CHECK(Has(none.err, "name a rule directory"));
  CHECK(none.out.empty());
}

}  // namespace
}  // namespace cmatch
