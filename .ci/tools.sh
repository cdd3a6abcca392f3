#!/usr/bin/env bash
# Installs what building and testing need, once. Pinned tools go to a folder of their own, so that nothing of yours is replaced;
# a tool of the right version that is already on PATH is used as it is.
#
#   .ci/tools.sh build   what the product needs: the Rust toolchain with its wasm target, trunk, wasm-bindgen, wasm-opt
#   .ci/tools.sh test    what the tests need on top: geckodriver, Chromium with its driver, Firefox
#   .ci/tools.sh bench   what the benchmark compares with: libraries from npm and PyPI, in a folder of their own
#   .ci/tools.sh bench-drift   Evidently and NannyML, likewise
#   .ci/tools.sh fuzz    what fuzzing needs: a nightly Rust, cargo-fuzz
#   .ci/tools.sh path    prints the folders of the pinned tools, for PATH
#   .ci/tools.sh peers   prints the folder of the benchmark's libraries
#   .ci/tools.sh drift-peers   prints the folder of Evidently and NannyML
set -euo pipefail
cd "$(dirname "$0")/.."

tools="${ASSAY_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/assay-tools}"
rust=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
trunk=0.21.14
# The library and the tool that writes its glue only work at the same version; Cargo.toml says which.
bindgen=$(sed -n 's/^wasm-bindgen = .*"=\([0-9.]*\)".*/\1/p' Cargo.toml)
geckodriver=0.37.1
cargo_fuzz=0.13.2

trunk_dir="$tools/trunk-$trunk"
bindgen_dir="$tools/wasm-bindgen-$bindgen"
geckodriver_dir="$tools/geckodriver-$geckodriver"
# Another choice of libraries goes to another folder.
peers_of=benches/compare/peers
peers_dir="$tools/peers-$(cat "$peers_of/package-lock.json" "$peers_of/requirements.txt" | sha256sum | cut -c1-12)"
drift_dir="$tools/drift-$(sha256sum <"$peers_of/requirements-drift.txt" | cut -c1-12)"
fuzz_dir="$tools/cargo-fuzz-$cargo_fuzz"
path="$trunk_dir/bin:$bindgen_dir/bin:$geckodriver_dir/bin:$fuzz_dir/bin"
export PATH="$path:$PATH"

say() { printf '\n== %s\n' "$*" >&2; }
fail() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# Whether the first line of the command's `--version` holds the version as a word. All of it is read: a command whose output is cut
# off by `head` may fail.
has() {
    local words
    words=$("$1" --version 2>/dev/null) || return 1
    words=${words%%$'\n'*}
    [[ " $words " == *" $2 "* ]]
}

ensure_rust() {
    if ! command -v rustc >/dev/null; then
        fail "Rust is missing. Install rustup from https://rustup.rs, then run this again."
    fi
    if ! rustc --version >/dev/null 2>&1; then
        say "Installing Rust $rust with its wasm target: about a minute"
        rustup toolchain install "$rust" --profile minimal --component clippy,rustfmt --target wasm32-unknown-unknown
    fi
    if ! [[ -d $(rustc --print target-libdir --target wasm32-unknown-unknown) ]]; then
        command -v rustup >/dev/null || fail "rustc $rust has no wasm32-unknown-unknown target, and there is no rustup to add it."
        say "Installing Rust's wasm target: a few seconds"
        rustup target add --toolchain "$rust" wasm32-unknown-unknown
    fi
    if ! cargo clippy --version >/dev/null 2>&1 || ! cargo fmt --version >/dev/null 2>&1; then
        say "Installing clippy and rustfmt: a few seconds"
        rustup component add --toolchain "$rust" clippy rustfmt
    fi
}

# Builds a tool from crates.io without optimisation or debug information: three times as quick, and the tools are quick enough.
ensure_crate() { # command, crate, version, folder, how long, further arguments
    local command=$1 crate=$2 version=$3 dir=$4 time=$5
    shift 5
    has "$command" "$version" && return
    say "Building $crate $version, once: about $time on two cores. It goes to $dir"
    rm -rf "$dir.partial"
    CARGO_PROFILE_DEV_DEBUG=0 cargo install --debug --root "$dir.partial" --version "=$version" "$@" "$crate"
    rm -rf "$dir"
    mv "$dir.partial" "$dir"
    has "$command" "$version" || fail "$dir/bin/$command was built but does not answer as version $version."
}

# The libraries of other people that the benchmark runs on the same file, none of which the product uses.
ensure_peers() {
    [[ -d $peers_dir ]] && return
    say "Installing what the benchmark compares with, once: one or two minutes. It goes to $peers_dir"
    rm -rf "$peers_dir.partial"
    mkdir -p "$peers_dir.partial"
    cp "$peers_of/package.json" "$peers_of/package-lock.json" "$peers_dir.partial"
    (cd "$peers_dir.partial" && npm ci --ignore-scripts --no-audit --no-fund >&2)
    install_python "$peers_dir.partial" "$peers_of/requirements.txt"
    mv "$peers_dir.partial" "$peers_dir"
}

ensure_drift_peers() {
    [[ -d $drift_dir ]] && return
    say "Installing Evidently and NannyML, once: two to four minutes, two gigabytes. They go to $drift_dir"
    rm -rf "$drift_dir.partial"
    mkdir -p "$drift_dir.partial"
    install_python "$drift_dir.partial" "$peers_of/requirements-drift.txt"
    mv "$drift_dir.partial" "$drift_dir"
}

install_python() { # folder and list of packages
    python3 -m venv "$1/venv"
    "$1/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$2" >&2
}

# What the benchmarks' Python needs.
ensure_python() {
    ensure_packages python3 python3
    # Debian has this part of Python in a package without a command.
    python3 -c 'import ensurepip' 2>/dev/null || ensure_packages '' python3-venv
}

# Installs the Debian packages whose commands are missing, where that is allowed.
ensure_packages() { # pairs of command and package
    local missing=()
    while (($#)); do
        command -v "$1" >/dev/null || missing+=("$2")
        shift 2
    done
    ((${#missing[@]})) || return 0
    local as=()
    if ! command -v apt-get >/dev/null; then
        fail "These are missing: ${missing[*]} (names of Debian's packages). Install them, then run this again."
    elif (($(id -u) != 0)); then
        if ! { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; then
            fail "These packages are missing: ${missing[*]}. Run this as root, then try again:

    apt-get update && apt-get install --no-install-recommends ${missing[*]}"
        fi
        as=(sudo)
    fi
    say "Installing ${missing[*]} with apt-get: one or two minutes"
    "${as[@]}" apt-get update -qq
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# Two builds at once would install everything twice.
lock() {
    mkdir -p "$tools"
    exec 9>"$tools/.lock"
    flock 9
}

case "${1-}" in
path) echo "$path" ;;
build)
    lock
    ensure_rust
    ensure_packages wasm-opt binaryen
    ensure_crate trunk trunk "$trunk" "$trunk_dir" "3 minutes" --locked
    # Not --locked: its lock file asks for a version that not every registry mirror has.
    ensure_crate wasm-bindgen wasm-bindgen-cli "$bindgen" "$bindgen_dir" "3 minutes"
    ;;
test)
    lock
    ensure_packages chromium chromium chromedriver chromium-driver firefox-esr firefox-esr
    ensure_crate geckodriver geckodriver "$geckodriver" "$geckodriver_dir" "1 minute" --locked
    ;;
bench)
    lock
    ensure_packages npm npm
    ensure_python
    ensure_peers
    ;;
bench-drift)
    lock
    ensure_python
    ensure_drift_peers
    ;;
fuzz)
    lock
    if ! rustc +nightly --version >/dev/null 2>&1; then
        say "Installing a nightly Rust, which fuzzing needs: about a minute"
        rustup toolchain install nightly --profile minimal
    fi
    ensure_crate cargo-fuzz cargo-fuzz "$cargo_fuzz" "$fuzz_dir" "1 minute" --locked
    ;;
peers) echo "$peers_dir" ;;
drift-peers) echo "$drift_dir" ;;
*) fail "Say what to install: build, test, bench, bench-drift or fuzz." ;;
esac
