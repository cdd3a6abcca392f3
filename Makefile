# Assay. `make serve` builds the product and serves it, `make site` leaves it in dist/index.html, `make test` runs every check.
# Whatever these need beyond Rust is installed once by .ci/tools.sh, which says what it does.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
# Cargo uses every core by itself and locks its folder, so steps side by side would only wait for each other.
.NOTPARALLEL:
.DEFAULT_GOAL := help

export PATH := $(shell .ci/tools.sh path):$(PATH)

PORT ?= 8080
product := dist/index.html
sources := $(shell find src style public/examples -type f 2>/dev/null) index.html Trunk.toml Cargo.toml Cargo.lock .cargo/config.toml rust-toolchain.toml
# One set of features for every native build, so that nothing is compiled twice.
native := --features bundle,browser-tests
wasm := --target wasm32-unknown-unknown

.PHONY: help serve site test check test-native test-wasm test-browser bench bench-drift bench-large bench-stages coverage simulations fuzz tools test-tools bench-tools bench-drift-tools

help:
	@echo 'make serve   build the product and serve it at http://127.0.0.1:$(PORT)'
	@echo 'make site    build the product: $(product), one file for any static host or the disk'
	@echo 'make test    run every check and test, those in browsers included'
	@echo 'make bench   measure the product beside what people use today: about five minutes (BENCH="--runs 5" and the like)'

serve: $(product)
	cargo run --quiet --features bundle --bin bundle -- serve dist --port $(PORT)

site: $(product)

test: check test-native test-wasm test-browser
	@echo; echo 'All checks and tests passed.'

$(product): $(sources)
	.ci/tools.sh build
	@echo; echo '== Building the product: two to four minutes the first time, under a minute after an edit'
	cargo fetch --locked
	trunk build --release --offline
	cargo run --features bundle --bin bundle -- build target/site --out $(product)

tools:
	.ci/tools.sh build

test-tools: tools
	.ci/tools.sh test

bench-tools: test-tools
	.ci/tools.sh bench

bench-drift-tools: test-tools
	.ci/tools.sh bench-drift

# Arguments for the benchmark; `make bench BENCH=--help` lists them.
BENCH ?=
compare = cargo bench --locked --quiet $(native) --bench compare --

# The release product in real browsers beside other readers and auditors, in one run on one file.
bench: bench-tools $(product)
	$(compare) --peers "$$(.ci/tools.sh peers)" $(BENCH)

# Two files compared, beside Evidently and NannyML.
bench-drift: bench-drift-tools $(product)
	$(compare) --drift --peers "$$(.ci/tools.sh drift-peers)" $(BENCH)

# Where the engine's time goes, natively; `make bench-stages BENCH=reading` measures a part.
bench-stages: tools
	cargo bench --locked --quiet --features stages --bench stages -- $(BENCH)

# How often the 95 % intervals hold the true value: writes tests/golden/coverage.md. COVERAGE=1000 takes fewer samples.
COVERAGE ?=
coverage: tools
	cargo bench --locked --quiet --bench coverage -- $(COVERAGE)

# What searches for groups find, and what they take noise for: writes tests/golden/simulations.md.
simulations: tools
	cargo bench --locked --quiet --bench simulations

# A file of more than a gigabyte in one tab: cancelled half-way, then read whole and audited.
bench-large: test-tools $(product)
	$(compare) --large $(BENCH)

# Searches for inputs that break what fuzz/src/bodies.rs states: so many seconds a target.
FUZZ ?= 60
fuzz:
	.ci/tools.sh fuzz
	for target in read audit sentence suite; do \
	    mkdir -p fuzz/corpus/$$target; \
	    cargo +nightly fuzz run $$target fuzz/corpus/$$target fuzz/seeds/$$target $$(ls -d fuzz/regressions/$$target 2>/dev/null || true) -- \
	        -max_total_time=$(FUZZ) -timeout=20 -rss_limit_mb=2048 -max_len=8192; \
	done
	PROPTEST_RNG_SEED=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ') PROPTEST_CASES=$$((20 * $(FUZZ))) \
	    cargo test --release --locked $(native) --lib --test it -- frame:: laws:: labels:: several:: threshold:: shapes:: coordinator:: suite

# Formatting, and lints for both targets.
check: tools
	cargo fmt --check
	cargo clippy --locked --all-targets $(native),stages -- -D warnings
	cargo clippy --locked $(wasm) --features web,wasm-tests --lib --bin app --test wasm -- -D warnings

# The engine, the command, the layers, the generated texts.
test-native: tools
	cargo test --locked $(native) --lib --bins --test it -- --show-output
	cargo test --locked $(native) --doc

# The same numbers and charts in a browser's engine.
test-wasm: test-tools
	cargo test --locked $(wasm) --features wasm-tests --test wasm

# The release product in Chromium and Firefox, and its size.
test-browser: test-tools $(product)
	cargo test --locked $(native) --test browser
