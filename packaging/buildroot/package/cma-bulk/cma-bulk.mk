################################################################################
#
# cma-bulk
#
################################################################################
# SPDX-License-Identifier: GPL-2.0-only

# Built of the tree that this file is in, which is copied: there is no archive that
# a hash would be of. See cma-bulk.hash for one that is downloaded.
CMA_BULK_SITE = $(realpath $(BR2_EXTERNAL_CMA_BULK_PATH)/../..)
CMA_BULK_SITE_METHOD = local
CMA_BULK_VERSION = $(shell cat $(CMA_BULK_SITE)/VERSION)
CMA_BULK_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = --exclude=/build \
	--exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
	--exclude='.*.cmd' --exclude=generated --exclude=modules.order
CMA_BULK_LICENSE = GPL-2.0
CMA_BULK_LICENSE_FILES = LICENSE

define CMA_BULK_LINUX_CONFIG_FIXUPS
	$(call KCONFIG_ENABLE_OPT,CONFIG_CMA)
	$(call KCONFIG_ENABLE_OPT,CONFIG_DMA_CMA)
	$(call KCONFIG_ENABLE_OPT,CONFIG_DEBUG_FS)
endef

ifeq ($(BR2_PACKAGE_CMA_BULK_TOOL),y)
CMA_BULK_DEPENDENCIES += host-pkgconf json-c kmod

define CMA_BULK_BUILD_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) $(TARGET_CONFIGURE_OPTS) -C $(@D)/tools \
		OUT=$(@D)/tool-target
endef

define CMA_BULK_INSTALL_TARGET_CMDS
	$(INSTALL) -D -m 0755 $(@D)/tool-target/cma-bulk $(TARGET_DIR)/usr/sbin/cma-bulk
endef
endif

$(eval $(kernel-module))
$(eval $(generic-package))
