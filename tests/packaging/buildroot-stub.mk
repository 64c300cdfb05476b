# SPDX-License-Identifier: GPL-2.0-only
# What Buildroot would define before it reads a package's .mk file, as far as ours
# uses it.

empty :=
sep = $(empty)
MAKE_ENV = PATH="$(PATH)"
TARGET_MAKE_ENV = $(MAKE_ENV)
TARGET_CONFIGURE_OPTS = CC="gcc" CFLAGS="-O2" LDFLAGS=""
INSTALL = install
TARGET_DIR = /nowhere
# These are names of macros that the package evaluates; here they leave a mark.
kernel-module = evaluated += kernel-module
generic-package = evaluated += generic-package

include $(BR2_EXTERNAL_CMA_BULK_PATH)/external.mk

.PHONY: tool
print-%:
	@echo "$(strip $($*))"

tool: @D := $(CMA_BULK_SITE)
tool:
	$(CMA_BULK_BUILD_CMDS)
	$(CMA_BULK_INSTALL_TARGET_CMDS)
