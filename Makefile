# One entry point. `make test` is what CI runs; nothing is built inside the checkout.
SHELL := /bin/bash
export CARGO_TARGET_DIR ?= $(HOME)/.cache/stepgate/target

.PHONY: help run web demo test lint unit pages e2e doc release audit fmt

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

web: ## build the web page, which the binary then holds
	@scripts/web.sh

run: ## build, then serve the built-in demonstration API and print a line to try for each main use
	@scripts/web.sh --if-there
	cargo run --locked -p stepgate -- serve --demo

demo: ## build, then show sign-in, call, expiry and renewal in the terminal
	cargo run --locked -p stepgate -- demo

test: ## every check: format, house rules, licences, web page, clippy, tests, docs, examples, browser, real services
	@scripts/test.sh

lint: ## the checks that need no test run
	@scripts/test.sh format house deny clippy

unit: ## the Rust tests alone
	@scripts/test.sh tests

pages: ## the web page in a browser alone
	@scripts/test.sh pages

e2e: ## sign in to the real services alone; `make e2e SERVICES=mediawiki` takes one
	@scripts/test.sh e2e

doc: ## the API documentation, warnings denied
	@scripts/test.sh docs

release: web ## the fat-LTO binary
	cargo build --locked --release -p stepgate
	@ls -l "$(CARGO_TARGET_DIR)/release/stepgate"

audit: ## known vulnerabilities; needs the advisory database from the internet
	@scripts/tools.sh cargo-deny
	PATH="$$(scripts/tools.sh --path):$$PATH" cargo deny check advisories

fmt: ## format all code
	cargo fmt --all
