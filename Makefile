# Everything here sets up what it needs by itself; a second run sets up nothing.
#
#     make PYTHON=/path/to/python3.12 ...   picks the Python for .venv

SHELL := /bin/sh
.DEFAULT_GOAL := help
export PYTHON

BIN := .venv/bin
READY := .venv/.installed
LAB := course/lab
# bytes; Jupyter itself takes 10 MB
UPLOAD := 300000000
# A .venv knows its place: in a checkout that was moved, or whose Python is gone,
# it is made anew.
ifneq ($(shell .venv/bin/python -c '' 2>/dev/null && cat .venv/.locked 2>/dev/null),$(CURDIR))
$(shell rm -f .venv/.locked)
endif
# what system packages add: plots of models; the sandbox of the autograder
SYSTEM := $(if $(shell command -v dot),,graphviz) \
          $(if $(shell command -v bwrap),,bubblewrap)
# what tests open pages with
BROWSER := $(if $(shell command -v chromium || command -v google-chrome),,chromium)
# what tests keep a gradebook in; Debian has its programs out of the PATH
SERVER := $(if $(shell command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null),,postgresql)

.PHONY: help demo check quick test torch lint lab formgrader lessons release figures sync portable bench train adopt evaluate lock clean distclean setup system browser server

help: ## show these lines
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(READY) system .venv/.torch ## grade the sample class and show what came out
	@$(BIN)/grader demo

# The type checker has work for one core, the tests for most of two.
check: $(READY) .venv/.torch ## lint, check types, judge the corpus if there is one, run the quick tests
	@$(MAKE) --no-print-directory -j2 lint quick

quick: $(READY) .venv/.torch
	@[ ! -e build/corpus ] || $(BIN)/python -m tests.corpus judge --every 8
	@$(BIN)/python -m pytest -n 2 -m "not slow"

# Three files at a time on two cores: many tests wait for a kernel, a page or a limit.
test: check system browser server ## all that check does, then the slow tests
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder \
	    --durations=20 -m slow

lint: $(READY) .venv/.torch ## lint and check types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright

# The server's root is the checkout: formgrader and Validate read nbgrader_config.py.
# Lesson 1's upload button sends a picture in one message. .make/lab has the settings of
# a learner's JupyterLab: no panels for instructors, Markdown is shown as a page, and the
# first page has the points of today whenever one comes back to it.
JUPYTER := $(BIN)/jupyter lab --ServerApp.root_dir=.
lab: $(READY) system lessons ## open the lessons in JupyterLab: a copy that is yours
	@$(BIN)/python .make/front_page.py $(LAB)
	@JUPYTER_CONFIG_PATH="$(CURDIR)/.make/lab$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}" \
	    $(JUPYTER) --LabApp.default_url=/lab/tree/$(LAB)/START.md \
	    --LabApp.extra_labextensions_path="$(CURDIR)/.make/lab/extensions" \
	    --FileContentsManager.post_save_hook=grader.page.front.after_save \
	    --ServerApp.tornado_settings='{"websocket_max_message_size": $(UPLOAD)}' $(ARGS)

formgrader: $(READY) system ## open nbgrader's formgrader, to look at a class and grade
	@$(JUPYTER) --LabApp.default_url=/formgrader $(ARGS)

# A folder that is there already holds somebody's work.
lessons:
	@mkdir -p $(LAB)
	@for lesson in assignments/*/; do \
	    [ -e "$(LAB)/$${lesson#assignments/}" ] || cp -R "$${lesson%/}" $(LAB); \
	done

release: $(READY) ## write the student versions from solutions/
	@$(BIN)/grader release

figures: $(READY) ## draw the lessons' static figures anew
	@$(BIN)/python .make/figures.py
	@$(BIN)/python .make/report_picture.py
	@$(BIN)/python .make/gestures_picture.py

sync: $(READY) ## bring source notebooks and their text twins together
	@$(BIN)/jupytext --sync solutions/*/*.ipynb
	@$(BIN)/nbstripout --keep-id solutions/*/*.ipynb
	@$(BIN)/jupytext --sync --quiet solutions/*/*.ipynb

portable: $(READY) .venv/.torch ## run the numerical tests as other processors would
	@$(BIN)/python -m tests.portable -n 2 $(ARGS)

bench: $(READY) system ## measure what grading costs: tests/benchmarks/results.md
	@$(BIN)/python -m tests.benchmarks $(ARGS)

train: $(READY) .venv/.torch ## train the model that ships; one that was stopped goes on
	@$(BIN)/python -m resnet_data.training train $(ARGS)

adopt: $(READY) ## make the trained weights those of the course, and measure them
	@$(BIN)/python -m resnet_data.training adopt
	@$(MAKE) --no-print-directory evaluate

evaluate: $(READY) ## measure the course's model on all test sets that are here
	@$(BIN)/python -m resnet_data.training evaluate

lock: $(READY) ## write requirements.txt and environment.yml (UPGRADE=1: newer versions)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python .make/lock.py $(if $(UPGRADE),--upgrade)

setup: $(READY) system ## make .venv, nothing else

torch: $(READY) ## install PyTorch for the second half of lesson 5
	@rm -f .venv/.torch
	@$(MAKE) --no-print-directory .venv/.torch

clean: ## remove what runs have made, submissions and marks of a class excepted
	@rm -rf course/demo build dist .pytest_cache .ruff_cache .hypothesis
	@[ ! -d course ] || find course -type d -empty -delete
	@[ ! -d course ] || \
	    echo "Kept course/: submissions, marks, the secret and your copies of lessons are yours to remove."
	@find . -path ./.venv -prune -o -type d \
	    \( -name __pycache__ -o -name .ipynb_checkpoints \) -exec rm -rf {} +

distclean: clean ## remove .venv too
	@rm -rf .venv

.venv/.locked: requirements.txt
	@sh .make/setup.sh venv

$(READY): pyproject.toml .venv/.locked
	@sh .make/setup.sh project

# Tried once for an environment, as what follows.
.venv/.torch: | $(READY)
	@sh .make/setup.sh torch
	@touch $@

# Tried once for an environment: where it failed, `grader doctor` says what lacks.
system: | $(READY)
	@if [ -n "$(strip $(SYSTEM))" ] && [ ! -e .venv/.system ]; then \
	    sh .make/system.sh $(SYSTEM) || touch .venv/.system; fi

browser: | $(READY)
	@if [ -n "$(BROWSER)" ] && [ ! -e .venv/.browser ]; then \
	    sh .make/system.sh $(BROWSER) || touch .venv/.browser; fi

server: | $(READY)
	@if [ -n "$(SERVER)" ] && [ ! -e .venv/.server ]; then \
	    sh .make/system.sh $(SERVER) || touch .venv/.server; fi
