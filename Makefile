# What people type; `.ci/run` runs the same and a little more.

DEMO := target/demo
SAMPLE := testdata/release-repo
SHOWN := acme/payments/acme-payments-main-periodics.yaml

.PHONY: all build demo test bench install schemas rules fmt lint docs site wheel image workflows ci

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
	@git --no-pager diff --no-index --no-renames --stat $(SAMPLE)/ci-operator/jobs $(DEMO)/ci-operator/jobs || true
	@echo
	@echo '$$ git diff ci-operator/jobs/$(SHOWN)'
	@git --no-pager diff --no-index -U1 $(SAMPLE)/ci-operator/jobs/$(SHOWN) $(DEMO)/ci-operator/jobs/$(SHOWN) || true
	@echo
	@echo '$$ cutwater jobs --check -qq && echo nothing left to do'
	@cargo run --quiet --release --locked -- jobs --release-repo $(DEMO) --check -qq && echo nothing left to do

# First the programs of a real Kubernetes server, which takes minutes once; CUTWATER_WITHOUT_KUBE=1 leaves out the tests on it.
test:
	tests/kube/prepare
	cargo test --locked --no-fail-fast

# Parser, emitter and generation on the sample repository; then `cutwater jobs` on a whole one, which CUTWATER_CORPORA names.
bench:
	cargo bench --locked --bench '*'

install:
	cargo install --locked --path .

# After a change of the model or of the rules in src/schema: schemas/ as `cutwater schema` prints them.
schemas:
	@cargo build --quiet --locked --bin cutwater
	@mkdir -p schemas && rm -f schemas/*.json
	@run() { cargo run --quiet --locked --bin cutwater -- schema "$$@"; }; \
	for name in $$(run | cut -d' ' -f1); do run "$$name" > "schemas/$$name.json" || exit 1; done

# After a change of a rule or of its example: what is said of the examples, and docs/rules, anew.
rules:
	@mkdir -p docs/rules
	CUTWATER_BLESS=1 cargo test --quiet --locked --test cases rules::examples_hold
	CUTWATER_BLESS=1 cargo test --quiet --locked --test cases rules::pages_are
	UPDATE_DOCS=1 cargo test --quiet --locked --test cli the_rules_are_those_of_their_list

fmt:
	cargo fmt

lint:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings

docs:
	RUSTDOCFLAGS='-D warnings -A rustdoc::private-intra-doc-links' cargo doc --locked --no-deps --document-private-items

# The pages in docs/ as a site in target/site; book.toml says how.
site:
	@tools=$$(tests/tools/prepare mdbook) && "$${tools#mdbook }" build

# The wheel for pip: built, installed where nothing else is, and run.
wheel:
	tests/wheel/run

# The image: built and run where there is a container engine.
image:
	tests/image/run

# The workflows of GitHub, read for mistakes.
workflows:
	@tools=$$(tests/tools/prepare actionlint) && "$${tools#actionlint }"

ci:
	.ci/run
