#ifndef CMATCH_BUILTIN_ARCHIVE_H_
#define CMATCH_BUILTIN_ARCHIVE_H_

// Tables as one block of bytes: what the build writes into the library and the library reads at
// start. One description of each struct serves both directions, so that they cannot drift apart.
// Not a file format: writer and reader are of one build. Texts are stored once, at the end, and
// read as views into the block, which must outlive the tables. The rows of an engine stand behind
// their length, so that a reader can pass them over.

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cmatch/kinds.h"
#include "cmatch/tables.h"

namespace cmatch::internal {

class ArchiveWriter {
 public:
  static constexpr bool kReading = false;

  void Number(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_ += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    bytes_ += static_cast<char>(value);
  }
  void String(Text& text) {
    const auto [it, added] = offsets_.try_emplace(std::string(text), texts_.size());
    if (added) texts_ += text;
    Number(it->second);
    Number(text.size());
  }
  // Few ranges stand in many rows: their number.
  void Range(VersionRange& range, Versioning versioning) {
    const auto [it, added] =
        range_numbers_.try_emplace({versioning, std::string(range.text)}, ranges_.size());
    if (added) ranges_.push_back(range.text);
    Number(it->second);
  }
  // What `write` writes, behind its length. `wanted` is the reader's.
  template <typename F>
  void Part(bool /*wanted*/, F write) {
    std::string part = std::exchange(bytes_, {});
    write();
    part.swap(bytes_);
    Number(part.size());
    bytes_ += part;
  }

  // Length of the structured part; that part, which begins with the ranges; the texts.
  std::string Finish() {
    const std::string body = std::exchange(bytes_, {});
    Number(ranges_.size());
    for (Text range : ranges_) String(range);
    const std::string structured = std::exchange(bytes_, {}) + body;
    Number(structured.size());
    return std::exchange(bytes_, {}) + structured + texts_;
  }

 private:
  std::string bytes_, texts_;
  std::unordered_map<std::string, std::size_t> offsets_;
  std::vector<Text> ranges_;
  std::map<std::pair<Versioning, std::string>, std::size_t> range_numbers_;
};

class ArchiveReader {
 public:
  static constexpr bool kReading = true;

  explicit ArchiveReader(std::string_view block) : rest_(block) {
    const std::uint64_t structured = Number();
    texts_ = rest_.substr(structured);
    rest_ = rest_.substr(0, structured);
    ranges_.resize(Number());
    for (VersionRange& range : ranges_) String(range.text);
  }

  std::uint64_t Number() {
    std::uint64_t value = 0;
    for (int shift = 0; !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_[0]);
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) break;
    }
    return value;
  }
  void String(Text& text) {
    const std::uint64_t offset = Number();
    const std::uint64_t size = Number();
    text = texts_.substr(offset, size);
  }
  // A range is parsed at its first use; copies share what it holds.
  void Range(VersionRange& range, Versioning versioning) {
    VersionRange& kept = ranges_[Number()];
    if (kept.held == nullptr && !kept.text.empty()) {
      kept = ParseVersionRange(versioning, kept.text).value_or(VersionRange{});
    }
    range = kept;
  }
  // Reads what `read` reads, or passes it over.
  template <typename F>
  void Part(bool wanted, F read) {
    const std::uint64_t size = Number();
    if (wanted) {
      read();
    } else {
      rest_.remove_prefix(size);
    }
  }

 private:
  std::string_view rest_, texts_;
  std::vector<VersionRange> ranges_;
};

// Transfers one value in the direction of the archive.
template <typename A>
class Transfer {
 public:
  // `only`: of other engines read no more than the names; empty: read all.
  explicit Transfer(A& archive, std::string_view only = {})
      : archive_(archive), only_(FoldKind(only)) {}

  // `kinds`: those that rows name beside `t.kinds`; read where some rows are not.
  void operator()(Tables& t, std::vector<KindName>& kinds) {
    All(t.name, t.version, t.files, t.fields, t.rules, t.retired, t.kinds, t.aliases, t.file_types,
        t.tensor_types, t.architectures, t.gpus, t.engines, t.advisories, t.overrides, t.waivers);
    archive_.Part(!only_.empty(),
                  [&] { Sized(kinds, [&](KindName& k) { All(k.dimension, k.name); }); });
  }

 private:
  template <typename... T>
  void All(T&... items) {
    (One(items), ...);
  }

  template <typename T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void One(T& number) {
    if constexpr (A::kReading) {
      number = static_cast<T>(archive_.Number());
    } else {
      archive_.Number(static_cast<std::uint64_t>(number));
    }
  }
  void One(Text& text) { archive_.String(text); }
  void One(VersionRange& range) { archive_.Range(range, versioning_); }
  template <typename T, typename F>
  void Sized(std::vector<T>& list, F each) {
    std::uint64_t size = list.size();
    One(size);
    if constexpr (A::kReading) list.resize(size);
    for (T& item : list) each(item);
  }
  template <typename T>
  void One(std::vector<T>& list) {
    Sized(list, [&](T& item) { One(item); });
  }
  template <typename T>
  void One(std::optional<T>& item) {
    bool has = item.has_value();
    One(has);
    if constexpr (A::kReading) {
      if (has) item.emplace();
    }
    if (has) One(*item);
  }

  void One(Origin& o) { All(o.file, o.line, o.column); }
  void One(ComputeCapability& c) { All(c.major, c.minor); }
  void One(ComputeRange& r) { All(r.low, r.high); }
  void One(Image& i) { All(i.compute, i.suffix, i.cubin, i.ptx); }
  void One(Clause& c) {
    All(c.form, c.children, c.subject, c.fields, c.relation, c.right_is_field, c.right_is_list,
        c.right, c.origin, c.right_origin);
  }
  void One(Field& f) { All(f.name, f.type, f.of, f.origin); }
  void One(Rule& r) {
    All(r.id, r.name, r.severity, r.unknown, r.when, r.check, r.error, r.message, r.hint, r.why,
        r.source, r.origin, r.severity_origin);
  }
  void One(Entry& e) {
    All(e.compute, e.versions, e.level, e.because, e.source, e.verified, e.overlay, e.origin);
  }
  void One(KindSupport& k) { All(k.kind, k.entries, k.origin); }
  void One(OpenRow& o) { All(o.versions, o.because, o.source, o.origin); }
  void One(Dimension& d) { All(d.name, d.source, d.open, d.kinds, d.origin); }
  void One(Window& w) { All(w.versions, w.source, w.origin); }
  void One(ReleaseName& n) { All(n.name, n.is, n.source, n.origin); }
  void One(DriverFloor& d) { All(d.compute, d.versions, d.driver, d.source, d.origin); }
  void One(Build& b) {
    All(b.name, b.versions, b.cuda, b.images, b.only_listed, b.min_driver, b.source, b.origin);
  }
  void One(LaunchKey& k) {
    All(k.name, k.versions, k.integer, k.values, k.min, k.max, k.default_value, k.source, k.origin);
  }
  void One(std::pair<Text, Text>& p) { All(p.first, p.second); }
  void One(CommandOption& o) {
    All(o.setting, o.versions, o.is, o.words, o.env, o.values, o.source, o.origin);
  }
  void One(Command::Start& s) { All(s.words, s.versions, s.source, s.origin); }
  void One(Command& c) { All(c.start, c.options); }
  void One(ContextLimit& c) { All(c.tokens, c.versions, c.source, c.origin); }
  void One(Path& p) {
    All(p.id, p.compute, p.versions, p.level, p.because, p.accepts, p.source, p.verified, p.origin);
  }
  void One(PathGroup& g) { All(g.name, g.paths, g.origin); }
  void One(Engine& e) {
    All(e.name, e.versioning);
    versioning_ = e.versioning;
    const bool whole = only_.empty() || FoldKind(e.name) == only_;
    archive_.Part(whole, [&] {
      All(e.names, e.windows, e.default_version, e.default_build, e.floor, e.max_context, e.builds,
          e.launch, e.command, e.supports, e.paths, e.origin);
    });
  }
  void One(KindName& k) { All(k.dimension, k.name, k.meaning, k.origin); }
  void One(KindAlias& a) { All(a.dimension, a.alias, a.is, a.because, a.origin); }
  void One(FileType& t) { All(t.name, t.id, t.main, t.removed, t.origin); }
  void One(TensorType& t) { All(t.name, t.id, t.block_size, t.type_size, t.removed, t.origin); }
  void One(ConditionalKind& c) { All(c.when, c.is); }
  void One(Architecture& a) {
    All(a.name, a.hf, a.positional, a.attention, a.recurrent, a.hybrid, a.diffusion, a.mla,
        a.rope_dimension_is_head_dim, a.sliding_window, a.unsupported, a.because, a.source,
        a.origin);
  }
  void One(Gpu& g) {
    All(g.name, g.compute, g.memory, g.mig, g.mig_of, g.unified, g.note, g.source, g.origin);
  }
  void One(Advisory& a) {
    All(a.engine, a.id, a.also, a.versions, a.fixed, a.concerns, a.when, a.source, a.verified,
        a.severity, a.origin, a.versions_origin, a.fixed_origin, a.severity_origin);
  }
  void One(Override& o) {
    All(o.layer, o.reason, o.owner, o.expires, o.target, o.value, o.origin, o.replaced,
        o.replaced_origin);
  }
  void One(Waiver& w) {
    All(w.layer, w.owner, w.rule, w.model, w.worker, w.reason, w.expires, w.origin);
  }

  A& archive_;
  std::string only_;  // folded
  Versioning versioning_ = Versioning::kPep440;
};

}  // namespace cmatch::internal

#endif  // CMATCH_BUILTIN_ARCHIVE_H_
