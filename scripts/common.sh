# shellcheck shell=bash
# Sourced by the scripts beside it. Sets `root` and gives `build PRESET [TARGET...]`.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2; }

if command -v ccache >/dev/null 2>&1; then
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
  # Checkouts in several folders share what is compiled.
  export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$root} CCACHE_NOHASHDIR=1
fi

# Leaves out what ninja says when there is nothing to do.
ninja_news() {
  sed -u -e '/^ninja: no work to do/d' -e '/Re-checking globbed directories/d' \
    -e '/^ninja: Entering directory/d'
}

# Configures build/PRESET where that has not been done, then builds the targets (none: everything).
# Everything it prints goes to stderr; nothing is printed where nothing has to be built. Two calls
# at the same time take turns.
build() (
  set -o pipefail
  local preset=$1 dir=$root/build/$1 targets=()
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  mkdir -p "$dir"
  exec 9>"$dir/.lock"
  flock 9
  cd "$root" || exit 1
  if [ ! -f "$dir/build.ninja" ]; then
    say "configuring build/$preset"
    cmake --preset "$preset" >"$dir/configure.log" 2>&1 9>&- ||
      { cat "$dir/configure.log" >&2; exit 1; }
  fi
  cmake --build "$dir" "${targets[@]}" 2>&1 9>&- </dev/null | ninja_news >&2
)
