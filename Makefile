# What people type; `.ci/run` runs the same and a little more.

DEMO := target/demo
SAMPLE := testdata/release-repo

.PHONY: all build demo test bench install fmt lint docs ci

all: build

build:
	cargo build --release --locked

# The main job on a copy of the sample release repository: what it says, what changed, and that a second run changes nothing.
demo:
	@cargo build --release --locked --bin cutwater
	@rm -rf $(DEMO) && mkdir -p target && cp -R $(SAMPLE) $(DEMO)
	@echo '$$ cutwater jobs --verbose'
	@cargo run --quiet --release --locked -- jobs --release-repo $(DEMO) --verbose
	@echo
	@echo '$$ git diff --stat'
	@git --no-pager diff --no-index --stat $(SAMPLE)/ci-operator/jobs $(DEMO)/ci-operator/jobs || true
	@echo
	@echo '$$ git diff ci-operator/jobs/acme/retired'
	@git --no-pager diff --no-index -U1 $(SAMPLE)/ci-operator/jobs/acme/retired $(DEMO)/ci-operator/jobs/acme/retired || true
	@echo
	@echo '$$ cutwater jobs --check'
	@cargo run --quiet --release --locked -- jobs --release-repo $(DEMO) --check

test:
	cargo test --locked --no-fail-fast

bench:
	cargo bench --locked

install:
	cargo install --locked --path .

fmt:
	cargo fmt

lint:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings

docs:
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --document-private-items

ci:
	.ci/run
