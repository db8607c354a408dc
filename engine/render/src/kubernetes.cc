#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cmatch/render.h"
#include "cmatch/render_kubernetes.h"

namespace cmatch {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kLabel = "nvidia.com/";
constexpr const char* kDriver = "gpu.nvidia.com";

// Capabilities that ask for the same.
struct Group {
  std::vector<ComputeCapability> compute;
  std::string driver;
  std::optional<std::int64_t> memory_mib;   // required
  std::optional<std::int64_t> comfort_mib;  // preferred
};

std::vector<Group> GroupsOf(const Requirement& required, bool strict) {
  std::vector<Group> groups;
  for (const GpuRequirement& gpu : required.gpus) {
    Group group{.compute = {gpu.compute},
                .driver = gpu.driver,
                .memory_mib = strict ? gpu.comfort_mib : gpu.memory_mib,
                .comfort_mib = gpu.comfort_mib};
    if (group.comfort_mib == group.memory_mib) group.comfort_mib.reset();
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& other) {
      return other.driver == group.driver && other.memory_mib == group.memory_mib &&
             other.comfort_mib == group.comfort_mib;
    });
    if (same == groups.end()) {
      groups.push_back(std::move(group));
    } else {
      same->compute.push_back(gpu.compute);
    }
  }
  return groups;
}

Json Expression(const std::string& label, const char* op, const std::vector<std::string>& values) {
  return {{"key", kLabel + label}, {"operator", op}, {"values", values}};
}

// `Gt` is the only order that node affinity has.
Json AtLeast(const std::string& label, std::int64_t least) {
  return Expression(label, "Gt", {std::to_string(least - 1)});
}

// The numbers of "550.54.14", at most three.
std::vector<std::int64_t> PartsOf(const std::string& driver) {
  std::vector<std::int64_t> parts;
  std::int64_t number = 0;
  for (const char c : driver + '.') {
    if (c >= '0' && c <= '9') {
      number = std::min<std::int64_t>(number * 10 + (c - '0'), 1'000'000);
    } else {
      parts.push_back(std::exchange(number, 0));
    }
  }
  while (parts.size() > 1 && parts.back() == 0) parts.pop_back();
  parts.resize(std::min<std::size_t>(parts.size(), 3));
  return parts;
}

// Alternatives, as labels hold the parts one by one: "570.26" is major > 570, or major 570 and
// minor > 25.
std::vector<Json> DriverAlternatives(const std::string& driver) {
  static constexpr const char* kParts[] = {"cuda.driver-version.major", "cuda.driver-version.minor",
                                           "cuda.driver-version.revision"};
  if (driver.empty()) return {Json::array()};
  const std::vector<std::int64_t> parts = PartsOf(driver);
  std::vector<Json> alternatives;
  for (std::size_t last = 0; last < parts.size(); ++last) {
    Json all = Json::array();
    for (std::size_t i = 0; i < last; ++i) {
      all.push_back(Expression(kParts[i], "In", {std::to_string(parts[i])}));
    }
    // Of the last part the number itself will do, of those before only what is above it.
    const bool final = last + 1 == parts.size();
    all.push_back(AtLeast(kParts[last], parts[last] + (final ? 0 : 1)));
    alternatives.push_back(std::move(all));
  }
  return alternatives;
}

// One term for each major number of the group and each alternative of its driver; terms are joined
// by "or", the expressions in one by "and".
void AddTerms(const Group& group, std::int64_t count, std::optional<std::int64_t> memory_mib,
              std::vector<Json>& terms) {
  std::map<int, std::vector<std::string>> minors;
  for (const ComputeCapability compute : group.compute) {
    minors[compute.major].push_back(std::to_string(compute.minor));
  }
  for (const auto& [major, minor] : minors) {
    for (const Json& driver : DriverAlternatives(group.driver)) {
      Json all = Json::array();
      all.push_back(Expression("gpu.compute.major", "In", {std::to_string(major)}));
      all.push_back(Expression("gpu.compute.minor", "In", minor));
      if (memory_mib) all.push_back(AtLeast("gpu.memory", *memory_mib));
      if (count > 1) all.push_back(AtLeast("gpu.count", count));
      for (const Json& one : driver) all.push_back(one);
      Json term = Json::object();
      term["matchExpressions"] = std::move(all);
      terms.push_back(std::move(term));
    }
  }
}

Json Affinity(const Requirement& required, const std::vector<Group>& groups) {
  std::vector<Json> terms, preferred;
  for (const Group& group : groups) {
    AddTerms(group, required.gpu_count, group.memory_mib, terms);
    if (group.comfort_mib) {
      AddTerms(group, required.gpu_count, group.comfort_mib, preferred);
    }
  }
  Json affinity = Json::object();
  Json& node = affinity["affinity"]["nodeAffinity"];
  node["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"] = terms;
  for (Json& term : preferred) {
    Json weighted = Json::object();
    weighted["weight"] = 100;
    weighted["preference"] = std::move(term);
    node["preferredDuringSchedulingIgnoredDuringExecution"].push_back(std::move(weighted));
  }
  return affinity;
}

// Versions there have three parts.
std::string Semver(const std::string& driver) {
  std::vector<std::int64_t> parts = PartsOf(driver);
  parts.resize(3, 0);
  return std::to_string(parts[0]) + '.' + std::to_string(parts[1]) + '.' + std::to_string(parts[2]);
}

std::string CelOf(const Group& group) {
  const std::string attribute = std::string("device.attributes['") + kDriver + "'].";
  std::string list;
  for (const ComputeCapability compute : group.compute) {
    list += (list.empty() ? "'" : ", '") + ToString(compute) + ".0'";
  }
  std::string cel =
      "[" + list + "].exists(c, " + attribute + "cudaComputeCapability.compareTo(semver(c)) == 0)";
  if (group.memory_mib) {
    cel += std::string(" && device.capacity['") + kDriver + "'].memory.compareTo(quantity('" +
           std::to_string(*group.memory_mib) + "Mi')) >= 0";
  }
  if (!group.driver.empty()) {
    cel +=
        " && " + attribute + "driverVersion.compareTo(semver('" + Semver(group.driver) + "')) >= 0";
  }
  return cel;
}

// A name of an object: RFC 1123 label.
std::string NameOf(const std::string& model_id) {
  std::string name;
  for (const char c : model_id) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (upper || plain) {
      name += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
    if (name.size() == 63) break;
  }
  while (name.ends_with('-')) name.pop_back();
  return name.empty() ? "model" : name;
}

Json Claim(const Requirement& required, const std::vector<Group>& groups) {
  std::string expression;
  for (const Group& group : groups) {
    const std::string one = CelOf(group);
    expression += (expression.empty() ? "" : " || ") + (groups.size() > 1 ? "(" + one + ")" : one);
  }
  Json selector = Json::object();
  selector["cel"]["expression"] = expression;
  Json exactly = Json::object();
  exactly["deviceClassName"] = kDriver;
  if (required.gpu_count > 1) exactly["count"] = required.gpu_count;
  exactly["selectors"] = Json::array({selector});
  Json request = Json::object();
  request["name"] = "gpu";
  request["exactly"] = std::move(exactly);
  Json claim = {{"apiVersion", "resource.k8s.io/v1"}, {"kind", "ResourceClaimTemplate"}};
  claim["metadata"]["name"] = NameOf(required.model_id);
  claim["spec"]["spec"]["devices"]["requests"] = Json::array({request});
  return claim;
}

std::string Scalar(const Json& value) {
  return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

bool IsFlat(const Json& value) {
  return !value.is_structured() || std::all_of(value.begin(), value.end(), [](const Json& one) {
    return !one.is_structured() || (one.is_array() && IsFlat(one));
  });
}

// One line with keys as they are: all of them are plain words.
std::string Flow(const Json& value) {
  if (!value.is_structured()) return Scalar(value);
  std::string out;
  for (const auto& [key, member] : value.items()) {
    out += (out.empty() ? "" : ", ") + (value.is_array() ? "" : key + ": ") + Flow(member);
  }
  return value.is_array() ? "[" + out + "]" : "{" + out + "}";
}

// Block style, with flow style for what fits a line; texts in double quotes, as JSON has them.
void AppendYaml(const Json& value, std::size_t indent, std::string& out) {
  for (const auto& [key, member] : value.items()) {
    out += std::string(indent, ' ');
    out += value.is_array() ? std::string("-") : key + ":";
    if (!member.is_structured()) {
      out += ' ' + Scalar(member) + '\n';
    } else if (IsFlat(member) && (value.is_array() || member.is_array())) {
      out += ' ' + Flow(member) + '\n';
    } else if (value.is_array()) {
      std::string inner;
      AppendYaml(member, indent + 2, inner);
      out += inner.substr(indent + 1);
    } else {
      out += '\n';
      AppendYaml(member, indent + 2, out);
    }
  }
}

std::string Target(const Requirement& required) {
  return required.engine + '@' + required.version +
         (required.build.empty() ? "" : '/' + required.build);
}

std::string Comment(const std::string& text) { return "# " + Escape(text) + '\n'; }

}  // namespace

std::string RenderKubernetes(const Requirement& required, bool strict) {
  const std::vector<Group> groups = GroupsOf(required, strict);
  std::string text = Comment(required.model_id + " on " + Target(required));
  for (const Skipped& skipped : required.skipped) {
    text += Comment("not checked: " + skipped.rule + ": " + skipped.because);
  }
  text += Comment("of a pod's spec: nodes by the labels of NVIDIA GPU feature discovery");
  AppendYaml(Affinity(required, groups), 0, text);
  text += "---\n" + Comment("or a claim: devices by the attributes of NVIDIA's DRA driver");
  AppendYaml(Claim(required, groups), 0, text);
  return text;
}

std::string RenderKubernetesJson(const Requirement& required, bool strict) {
  Json json = {{"schema", "cmatch.kubernetes/1"},
               {"model_id", required.model_id},
               {"engine", required.engine},
               {"engine_version", required.version}};
  if (!required.build.empty()) json["build"] = required.build;
  json["gpu_count"] = required.gpu_count;
  json["compute"] = Json::array();
  for (const GpuRequirement& gpu : required.gpus) {
    Json one = Json::object();
    one["compute"] = ToString(gpu.compute);
    if (!gpu.driver.empty()) one["driver"] = gpu.driver;
    if (gpu.memory_mib) one["memory_mib"] = *gpu.memory_mib;
    if (gpu.comfort_mib) one["comfort_mib"] = *gpu.comfort_mib;
    json["compute"].push_back(std::move(one));
  }
  json["skipped"] = Json::array();
  for (const Skipped& skipped : required.skipped) {
    json["skipped"].push_back({{"rule", skipped.rule}, {"because", skipped.because}});
  }
  if (!required.gpus.empty()) {
    const std::vector<Group> groups = GroupsOf(required, strict);
    json["affinity"] = Affinity(required, groups)["affinity"];
    json["claim"] = Claim(required, groups);
  }
  return Scalar(json);
}

}  // namespace cmatch
