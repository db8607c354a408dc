// What a model requires of a GPU, in the words of Kubernetes.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "cmatch/render_kubernetes.h"

namespace cmatch {
namespace {

using Json = nlohmann::ordered_json;

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Requirement RequirementOn(std::vector<GpuRequirement> gpus) {
  Requirement required;
  required.model_id = "org/Tiny-Model";
  required.engine = "toy";
  required.version = "2.0";
  required.gpus = std::move(gpus);
  return required;
}

GpuRequirement On(std::uint16_t major, std::uint16_t minor, std::string driver = {},
                  std::optional<std::int64_t> memory_mib = {},
                  std::optional<std::int64_t> comfort_mib = {}) {
  return {.compute = {major, minor},
          .driver = std::move(driver),
          .memory_mib = memory_mib,
          .comfort_mib = comfort_mib};
}

Json DocumentOf(const Requirement& required, bool strict = false) {
  return Json::parse(RenderKubernetesJson(required, strict));
}

// "label op values" of each expression; terms end with ";".
std::string TermsOf(const Json& terms) {
  std::string text;
  for (const Json& term : terms) {
    for (const Json& one : term["matchExpressions"]) {
      std::string values;
      for (const Json& value : one["values"]) values += ' ' + value.get<std::string>();
      text += one["key"].get<std::string>().substr(std::string("nvidia.com/").size()) + ' ' +
              one["operator"].get<std::string>() + values + ' ';
    }
    text.back() = ';';
  }
  return text;
}

std::string Required(const Json& document) {
  return TermsOf(document["affinity"]["nodeAffinity"]
                         ["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]);
}

std::string CelOf(const Json& document) {
  return document["claim"]["spec"]["spec"]["devices"]["requests"][0]["exactly"]["selectors"][0]
                 ["cel"]["expression"];
}

TEST_CASE("kubernetes: capabilities are named one by one, those of one major number together") {
  const Json document = DocumentOf(RequirementOn({On(8, 6), On(8, 9), On(9, 0)}));
  CHECK(Required(document) ==
        "gpu.compute.major In 8 gpu.compute.minor In 6 9;"
        "gpu.compute.major In 9 gpu.compute.minor In 0;");
  CHECK(Has(CelOf(document), "['8.6.0', '8.9.0', '9.0.0'].exists(c, "));
  CHECK_FALSE(document.contains("build"));
  CHECK_FALSE(document["affinity"]["nodeAffinity"].contains(
      "preferredDuringSchedulingIgnoredDuringExecution"));
}

TEST_CASE("kubernetes: at least a driver is one of several terms, label by label") {
  const struct {
    const char* driver;
    const char* terms;  // without the two of the capability
    const char* semver;
  } cases[] = {
      {"580", "major Gt 579;", "580.0.0"},
      {"580.0.0", "major Gt 579;", "580.0.0"},
      {"570.26", "major Gt 570;major In 570 minor Gt 25;", "570.26.0"},
      {"550.54.14",
       "major Gt 550;major In 550 minor Gt 54;major In 550 minor In 54 revision Gt 13;",
       "550.54.14"},
      {"550.54.14.2",
       "major Gt 550;major In 550 minor Gt 54;major In 550 minor In 54 revision Gt 13;",
       "550.54.14"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.driver);
    const Json document = DocumentOf(RequirementOn({On(8, 0, c.driver)}));
    std::string terms = Required(document);
    for (const std::string part :
         {"gpu.compute.major In 8 gpu.compute.minor In 0 ", "cuda.driver-version."}) {
      for (std::size_t at = terms.find(part); at != std::string::npos; at = terms.find(part)) {
        terms.erase(at, part.size());
      }
    }
    CHECK(terms == c.terms);
    CHECK(Has(CelOf(document),
              "driverVersion.compareTo(semver('" + std::string(c.semver) + "')) >= 0"));
  }
}

TEST_CASE(
    "kubernetes: memory that fails is required, memory that warns preferred, strictly required") {
  const Requirement required = RequirementOn({On(8, 0, "", 1024, 4096), On(8, 6, "", 1024, 4096)});
  const std::string compute = "gpu.compute.major In 8 gpu.compute.minor In 0 6 ";
  const Json lax = DocumentOf(required);
  CHECK(Required(lax) == compute + "gpu.memory Gt 1023;");
  const Json& preferred =
      lax["affinity"]["nodeAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"];
  REQUIRE(preferred.size() == 1);
  CHECK(preferred[0]["weight"] == 100);
  CHECK(TermsOf(Json::array({preferred[0]["preference"]})) == compute + "gpu.memory Gt 4095;");
  CHECK(Has(CelOf(lax), "memory.compareTo(quantity('1024Mi')) >= 0"));
  CHECK(lax["compute"][1] ==
        Json({{"compute", "8.6"}, {"memory_mib", 1024}, {"comfort_mib", 4096}}));

  const Json strict = DocumentOf(required, true);
  CHECK(Required(strict) == compute + "gpu.memory Gt 4095;");
  CHECK_FALSE(strict["affinity"]["nodeAffinity"].contains(
      "preferredDuringSchedulingIgnoredDuringExecution"));
  CHECK(Has(CelOf(strict), "quantity('4096Mi')"));
}

TEST_CASE("kubernetes: capabilities that ask for different things are alternatives") {
  // each differs from the first in one thing
  const Json document =
      DocumentOf(RequirementOn({On(8, 0, "570", 1024, 2048), On(8, 6, "580", 1024, 2048),
                                On(8, 9, "570", 1025, 2048), On(9, 0, "570", 1024, 2049)}));
  CHECK(Required(document) ==
        "gpu.compute.major In 8 gpu.compute.minor In 0 gpu.memory Gt 1023 "
        "cuda.driver-version.major Gt 569;"
        "gpu.compute.major In 8 gpu.compute.minor In 6 gpu.memory Gt 1023 "
        "cuda.driver-version.major Gt 579;"
        "gpu.compute.major In 8 gpu.compute.minor In 9 gpu.memory Gt 1024 "
        "cuda.driver-version.major Gt 569;"
        "gpu.compute.major In 9 gpu.compute.minor In 0 gpu.memory Gt 1023 "
        "cuda.driver-version.major Gt 569;");
  const std::string cel = CelOf(document);
  CHECK(cel.starts_with("(['8.0.0'].exists(c, "));
  CHECK(Has(cel, ") || (['8.6.0']"));
  CHECK(document["compute"][0]["driver"] == "570");
}

TEST_CASE("kubernetes: several GPUs, the build, what was not checked") {
  Requirement required = RequirementOn({On(8, 0)});
  required.gpu_count = 4;
  required.build = "cuda12";
  required.skipped = {{.rule = "R-1", .because = "mcd.n is not known\nkind: Pod"}};
  const Json document = DocumentOf(required);
  CHECK(Required(document) == "gpu.compute.major In 8 gpu.compute.minor In 0 gpu.count Gt 3;");
  CHECK(document["claim"]["spec"]["spec"]["devices"]["requests"][0]["exactly"]["count"] == 4);
  CHECK(document["build"] == "cuda12");
  CHECK(document["skipped"][0]["rule"] == "R-1");
  const std::string text = RenderKubernetes(required, false);
  CHECK(text.starts_with("# org/Tiny-Model on toy@2.0/cuda12\n# not checked: R-1: mcd.n"));
  CHECK_FALSE(Has(text, "\nkind: Pod"));  // a comment is one line, whatever is in it
  CHECK(Has(text, "\n---\n"));
  CHECK(Has(text, "            count: 4\n"));
}

TEST_CASE("kubernetes: no GPU would do") {
  const Json document = DocumentOf(RequirementOn({}));
  CHECK(document["compute"].empty());
  CHECK_FALSE(document.contains("affinity"));
  CHECK_FALSE(document.contains("claim"));
}

TEST_CASE("kubernetes: a claim's name is an RFC 1123 label, whatever the model is called") {
  const struct {
    std::string model;
    std::string name;
  } cases[] = {
      {"org/Tiny-Model", "org-tiny-model"},
      {"Z09a", "z09a"},
      {"--a__b..c--", "a-b-c"},
      {"@[`{/:", "model"},
      {"\xc3\xa9t\xc3\xa9", "t"},
      {std::string(70, 'x'), std::string(63, 'x')},
      {std::string(62, 'x') + "/y", std::string(62, 'x')},
  };
  for (const auto& c : cases) {
    CAPTURE(c.model);
    Requirement required = RequirementOn({On(8, 0)});
    required.model_id = c.model;
    CHECK(DocumentOf(required)["claim"]["metadata"]["name"] == c.name);
  }
}

}  // namespace
}  // namespace cmatch
