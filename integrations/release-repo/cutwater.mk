# Generating, formatting and checking this repository with Cutwater, without containers.
#
# `include cutwater.mk` at the end of the Makefile. The targets and what they do are those of openshift/release; WHAT limits
# them to a part:
#
#     make jobs WHAT=openshift/installer
#     make update WHAT=ci-operator/step-registry/ipi
#
# CUTWATER is the program. What is written here is kept up to date by `cutwater init`, unless somebody changed it.

CUTWATER ?= cutwater

# An organisation, ORG/REPO, or a path.
cutwater_paths := $(foreach what,$(WHAT),$(if $(wildcard $(what)),$(what),ci-operator/config/$(what)))

.PHONY: update jobs ci-operator-config ci-operator-checkconfig prow-config registry-metadata checkconfig check-config lint

# Jobs generated, everything in canonical form: jobs, ci-operator-config, prow-config and registry-metadata in one run.
update:
	$(CUTWATER) update $(cutwater_paths)

# Job files from configs.
jobs:
	$(CUTWATER) jobs $(cutwater_paths)

# Configs in canonical form.
ci-operator-config:
	$(CUTWATER) fmt $(or $(cutwater_paths),ci-operator/config)

# Prow's configuration and that of its plugins in canonical form, split by organisation and repository.
prow-config:
	$(CUTWATER) fmt core-services/prow/02_config

# The list of the step registry's owners.
registry-metadata:
	$(CUTWATER) fmt ci-operator/step-registry

# What is wrong with configs, jobs, the registry and Prow's configuration. All three of openshift/release look at parts of it.
checkconfig ci-operator-checkconfig check-config:
	$(CUTWATER) check $(cutwater_paths)

# What the presubmit says of the changes since BASE.
BASE ?= origin/HEAD
lint:
	$(CUTWATER) check --base $(BASE)
