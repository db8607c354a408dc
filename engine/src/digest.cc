#include "digest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>

namespace cmatch::internal {
namespace {

// Feeds every value with its length or a marker, so that no two different tables give one stream.
class Hasher {
 public:
  Hasher() { XXH3_128bits_reset(&state_); }

  void Add(std::string_view text) {
    Add(text.size());
    XXH3_128bits_update(&state_, text.data(), text.size());
  }
  void Add(const char* text) { Add(std::string_view(text)); }
  void Add(std::uint64_t number) { XXH3_128bits_update(&state_, &number, sizeof number); }
  void Add(std::int64_t number) { Add(std::bit_cast<std::uint64_t>(number)); }
  void Add(bool flag) { Add(std::uint64_t{flag}); }
  template <typename E>
    requires std::is_enum_v<E>
  void Add(E value) {
    Add(static_cast<std::uint64_t>(value));
  }
  void Add(const VersionRange& range) { Add(range.text); }
  void Add(ComputeCapability c) { Add(std::uint64_t{c.major} << 16 | c.minor); }
  void Add(const ComputeRange& range) {
    Add(range.low);
    Add(range.high);
  }
  void Add(const Image& image) {
    Add(image.compute);
    Add(std::uint64_t{static_cast<unsigned char>(image.suffix)} << 2 |
        std::uint64_t{image.cubin} << 1 | std::uint64_t{image.ptx});
  }
  template <typename T>
  void Add(const std::vector<T>& list) {
    Add(list.size());
    for (const T& item : list) Add(item);
  }
  template <typename T>
  void Add(const std::optional<T>& item) {
    Add(item.has_value());
    if (item) Add(*item);
  }

  void Add(const Clause& c) {
    AddAll(c.form, c.children, c.subject, c.fields, c.relation, c.right_is_field, c.right_is_list,
           c.right);
  }
  void Add(const Field& f) { AddAll(f.name, f.type, f.of); }
  void Add(const Rule& r) {
    AddAll(r.id, r.name, r.severity, r.unknown, r.when, r.check, r.error, r.message, r.hint, r.why,
           r.source);
  }
  void Add(const Entry& e) {
    AddAll(e.compute, e.versions, e.level, e.because, e.source, e.verified, e.overlay);
  }
  void Add(const KindSupport& k) { AddAll(k.kind, k.entries); }
  void Add(const OpenRow& o) { AddAll(o.versions, o.because, o.source); }
  void Add(const Dimension& d) { AddAll(d.name, d.source, d.open, d.kinds); }
  void Add(const Window& w) { AddAll(w.versions, w.source); }
  void Add(const ReleaseName& n) { AddAll(n.name, n.is, n.source); }
  void Add(const DriverFloor& d) { AddAll(d.compute, d.versions, d.driver, d.source); }
  void Add(const Build& b) {
    AddAll(b.name, b.versions, b.cuda, b.images, b.only_listed, b.min_driver, b.source);
  }
  void Add(const LaunchKey& k) {
    AddAll(k.name, k.versions, k.integer, k.values, k.min, k.max, k.default_value, k.source);
  }
  void Add(const std::pair<Text, Text>& p) { AddAll(p.first, p.second); }
  void Add(const CommandOption& o) {
    AddAll(o.setting, o.versions, o.is, o.words, o.env, o.values, o.source);
  }
  void Add(const Command::Start& s) { AddAll(s.words, s.versions, s.source); }
  void Add(const Command& c) { AddAll(c.start, c.options); }
  void Add(const ContextLimit& c) { AddAll(c.tokens, c.versions, c.source); }
  void Add(const Path& p) {
    AddAll(p.id, p.compute, p.versions, p.level, p.because, p.accepts, p.source, p.verified);
  }
  void Add(const PathGroup& g) { AddAll(g.name, g.paths); }
  void Add(const Engine& e) {
    AddAll(e.name, e.versioning, e.names, e.windows, e.default_version, e.default_build, e.floor,
           e.max_context, e.builds, e.launch, e.command, e.supports, e.paths);
  }
  void Add(const KindName& k) { AddAll(k.dimension, k.name, k.meaning); }
  void Add(const KindAlias& a) { AddAll(a.dimension, a.alias, a.is, a.because); }
  void Add(const FileType& t) { AddAll(t.name, t.id, t.main, t.removed); }
  void Add(const TensorType& t) { AddAll(t.name, t.id, t.block_size, t.type_size, t.removed); }
  void Add(const ConditionalKind& c) { AddAll(c.when, c.is); }
  void Add(const Architecture& a) {
    AddAll(a.name, a.hf, a.positional, a.attention, a.recurrent, a.hybrid, a.diffusion, a.mla,
           a.rope_dimension_is_head_dim, a.sliding_window, a.unsupported, a.because, a.source);
  }
  void Add(const Gpu& g) {
    AddAll(g.name, g.compute, g.memory, g.mig, g.mig_of, g.unified, g.note, g.source);
  }
  void Add(const Advisory& a) {
    AddAll(a.engine, a.id, a.also, a.versions, a.fixed, a.concerns, a.when, a.source, a.verified,
           a.severity);
  }
  void Add(const Override& o) {
    AddAll(o.layer, o.reason, o.owner, o.expires, o.target, o.value, o.replaced);
  }
  void Add(const Waiver& w) {
    AddAll(w.layer, w.owner, w.rule, w.model, w.worker, w.reason, w.expires);
  }

  std::string Hex() const {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&state_));
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : canonical.digest) {
      hex += kDigits[byte >> 4];
      hex += kDigits[byte & 15];
    }
    return hex;
  }

 private:
  template <typename... T>
  void AddAll(const T&... items) {
    (Add(items), ...);
  }

  XXH3_state_t state_;
};

}  // namespace

std::string Digest(const Tables& t) {
  Hasher hasher;
  hasher.Add("cmatch.tables/1");
  hasher.Add(t.name);
  hasher.Add(t.version);
  hasher.Add(t.fields);
  hasher.Add(t.rules);
  hasher.Add(t.retired);
  hasher.Add(t.kinds);
  hasher.Add(t.aliases);
  hasher.Add(t.file_types);
  hasher.Add(t.tensor_types);
  hasher.Add(t.architectures);
  hasher.Add(t.gpus);
  hasher.Add(t.engines);
  hasher.Add(t.advisories);
  hasher.Add(t.overrides);
  hasher.Add(t.waivers);
  return "xxh128:" + hasher.Hex();
}

}  // namespace cmatch::internal
